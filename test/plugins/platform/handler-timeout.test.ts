// The handler timeout: the routes without one wait only for things that have a timeout of their own.
import type { RouteOptions } from 'fastify';
import t from 'tap';
import { testApp } from '../../support/app.js';

t.test('every route has ten seconds, except those that wait only for the database', async (t) => {
  const { routes } = await testApp(t);
  const named = (each: RouteOptions) => `${[each.method].flat().join()} ${each.url}`;
  const without = routes.filter(({ handlerTimeout }) => handlerTimeout === undefined).map(named);
  t.strictSame(without.filter((name) => !name.startsWith('HEAD')).sort(), [
    'DELETE /api/me/sessions',
    'DELETE /api/me/sessions/:id',
    'GET /api/me',
    'GET /api/me/account',
    'GET /api/me/export',
    'GET /api/me/sessions',
    'GET /api/verify',
    'POST /api/login/email',
    'POST /api/login/email/verify',
    'POST /api/login/passkey',
    'POST /api/login/passkey/options',
    'POST /api/login/second-factor',
    'POST /api/logout',
    'POST /api/logout/all',
    'POST /api/refresh',
  ]);
  const others = routes.filter(({ handlerTimeout }) => handlerTimeout !== undefined);
  t.ok(others.length > 40);
  t.ok(others.every(({ handlerTimeout }) => handlerTimeout === 10_000));
});
