// Every route declares its access, or the service does not start.
import Fastify from 'fastify';
import t, { type Test } from 'tap';
import access from '../../plugins/api/access.js';
import authentication from '../../plugins/api/authentication.js';
import audit from '../../plugins/audit.js';
import keys from '../../plugins/keys.js';
import mail from '../../plugins/mail.js';
import notices from '../../plugins/notices.js';
import passwords from '../../plugins/passwords.js';
import db from '../../plugins/platform/db.js';
import errors from '../../plugins/platform/errors.js';
import handlerTimeout from '../../plugins/platform/handler-timeout.js';
import metrics from '../../plugins/platform/metrics.js';
import overload from '../../plugins/platform/overload.js';
import replica from '../../plugins/platform/replica.js';
import routeRegistry from '../../plugins/platform/route-registry.js';
import tableWatcher from '../../plugins/platform/table-watcher.js';
import tracing from '../../plugins/platform/tracing.js';
import quotas from '../../plugins/quotas.js';
import roles from '../../plugins/roles.js';
import secondFactors from '../../plugins/second-factors.js';
import sessions from '../../plugins/sessions.js';
import settings from '../../plugins/settings.js';
import throttles from '../../plugins/throttles.js';
import tokens from '../../plugins/tokens.js';
import { testConfiguration } from '../support/app.js';
import { testDatabase } from '../support/database.js';

/** An application with the plugins that guard routes, and no routes yet. */
async function guarded(t: Test) {
  const app = Fastify();
  app.decorate('config', testConfiguration(await testDatabase(t)));
  app.decorate('now', Date.now);
  app.decorate('tracing', undefined);
  t.teardown(() => app.close());
  const platform = [handlerTimeout, routeRegistry, errors, tracing, overload, metrics, db, replica, tableWatcher];
  for (const plugin of [
    ...platform,
    audit,
    settings,
    mail,
    throttles,
    quotas,
    notices,
    keys,
    tokens,
    roles,
    sessions,
    passwords,
    secondFactors,
    authentication,
    access,
  ])
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

t.test('a route of a nested plugin is no exception', async (t) => {
  const app = await guarded(t);
  await app.register(async (inner) => inner.get('/hidden', async () => 'x'), { prefix: '/inner' });
  await t.rejects(async () => await app.ready(), { message: /config\.access: .*\/inner\/hidden/ });
});

t.test('a service whose routes all declare their access starts', async (t) => {
  const app = await guarded(t);
  app.get('/public', { config: { access: 'public' } }, async () => 'x');
  app.get('/user', { config: { access: 'user' } }, async () => 'x');
  await app.ready();
  t.equal((await app.inject('/public')).statusCode, 200);
  t.equal((await app.inject('/user')).statusCode, 401, 'the route for users requires a token');
});
