// The service does not start on a database that may lose acknowledged commits, and reports one that becomes unsafe.
import t from 'tap';
import { TEST_SECRET, testAppOn } from '../support/app.js';
import { matchAll } from '../support/match.js';
import { ownPostgres } from '../support/own-postgres.js';
import { isProblem } from '../support/problem.js';
import { freePort, runCommand, serviceEnvironment, startService, tokensOf } from '../support/service.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

const SETTINGS: Readonly<Record<string, RegExp>> = {
  fsync: /fsync off: a crash of the machine can destroy the database; turn on/,
  full_page_writes: /full_page_writes off: a crash of the machine can destroy the database; turn on/,
  synchronous_commit: /synchronous_commit off: a crash can undo acknowledged changes, such as a logout; turn it on/,
};

async function doctorOn(url: string): Promise<string | undefined> {
  const env = { DATABASE_URL: url, AUTH_SECRET: TEST_SECRET };
  const { stdout } = await runCommand(['doctor', '--json'], env);
  const findings = JSON.parse(stdout) as { check: string; status: string; message: string }[];
  const found = findings.find(({ check }) => check === 'durability');
  return found && `${found.status}: ${found.message}`;
}

t.test('each unsafe setting stops the start with one line, unless DATABASE_DURABILITY=any allows it', async (t) => {
  const database = await ownPostgres(t);
  const url = database.url();
  for (const [name, line] of Object.entries(SETTINGS)) {
    await database.configure(name, 'off');
    const { code, stderr } = await runCommand(['serve'], serviceEnvironment(url, await freePort()));
    t.equal(code, 1, name);
    t.match(stderr, line);
    matchAll(t, stderr, /^latchkey: the database is not safe: [^\n]+DATABASE_DURABILITY=any\n$/, 'one line');
    const said = await doctorOn(url);
    t.match(said, line, 'the doctor reports the same');
    t.match(said, /^fail: /);
    await database.configure(name, 'on');
  }
  await database.configure('fsync', 'off');
  const careless = await startService(t, url, { DATABASE_DURABILITY: 'any' });
  await until('the log reports it', () => careless.logLines().some(({ level }) => level === 'error'));
  matchAll(
    t,
    careless.logLines().filter(({ event }) => event === 'database_durability'),
    [{ level: 'error', msg: SETTINGS.fsync }],
  );
  await careless.stop('SIGINT');

  await database.configure('fsync', 'on');
  const service = await startService(t, url);
  await service.stop('SIGINT');
  t.strictSame(
    service.logLines().filter(({ event }) => event === 'database_durability'),
    [],
    'a safe database is not reported',
  );
  t.equal(await doctorOn(url), 'ok: a commit survives a crash');
});

t.test('a database that becomes unsafe is reported once, and so is its recovery', async (t) => {
  const database = await ownPostgres(t);
  const { app, logLines } = await testAppOn(t, database.url());
  const said = () =>
    logLines()
      .filter(({ event }) => event === 'database_durability')
      .map(({ level, msg }) => `${level}: ${msg}`);
  /** A configuration reload reaches each connection at a different time. */
  const untilSaid = (count: number) =>
    until('it is said', async () => {
      await app.durability.check();
      return said().length >= count;
    });

  await app.durability.check();
  t.strictSame(said(), []);
  await database.configure('fsync', 'off');
  await untilSaid(1);
  await app.durability.check();
  await database.configure('fsync', 'on');
  await untilSaid(2);
  await app.durability.check();
  await database.configure('synchronous_commit', 'local');
  await untilSaid(3);
  const found = said();
  t.match(found[0], SETTINGS.fsync);
  t.match(found[0], /^error: /);
  t.equal(found[1], 'info: commits to the database survive a crash again');
  t.match(found[2], /^warn: synchronous_commit is local/);
  t.equal(found.length, 3);
});

t.test(
  'the service does not start on a standby; when its database becomes one, it reads, writes nothing and is not ready',
  async (t) => {
    const database = await ownPostgres(t);
    const proxy = await startTcpProxy(t, database.url());
    const service = await startService(t, proxy.url, { SETTING_ACCESS_TOKEN_LIFETIME: '3600' });
    await service.register('user@example.com');
    const { access_token: access, refresh_token: refresh } = tokensOf(await service.login('user@example.com'));

    const standby = await database.becomeStandby();
    proxy.redirect(standby);
    await until('reads work', async () => (await service.me(access)).statusCode === 200);
    isProblem(t, await service.call('GET', '/readyz'), 'database_unavailable', 'ready');
    isProblem(t, await service.refresh(refresh), 'database_unavailable', 'refresh');
    isProblem(t, await service.register('other@example.com'), 'database_unavailable', 'register');

    for (const env of [{}, { DATABASE_DURABILITY: 'any' }]) {
      const { code, stderr } = await runCommand(['serve'], {
        ...serviceEnvironment(standby, await freePort()),
        ...env,
      });
      t.equal(code, 1);
      t.match(stderr, /^latchkey: the database cannot be used: this server is a standby, [^\n]+ the primary\n$/);
    }
    t.match(await doctorOn(standby), /^fail: this server is a standby/);
  },
);

t.test('the service does not start with a read-only role', async (t) => {
  const database = await ownPostgres(t);
  await database.configure('default_transaction_read_only', 'on');
  const { code, stderr } = await runCommand(['serve'], serviceEnvironment(database.url(), await freePort()));
  t.equal(code, 1);
  matchAll(t, stderr, /^latchkey: the database cannot be used: default_transaction_read_only is on, [^\n]+\n$/);
});
