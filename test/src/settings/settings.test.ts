// Live settings on real instances: the source of a value, how a change reaches every instance, and invalid values.
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { buildApp } from '#app.js';
import { ConfigurationError } from '#platform/config/config.js';
import { type TestApp, testApp, testAppOn, testConfiguration } from '../../support/app.js';
import { testDatabase } from '../../support/database.js';
import { rowsOf } from '../../support/rows.js';
import { resetSetting, setSetting } from '../../support/settings.js';
import { until } from '../../support/until.js';

/** Two instances on one database, and its rows. */
async function pair(t: Test) {
  const one = await testApp(t);
  return { one, two: await testAppOn(t, one.databaseUrl), rows: rowsOf(t, one.databaseUrl) };
}

const lifetime = ({ app }: TestApp) => app.settings.get('ACCESS_TOKEN_LIFETIME');
const sees = (on: TestApp, value: number) => until(`the instance sees ${value}`, () => lifetime(on) === value);
const reports = (on: TestApp) => on.logLines().filter(({ msg }) => msg === 'a row of the settings table is ignored');

/** Changes the table without the service and without a notification, as a restored backup or a newer version does. */
async function write(rows: postgres.Sql, value: unknown, name = 'ACCESS_TOKEN_LIFETIME'): Promise<void> {
  nextVersion += 1;
  await rows`
    insert into settings (name, value, version, updated_by)
    values (${name}, ${JSON.stringify(value)}::text::jsonb, ${nextVersion}, 'sql')
    on conflict (name) do update set value = excluded.value, version = excluded.version, updated_by = 'sql'`;
}
let nextVersion = 1_000_000;

const notify = (rows: postgres.Sql) => rows`select pg_notify('latchkey_settings', '')`;

/** The backends that LISTEN in the database of `rows`. */
const listeners = async (rows: postgres.Sql): Promise<number[]> =>
  (
    await rows`
      select pid from pg_stat_activity
      where datname = current_database() and query ilike 'listen%' and pid <> pg_backend_pid()`
  ).map(({ pid }) => pid);

t.test('a value comes from the database, otherwise from the environment, otherwise from the registry', async (t) => {
  const service = await testApp(t, {
    env: { SETTING_ACCESS_TOKEN_LIFETIME: '60', SETTING_REQUIRE_CURRENT_PASSWORD: 'true' },
  });
  const { settings } = service.app;
  t.match(settings.describe('ACCESS_TOKEN_LIFETIME'), { value: 60, source: 'environment' });
  t.match(settings.describe('REQUIRE_CURRENT_PASSWORD'), { value: true, source: 'environment' });
  t.match(settings.describe('REFRESH_TOKEN_LIFETIME'), { value: 2_592_000, source: 'default' });
  await setSetting(service.app, 'ACCESS_TOKEN_LIFETIME', 90, 'operator');
  t.match(settings.describe('ACCESS_TOKEN_LIFETIME'), {
    value: 90,
    source: 'database',
    updatedBy: 'cli:operator',
    version: 1,
    default: 60,
    updatedAt: Date,
  });
  await resetSetting(service.app, 'ACCESS_TOKEN_LIFETIME', 'operator');
  t.match(settings.describe('ACCESS_TOKEN_LIFETIME'), { value: 60, source: 'environment', updatedBy: undefined });
});

t.test('an invalid default in the environment stops the start with one line that says why', async (t) => {
  const databaseUrl = await testDatabase(t);
  const wrong = {
    SETTING_ACCESS_TOKEN_LIFETIME: ['0', '-1', '1e12', '1.5', 'abc', '"30"', 'true', 'null', '86401'],
    SETTING_REQUIRE_CURRENT_PASSWORD: ['yes', '1', '"true"', 'TRUE'],
    SETTING_NO_SUCH: ['1'],
    SETTING_access_token_lifetime: ['30'],
    SETTING___proto__: ['1'],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      const starting = buildApp(testConfiguration(databaseUrl, { LOG_LEVEL: 'silent', [name]: value }));
      const error = await starting.then(
        (app) => app.close(),
        (reason: unknown) => reason,
      );
      t.ok(error instanceof ConfigurationError, `${name}=${value}`);
      t.match((error as Error | undefined)?.message, new RegExp(`^${name}\\b.+$`), `${name}=${value}`);
    }
  }
});

t.test('an instance that cannot read the settings does not start with defaults', async (t) => {
  const databaseUrl = await testDatabase(t);
  await rowsOf(t, databaseUrl)`alter table settings rename column value to renamed`;
  const start = () => buildApp(testConfiguration(databaseUrl, { LOG_LEVEL: 'silent' }));
  await t.rejects(start(), { message: /"settings"/ });
});

t.test('a change takes effect on every instance, and is recorded with its author and time', async (t) => {
  const { one, two, rows } = await pair(t);
  await setSetting(one.app, 'ACCESS_TOKEN_LIFETIME', 60, 'alice');
  t.equal(lifetime(one), 60, 'at once where it was made');
  await sees(two, 60);
  await setSetting(two.app, 'ACCESS_TOKEN_LIFETIME', 90, 'bob');
  await sees(one, 90);
  await resetSetting(one.app, 'ACCESS_TOKEN_LIFETIME', 'carol');
  await sees(two, 30);
  const history = await rows`select name, value, changed_by from settings_history order by id`;
  t.strictSame(
    history.map(({ value, changed_by: by }) => [value, by]),
    [
      [60, 'cli:alice'],
      [90, 'cli:bob'],
      [null, 'cli:carol'],
    ],
  );
  t.equal((await rows`select 1 from settings`).length, 0);
});

t.test('after many concurrent changes by two instances, both have the value in the table', async (t) => {
  const { one, two, rows } = await pair(t);
  await Promise.all(
    Array.from({ length: 20 }, (_, i) => setSetting((i % 2 === 0 ? one : two).app, 'ACCESS_TOKEN_LIFETIME', 100 + i)),
  );
  const [row] = await rows`select value, version from settings`;
  for (const on of [one, two]) await sees(on, row?.value);
  const [last] = await rows`select id, value from settings_history order by id desc limit 1`;
  t.strictSame([row?.value, row?.version], [last?.value, last?.id], 'it is the last entry of the history');
});

t.test('an invalid value or name is rejected, and nothing is written', async (t) => {
  const service = await testApp(t);
  const rows = rowsOf(t, service.databaseUrl);
  for (const value of [0, -1, 1e12, 1.5, '30', 'abc', true, undefined, [], {}]) {
    await t.rejects(
      setSetting(service.app, 'ACCESS_TOKEN_LIFETIME', value),
      { code: 'validation_failed' },
      String(value),
    );
  }
  const unknown = { code: 'setting_not_found' };
  for (const name of ['NO_SUCH', '__proto__', '', 'access_token_lifetime']) {
    await t.rejects(setSetting(service.app, name, 30), unknown, name);
    await t.rejects(resetSetting(service.app, name), unknown, name);
    t.throws(() => service.app.settings.describe(name), unknown, name);
  }
  t.equal((await rows`select 1 from settings_history`).length, 0);
  t.equal(lifetime(service), 30);
});

t.test('an invalid row is reported once and ignored; the last valid value stays in effect', async (t) => {
  const { one, two, rows } = await pair(t);
  await setSetting(one.app, 'ACCESS_TOKEN_LIFETIME', 60);
  await sees(two, 60);
  const bad = [0, -1, 1e12, 'abc', '45', null, true, [], { value: 45 }];
  for (const [i, value] of bad.entries()) {
    await write(rows, value);
    await notify(rows);
    for (const on of [one, two]) {
      await until(`${JSON.stringify(value)} is reported`, () => reports(on).length === i + 1);
      t.equal(lifetime(on), 60, JSON.stringify(value));
    }
  }
  for (let i = 0; i < 5; i += 1) for (const { app } of [one, two]) await app.settings.reload();
  for (const on of [one, two]) t.equal(reports(on).length, bad.length, 'each once');
  t.match(reports(one)[0], { level: 'error', setting: 'ACCESS_TOKEN_LIFETIME', wrong: /^must be an integer/ });
  await write(rows, 75);
  await notify(rows);
  for (const on of [one, two]) await sees(on, 75);
});

t.test('an invalid row, or one of another version, does not affect other settings', async (t) => {
  const { one, rows } = await pair(t);
  await write(rows, 'abc');
  await write(rows, 1, 'SETTING_OF_THE_FUTURE');
  await write(rows, 16, 'PASSWORD_MIN_LENGTH');
  await notify(rows);
  await until('the valid row takes effect', () => one.app.settings.get('PASSWORD_MIN_LENGTH') === 16);
  t.equal(lifetime(one), 30, 'the default, since there was no valid value before');
  t.strictSame(
    reports(one).map(({ setting, wrong }) => [setting, wrong]),
    [
      ['ACCESS_TOKEN_LIFETIME', 'must be an integer from 1 to 86400 seconds'],
      ['SETTING_OF_THE_FUTURE', 'is not a setting of this version'],
    ],
  );
  const late = await testAppOn(t, one.databaseUrl);
  t.equal(lifetime(late), 30, 'an instance that starts now has the default');
  t.equal(late.app.settings.get('PASSWORD_MIN_LENGTH'), 16);
});

t.test('a change without a notification is found by polling', async (t) => {
  const { one, two, rows } = await pair(t);
  await write(rows, 60);
  for (const on of [one, two]) await sees(on, 60);
});

t.test('without LISTEN, changes arrive by polling', async (t) => {
  const one = await testApp(t);
  const pooled = await testAppOn(t, one.databaseUrl, { env: { DATABASE_POOLER: 'transaction' } });
  const rows = rowsOf(t, one.databaseUrl);
  await until('one listens', async () => (await listeners(rows)).length === 1);
  await setSetting(one.app, 'ACCESS_TOKEN_LIFETIME', 60);
  await sees(pooled, 60);
  t.equal((await listeners(rows)).length, 1, 'the other instance does not listen');
});

t.test('an instance that loses its LISTEN connection listens again and misses no change', async (t) => {
  const { one, two, rows } = await pair(t);
  await until('both listen', async () => (await listeners(rows)).length === 2);
  for (const value of [60, 61, 62, 63]) {
    const before = await listeners(rows);
    // The notification is sent while no instance listens.
    await rows.begin(async (transaction) => {
      await transaction`select pg_terminate_backend(pid) from unnest(${before}::int[]) as pid`;
      await write(transaction as unknown as postgres.Sql, value);
      await transaction`select pg_notify('latchkey_settings', '')`;
    });
    for (const on of [one, two]) await sees(on, value);
    await until('both listen anew', async () => {
      const now = await listeners(rows);
      return now.length === 2 && now.every((pid) => !before.includes(pid));
    });
  }
});

t.test('an instance that cannot listen again polls, and listens once it can', async (t) => {
  const service = await testApp(t);
  const rows = rowsOf(t, service.databaseUrl);
  const [first] = await until('it listens', async () => {
    const found = await listeners(rows);
    return found.length === 1 && found;
  });
  const name = new URL(service.databaseUrl).pathname.slice(1);
  const admin = postgres(process.env.TEST_DATABASE_URL ?? '', { max: 1, onnotice: () => {} });
  t.teardown(() => admin.end());
  // Opens a connection for each watched table and one more: open connections stay, but no new one is accepted.
  await Promise.all(Array.from({ length: 4 }, () => service.app.db.execute('select pg_sleep(0.3)')));
  await admin.unsafe(`alter database ${name} allow_connections false`);
  await rows`select pg_terminate_backend(${first ?? 0})`;
  await write(rows, 60);
  await sees(service, 60);
  await until('it has tried', () =>
    service.logLines().some(({ msg }) => msg === 'LISTEN failed: changes are noticed by polling only'),
  );
  await admin.unsafe(`alter database ${name} allow_connections true`);
  await until('it listens again', async () => (await listeners(rows)).length === 1);
});

t.test('while the database is unavailable, the last values stay in effect and no change is accepted', async (t) => {
  const service = await testApp(t);
  await setSetting(service.app, 'ACCESS_TOKEN_LIFETIME', 60);
  const admin = postgres(process.env.TEST_DATABASE_URL ?? '', { max: 1, onnotice: () => {} });
  t.teardown(() => admin.end());
  await admin.unsafe(`drop database ${new URL(service.databaseUrl).pathname.slice(1)} with (force)`);
  const warnings = () =>
    service.logLines().filter(({ msg }) => msg === 'settings cannot be read: the cached ones stay in use');
  await until('it is noticed', () => warnings().length > 0);
  t.equal(lifetime(service), 60);
  await t.rejects(setSetting(service.app, 'ACCESS_TOKEN_LIFETIME', 90));
  await t.rejects(service.app.settings.reload());
  t.equal(lifetime(service), 60);
  t.equal(warnings().length, 1, 'it is logged once');
});
