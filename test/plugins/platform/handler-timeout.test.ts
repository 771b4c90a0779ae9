// The handler timeout: the routes without one wait only for things that have a timeout of their own.
import type { RouteOptions } from 'fastify';
import t from 'tap';
import { testApp } from '../../support/app.js';

t.test('every route has a timeout of ten seconds, except the three most frequently called', async (t) => {
  const { app } = await testApp(t);
  const named = (each: RouteOptions) => `${[each.method].flat().join()} ${each.url}`;
  const without = app.routes.filter(({ handlerTimeout }) => handlerTimeout === undefined).map(named);
  t.strictSame(without.filter((name) => !name.startsWith('HEAD')).sort(), [
    'GET /api/me',
    'GET /api/verify',
    'POST /api/refresh',
  ]);
  const others = app.routes.filter(({ handlerTimeout }) => handlerTimeout !== undefined);
  t.ok(others.length > 40);
  t.ok(others.every(({ handlerTimeout }) => handlerTimeout === 10_000));
});
