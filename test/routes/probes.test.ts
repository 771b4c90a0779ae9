// /livez, /readyz and /startupz: what they answer, and what they say is wrong.
import { mock } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'drizzle-orm';
import t from 'tap';
import { testApp } from '../support/app.js';
import { until } from '../support/until.js';

type Inject = Awaited<ReturnType<typeof testApp>>['inject'];

const probe = async (inject: Inject, url: string) => {
  const response = await inject({ url });
  return { status: response.statusCode, body: response.json() };
};

t.test('a healthy instance answers every probe with ok, and nothing else', async (t) => {
  const { inject } = await testApp(t);
  for (const url of ['/livez', '/readyz', '/startupz', '/livez/', '/readyz/', '/startupz/']) {
    t.strictSame(await probe(inject, url), { status: 200, body: { status: 'ok' } }, url);
  }
});

t.test('draining: not ready, but alive', async (t) => {
  const { app, inject } = await testApp(t);
  app.readiness.drain();
  const { status, body } = await probe(inject, '/readyz');
  t.strictSame([status, body.code, body.reason], [503, 'shutting_down', 'draining']);
  t.equal((await probe(inject, '/livez')).status, 200);
});

t.test(
  'a database without an answer, or that accepts no writes, is named; the other probes do not ask it',
  async (t) => {
    const { inject, databaseUrl } = await testApp(t);
    const name = new URL(databaseUrl).pathname.slice(1);
    const admin = await testApp(t);
    const alter = (statement: string) => admin.app.db.execute(sql.raw(statement));
    const end = () =>
      admin.app.db.execute(sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`);
    const reasonIs = (reason: string | undefined) =>
      until(`the reason is ${reason}`, async () => {
        // Repeatedly: a connection that is being opened is not listed yet.
        if (reason !== undefined) await end();
        const { body } = await probe(inject, '/readyz');
        return body.reason === reason && (reason === undefined || body.code === 'database_unavailable');
      });

    await alter(`alter database "${name}" set default_transaction_read_only = on`);
    await reasonIs('read-only');
    await alter(`alter database "${name}" reset default_transaction_read_only`);
    await alter(`alter database "${name}" allow_connections false`);
    await reasonIs('database');
    t.equal((await probe(inject, '/livez')).status, 200);
    t.equal((await probe(inject, '/startupz')).status, 200);
    await alter(`alter database "${name}" allow_connections true`);
    await reasonIs(undefined);
  },
);

t.test('what does not work although the instance serves is named', async (t) => {
  const { app, inject } = await testApp(t);
  await app.db.execute(sql`update signing_keys set private_key = '\\x00' where state = 'next'`);
  await app.keys.reload();
  t.strictSame(await probe(inject, '/readyz'), { status: 200, body: { status: 'ok', degraded: ['keys'] } });

  const now = performance.now.bind(performance);
  await until('settings that were not read for a minute are named too', async () => {
    const later = mock.method(performance, 'now', () => now() + 61_000);
    const { status, body } = await probe(inject, '/readyz');
    later.mock.restore();
    // Unless they have just been read.
    return status === 200 && isDeepStrictEqual(body, { status: 'ok', degraded: ['settings', 'keys'] });
  });
});
