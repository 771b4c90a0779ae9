// A route without declared access stops the start of the service.
import Fastify from 'fastify';
import t, { type Test } from 'tap';
import access from '../../plugins/api/access.js';
import audit from '../../plugins/audit.js';
import keys from '../../plugins/keys.js';
import db from '../../plugins/platform/db.js';
import deadline from '../../plugins/platform/handler-timeout.js';
import watch from '../../plugins/platform/table-watcher.js';
import roles from '../../plugins/roles.js';
import sessions from '../../plugins/sessions.js';
import settings from '../../plugins/settings.js';
import tokens from '../../plugins/tokens.js';
import { testConfiguration } from '../support/app.js';
import { testDatabase } from '../support/database.js';

/** An app with the plugins that guard routes, and no routes yet. */
async function guarded(t: Test) {
  const app = Fastify();
  app.decorate('config', testConfiguration(await testDatabase(t)));
  app.decorate('now', Date.now);
  t.teardown(() => app.close());
  for (const plugin of [deadline, db, watch, audit, settings, keys, tokens, roles, sessions, access])
    await app.register(plugin);
  return app;
}

t.test('a route without config.access stops the start with an error that names it', async (t) => {
  const app = await guarded(t);
  app.get('/public', { config: { access: 'public' } }, async () => 'x');
  app.get('/forgotten', async () => 'x');
  app.route({ method: 'POST', url: '/forgotten-too', config: {}, handler: async () => 'x' });
  await t.rejects(async () => await app.ready(), { message: /config\.access: .*\/forgotten\b.*\/forgotten-too/ });
});

t.test('a route of a nested plugin without config.access stops the start too', async (t) => {
  const app = await guarded(t);
  await app.register(async (inner) => inner.get('/hidden', async () => 'x'), { prefix: '/inner' });
  await t.rejects(async () => await app.ready(), { message: /config\.access: .*\/inner\/hidden/ });
});

t.test('an app whose routes all declare their access starts and guards them', async (t) => {
  const app = await guarded(t);
  app.get('/public', { config: { access: 'public' } }, async () => 'x');
  app.get('/user', { config: { access: 'user' } }, async () => 'x');
  await app.ready();
  t.equal((await app.inject('/public')).statusCode, 200);
  t.equal((await app.inject('/user')).statusCode, 401, 'the route for users is guarded');
});
