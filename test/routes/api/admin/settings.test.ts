// /api/admin/settings/: access, validation, concurrent changes, history and the audit log.
import t, { type Test } from 'tap';
import { registry, settingNames } from '#settings/registry.js';
import { makeAdmin } from '../../../support/admin.js';
import { testApp, testAppOn } from '../../../support/app.js';
import { matchAll } from '../../../support/match.js';
import { isProblem } from '../../../support/problem.js';
import { rowsOf } from '../../../support/rows.js';
import { claimsOf } from '../../../support/service.js';
import { resetSetting, setSetting } from '../../../support/settings.js';
import { until } from '../../../support/until.js';

const SETTINGS = '/api/admin/settings/';
const LIFETIME = `${SETTINGS}ACCESS_TOKEN_LIFETIME/`;

/** A service, and calls by its administrator. */
async function administered(t: Test, env: Record<string, string> = {}) {
  const service = await testApp(t, { env });
  const { userId, accessToken } = await makeAdmin(t, service);
  // The test may change the lifetime of tokens, which does not affect this one.
  const headers = { authorization: `Bearer ${accessToken}` };
  const call = (method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, payload?: object) =>
    service.inject({ method, url, headers, ...(payload && { payload }) });
  const put = (value: unknown, version: number, url = LIFETIME) => call('PUT', url, { value, version });
  const history = async (query = '') => (await call('GET', `${LIFETIME}history/${query}`)).json();
  return { ...service, call, put, history, userId, headers, rows: rowsOf(t, service.databaseUrl) };
}

/** Every operation on settings, instances and the overview. */
const OPERATIONS: readonly [method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, payload?: object][] = [
  ['GET', SETTINGS],
  ['GET', LIFETIME],
  ['PUT', LIFETIME, { value: 60, version: 0 }],
  ['DELETE', `${LIFETIME}?version=0`],
  ['GET', `${LIFETIME}history/`],
  ['POST', `${LIFETIME}rollback/`, { to: 0, version: 0 }],
  ['GET', '/api/admin/instances/'],
  ['GET', '/api/admin/overview/'],
];

t.test('without a token the response is 401, without the role 403, and nothing changes', async (t) => {
  const service = await testApp(t);
  await service.register();
  const { access_token: token } = await service.login();
  for (const [method, url, payload] of OPERATIONS) {
    const request = { method, url, ...(payload && { payload }) };
    isProblem(t, await service.inject(request), 'missing_token', `${method} ${url}`);
    const headers = { authorization: `Bearer ${token}` };
    isProblem(t, await service.inject({ ...request, headers }), 'forbidden', `${method} ${url}`);
  }
  t.equal((await rowsOf(t, service.databaseUrl)`select 1 from settings_history`).length, 0);
});

t.test('the permission to read does not include writing', async (t) => {
  const service = await testApp(t);
  const { id } = (await service.register()).json();
  const rows = rowsOf(t, service.databaseUrl);
  await rows`insert into roles (name, permissions) values ('reader', '{settings:read}')`;
  await rows`update users set roles = '{reader}' where id = ${id}`;
  const headers = { authorization: `Bearer ${(await service.login()).access_token}` };
  for (const [method, url, payload] of OPERATIONS) {
    const answer = await service.inject({ method, url, headers, ...(payload && { payload }) });
    t.equal(answer.statusCode, method === 'GET' ? 200 : 403, `${method} ${url}`);
  }
});

t.test('the list has every setting with everything that a form needs', async (t) => {
  const { call } = await administered(t, { SETTING_PASSWORD_MIN_LENGTH: '8' });
  const list = (await call('GET', SETTINGS)).json();
  t.equal(list.version, 0);
  t.strictSame(
    list.settings.map(({ name }: { name: string }) => name),
    settingNames,
  );
  const byName = Object.fromEntries(list.settings.map((each: { name: string }) => [each.name, each]));
  t.strictSame(byName.ACCESS_TOKEN_LIFETIME, {
    name: 'ACCESS_TOKEN_LIFETIME',
    value: 30,
    default: 30,
    source: 'default',
    type: 'integer',
    unit: 'seconds',
    minimum: 1,
    maximum: 86_400,
    group: 'Tokens',
    description: registry.ACCESS_TOKEN_LIFETIME.description,
    version: 0,
    updated_at: null,
    updated_by: null,
    ignored: null,
  });
  t.match(byName.REQUIRE_CURRENT_PASSWORD, { type: 'boolean', unit: null, minimum: null, maximum: null });
  t.match(byName.PASSWORD_MIN_LENGTH, { source: 'environment', default: 8 });
  for (const name of settingNames) {
    t.strictSame((await call('GET', `${SETTINGS}${name}/`)).json(), byName[name], name);
  }
});

t.test(
  'a change takes effect on the next token, and is recorded with its actor, origin and previous value',
  async (t) => {
    const { call, put, login, rows, userId } = await administered(t);
    const lifetime = async () => {
      const { exp, iat } = claimsOf(await login('admin@example.com'));
      return Number(exp) - Number(iat);
    };
    const changed = await put(60, 0);
    t.match(changed.json(), { value: 60, source: 'database', version: 1, updated_by: `user:${userId}`, default: 30 });
    t.equal(await lifetime(), 60);
    t.match((await put(90, 1)).json(), { value: 90, version: 2 });
    t.match((await call('DELETE', `${LIFETIME}?version=2`)).json(), { value: 30, source: 'default', version: 0 });
    t.equal(await lifetime(), 30);
    t.match((await call('POST', `${LIFETIME}rollback/`, { to: 1, version: 0 })).json(), { value: 60, version: 4 });
    t.equal(await lifetime(), 60);
    t.equal((await call('GET', SETTINGS)).json().version, 4);

    const events = await rows`
    select event, actor_type, actor_id, target_type, target_id, ip, request_id, session_id, details
    from audit_events where event like 'setting.%' order by id`;
    t.strictSame(
      events.map(({ event, details }) => [event, details]),
      [
        ['setting.changed', { from: null, to: 60 }],
        ['setting.changed', { from: 60, to: 90 }],
        ['setting.reset', { from: 90, to: null }],
        ['setting.rolled_back', { from: null, to: 60 }],
      ],
    );
    for (const event of events) {
      t.match(event, {
        actor_type: 'user',
        actor_id: userId,
        target_type: 'setting',
        target_id: 'ACCESS_TOKEN_LIFETIME',
        ip: '127.0.0.1',
        request_id: String,
        session_id: String,
      });
    }
  },
);

t.test('changes from the command line are recorded too', async (t) => {
  const { app, rows, call } = await administered(t);
  await setSetting(app, 'ACCESS_TOKEN_LIFETIME', 45, 'bob');
  await resetSetting(app, 'ACCESS_TOKEN_LIFETIME', 'bob');
  t.strictSame(
    (
      await rows`select event, actor_type, actor_name, details from audit_events where event like 'setting.%' order by id`
    ).map((row) => ({ ...row })),
    [
      { event: 'setting.changed', actor_type: 'cli', actor_name: 'bob', details: { from: null, to: 45 } },
      { event: 'setting.reset', actor_type: 'cli', actor_name: 'bob', details: { from: 45, to: null } },
    ],
  );
  matchAll(t, (await call('GET', `${LIFETIME}history/`)).json().changes, [{ changed_by: 'cli:bob' }, { value: 45 }]);
});

t.test('an invalid request is rejected with the invalid field, and nothing is written', async (t) => {
  const { call, put, rows } = await administered(t);
  const values = [0, -1, 86_401, 1e12, 1.5, '60', 'soon', true, null, [], [60], {}, { value: 60 }, ''];
  for (const value of values) {
    const answer = await put(value, 0);
    isProblem(t, answer, 'validation_failed', JSON.stringify(value));
    matchAll(t, answer.json().errors, [{ path: '/value', message: 'must be an integer from 1 to 86400 seconds' }]);
  }
  for (const value of [0, 1, 'true', null, []]) {
    const answer = await put(value, 0, `${SETTINGS}REQUIRE_CURRENT_PASSWORD/`);
    matchAll(t, answer.json().errors, [{ path: '/value', message: 'must be true or false' }], JSON.stringify(value));
  }
  const malformed: [
    method: 'PUT' | 'POST' | 'DELETE' | 'GET',
    url: string,
    payload: object | undefined,
    path: string,
  ][] = [
    ['PUT', LIFETIME, { version: 0 }, '/value'],
    ['PUT', LIFETIME, { value: 60 }, '/version'],
    ['PUT', LIFETIME, { value: 60, version: '0' }, '/version'],
    ['PUT', LIFETIME, { value: 60, version: -1 }, '/version'],
    ['PUT', LIFETIME, { value: 60, version: 2 ** 31 }, '/version'],
    ['PUT', LIFETIME, { value: 60, version: null }, '/version'],
    ['POST', `${LIFETIME}rollback/`, { version: 0 }, '/to'],
    ['POST', `${LIFETIME}rollback/`, { to: 0.5, version: 0 }, '/to'],
    ['DELETE', LIFETIME, undefined, '/query/version'],
    ['DELETE', `${LIFETIME}?version=`, undefined, '/query/version'],
    ['DELETE', `${LIFETIME}?version=one`, undefined, '/query/version'],
    ['DELETE', `${LIFETIME}?version=-1`, undefined, '/query/version'],
    ['DELETE', `${LIFETIME}?version=0&version=0`, undefined, '/query/version'],
    ['GET', `${LIFETIME}history/?limit=0`, undefined, '/query/limit'],
    ['GET', `${LIFETIME}history/?limit=101`, undefined, '/query/limit'],
    ['GET', `${LIFETIME}history/?limit=x`, undefined, '/query/limit'],
  ];
  for (const [method, url, payload, path] of malformed) {
    const answer = await call(method, url, payload);
    isProblem(t, answer, 'validation_failed', `${method} ${url} ${JSON.stringify(payload)}`);
    t.equal(answer.json().errors[0].path, path, `${method} ${url} ${JSON.stringify(payload)}`);
  }
  t.equal((await rows`select 1 from settings_history`).length, 0);
  t.equal((await rows`select 1 from audit_events where event like 'setting.%'`).length, 0);
});

t.test('other names are not settings', async (t) => {
  const { call } = await administered(t);
  for (const name of ['NO_SUCH', 'access_token_lifetime', '__proto__', 'constructor', 'a%00b', '%F0%9F%98%80']) {
    const at = `${SETTINGS}${name}/`;
    for (const answer of [
      await call('GET', at),
      await call('PUT', at, { value: 60, version: 0 }),
      await call('DELETE', `${at}?version=0`),
      await call('GET', `${at}history/`),
      await call('POST', `${at}rollback/`, { to: 0, version: 0 }),
    ]) {
      isProblem(t, answer, 'setting_not_found', name);
    }
  }
});

t.test('a body that is too large is refused', async (t) => {
  const { call, put } = await administered(t);
  for (const size of [17 * 1024, 2 ** 20]) {
    isProblem(t, await put('x'.repeat(size), 0), 'body_too_large', `${size} bytes`);
    const rollback = await call('POST', `${LIFETIME}rollback/`, { to: 0, version: 0, filler: 'x'.repeat(size) });
    isProblem(t, rollback, 'body_too_large', `${size} bytes`);
  }
});

t.test('a change from an outdated version is rejected', async (t) => {
  const { call, put, rows } = await administered(t);
  await put(60, 0);
  for (const version of [0, 2, 99]) {
    isProblem(t, await put(90, version), 'setting_changed', `PUT ${version}`);
    isProblem(t, await call('DELETE', `${LIFETIME}?version=${version}`), 'setting_changed', `DELETE ${version}`);
    const back = await call('POST', `${LIFETIME}rollback/`, { to: 0, version });
    isProblem(t, back, 'setting_changed', `rollback ${version}`);
  }
  const other = await put(12, 0, `${SETTINGS}PASSWORD_MIN_LENGTH/`);
  t.equal(other.statusCode, 200, 'another setting has a version of its own');
  t.equal((await put(90, 1)).statusCode, 200);
  t.equal((await rows`select 1 from settings_history`).length, 3);
  t.equal((await rows`select 1 from audit_events where event like 'setting.%'`).length, 3);
});

t.test('of concurrent changes to the same version on two instances, exactly one is made', async (t) => {
  const one = await administered(t);
  const two = await testAppOn(t, one.databaseUrl);
  for (let round = 0; round < 10; round += 1) {
    const { version } = (await one.call('GET', LIFETIME)).json();
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        (i % 2 === 0 ? one : two).inject({
          method: 'PUT',
          url: LIFETIME,
          payload: { value: 100 + i, version },
          headers: one.headers,
        }),
      ),
    );
    const made = answers.flatMap(({ statusCode }, i) => (statusCode === 200 ? [100 + i] : []));
    t.equal(made.length, 1, 'one change succeeds');
    t.equal(answers.filter(({ statusCode }) => statusCode === 409).length, 5, 'the others are refused');
    t.equal((await one.call('GET', LIFETIME)).json().value, made[0], 'its value is stored');
  }
  const [counts] = await one.rows`
    select (select count(*)::int from settings_history) as changes,
      (select count(*)::int from audit_events where event = 'setting.changed') as events`;
  t.match(counts, { changes: 10, events: 10 });
});

t.test('the history is paginated, newest first, and a cursor is valid only for its own list', async (t) => {
  const { app, call, history } = await administered(t);
  for (let value = 1; value <= 7; value += 1) await setSetting(app, 'ACCESS_TOKEN_LIFETIME', 100 + value, 'bob');
  await setSetting(app, 'PASSWORD_MIN_LENGTH', 9, 'bob');
  await resetSetting(app, 'ACCESS_TOKEN_LIFETIME', 'bob');
  const values: unknown[] = [];
  let pages = 0;
  for (let next: string | null = ''; next !== null; pages += 1) {
    const page = await history(`?limit=3${next === '' ? '' : `&cursor=${next}`}`);
    values.push(...page.changes.map(({ value }: { value: unknown }) => value));
    next = page.next_cursor;
  }
  t.strictSame(values, [null, 107, 106, 105, 104, 103, 102, 101]);
  t.equal(pages, 3);
  t.match(await history(), { next_cursor: null, changes: { length: 8 } });

  const { next_cursor: cursor } = await history('?limit=2');
  const bytes = Buffer.from(cursor, 'base64url');
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  for (const forged of ['x', '1', cursor.slice(0, -2), `${cursor}AA`, bytes.toString('base64url'), '%00', '']) {
    const answer = await call('GET', `${LIFETIME}history/?cursor=${forged}`);
    isProblem(t, answer, 'validation_failed', forged);
    matchAll(t, answer.json().errors, [{ path: '/query/cursor' }]);
  }
  const elsewhere = await call('GET', `${SETTINGS}PASSWORD_MIN_LENGTH/history/?cursor=${cursor}`);
  isProblem(t, elsewhere, 'validation_failed', 'the cursor of another setting');
});

t.test('a rollback accepts a still valid value of the same setting, or the default', async (t) => {
  const { app, call, put, rows } = await administered(t);
  await put(60, 0);
  await put(90, 1);
  await setSetting(app, 'PASSWORD_MIN_LENGTH', 9, 'bob');
  const back = (to: number, version: number) => call('POST', `${LIFETIME}rollback/`, { to, version });
  isProblem(t, await back(3, 2), 'setting_version_not_found', 'a change of another setting');
  isProblem(t, await back(999, 2), 'setting_version_not_found', 'no change');
  t.match((await back(1, 2)).json(), { value: 60, version: 4 });
  t.match((await back(2, 4)).json(), { value: 90, version: 5 });
  t.match((await back(0, 5)).json(), { value: 30, source: 'default', version: 0 });
  // A value from an older version of the service with other bounds.
  const [old] = await rows`
    insert into settings_history (name, value, changed_by) values ('ACCESS_TOKEN_LIFETIME', '100000', 'cli:old') returning id`;
  const refused = await back(old?.id, 0);
  isProblem(t, refused, 'validation_failed', 'a value that is no longer valid');
  matchAll(t, refused.json().errors, [{ path: '/to', message: /must be an integer from 1 to 86400 seconds$/ }]);
  t.equal((await call('GET', LIFETIME)).json().value, 30);
});

t.test('an invalid row is shown as ignored, and can be corrected', async (t) => {
  const { call, put, rows, logLines } = await administered(t);
  await put(60, 0);
  await rows`update settings set value = '"45"', version = 77, updated_by = 'psql' where name = 'ACCESS_TOKEN_LIFETIME'`;
  const shown = (await call('GET', LIFETIME)).json();
  t.match(shown, {
    value: 60,
    source: 'database',
    version: 77,
    updated_by: 'psql',
    ignored: 'must be an integer from 1 to 86400 seconds',
  });
  const list = (await call('GET', SETTINGS)).json().settings;
  t.strictSame(
    list.filter(({ ignored }: { ignored: unknown }) => ignored !== null).map(({ name }: { name: string }) => name),
    ['ACCESS_TOKEN_LIFETIME'],
  );
  t.equal(logLines().filter(({ msg }) => msg === 'a row of the settings table is ignored').length, 1);
  isProblem(t, await put(90, 1), 'setting_changed', 'the bad row counts');
  t.match((await put(90, 77)).json(), { value: 90, ignored: null });
});

t.test('a change that cannot be recorded is not made', async (t) => {
  const { put, call, rows } = await administered(t);
  await rows`alter table audit_events add constraint no_settings check (event not like 'setting.%')`;
  t.equal((await put(60, 0)).statusCode, 500);
  await rows`alter table audit_events drop constraint no_settings`;
  t.match((await call('GET', LIFETIME)).json(), { value: 30, version: 0 });
  t.equal((await rows`select 1 from settings_history`).length, 0);
});

t.test('another instance shows a change at once, and applies it', async (t) => {
  const one = await administered(t);
  const two = await testAppOn(t, one.databaseUrl);
  await one.put(60, 0);
  const seen = await two.inject({ method: 'GET', url: LIFETIME, headers: one.headers });
  t.match(seen.json(), { value: 60, version: 1 }, 'the answer comes from the table');
  await until('its tokens have the new lifetime', async () => {
    const { exp, iat } = claimsOf(await two.login('admin@example.com'));
    return Number(exp) - Number(iat) === 60;
  });
});
