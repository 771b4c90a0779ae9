// Changes of one account wait for each other before they take a connection, so that one user cannot use up those of all others.
import t, { type Test } from 'tap';
import { testApp } from '../../support/app.js';
import { isProblem } from '../../support/problem.js';
import { rowsOf, untilBlocked } from '../../support/rows.js';
import { newUser, type User } from '../../support/user.js';

const CONNECTIONS = 3;
/** Changes of one account that may wait in a process. */
const WAITING = 256;
const env = { DATABASE_POOL_SIZE: String(CONNECTIONS), SETTING_ACCESS_TOKEN_LIFETIME: '3600' };
const service = await testApp(t, { env });
const rows = rowsOf(t, service.databaseUrl);
const other = await newUser(service);

/** A connection whose transaction has locked an account. */
async function lockOf(t: Test, { id }: User) {
  const lock = rowsOf(t, service.databaseUrl);
  await lock.unsafe(`begin; select 1 from users where id = ${id} for update`);
  return lock;
}

const as = ({ access_token: token }: User, method: 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) =>
  service.inject({ method, url, headers: { authorization: `Bearer ${token}` }, ...(payload && { payload }) });
const password = { current_password: 'password' };

const operations: Readonly<Record<string, (user: User) => ReturnType<typeof service.inject>>> = {
  'PUT /api/me/': (user) => as(user, 'PUT', '/api/me/', { username: 'John Smith' }),
  'DELETE /api/me/': (user) => as(user, 'DELETE', '/api/me/', password),
  'DELETE /api/me/sessions/': (user) => as(user, 'DELETE', '/api/me/sessions/'),
  'DELETE /api/me/sessions/{id}/': (user) => as(user, 'DELETE', '/api/me/sessions/1/'),
  'POST /api/logout/all/': (user) => as(user, 'POST', '/api/logout/all/'),
  'POST /api/me/step-up/': (user) => as(user, 'POST', '/api/me/step-up/', password),
  'POST /api/me/factors/totp/': (user) => as(user, 'POST', '/api/me/factors/totp/', password),
  'PUT /api/me/factors/{id}/': (user) => as(user, 'PUT', '/api/me/factors/1/', { name: 'Phone' }),
};

for (const [name, change] of Object.entries(operations)) {
  t.test(`${name}: others are served while one user sends more of them than there are connections`, async (t) => {
    const user = await newUser(service);
    const lock = await lockOf(t, user);

    const changes = Array.from({ length: 2 * CONNECTIONS }, () => change(user));
    await untilBlocked(rows);
    // More than one: the changes need not have reached the lock when the first is answered.
    for (let i = 0; i < 5; i += 1) {
      const answers = await Promise.all(Array.from({ length: CONNECTIONS }, () => service.me(other.access_token)));
      t.strictSame(
        answers.map(({ statusCode }) => statusCode),
        answers.map(() => 200),
      );
    }
    const [waiting] = await rows`
      select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    t.equal(waiting?.count, 1, 'one change waits in the database');

    await lock.unsafe('rollback');
    const statuses = (await Promise.all(changes)).map(({ statusCode }) => statusCode);
    t.notOk(statuses.includes(503), 'and all are answered');
  });
}

t.test(
  'a change that finds 256 others of its account waiting is refused at once, and the log has no stack of it',
  async (t) => {
    const user = await newUser(service);
    const lock = await lockOf(t, user);
    const before = service.logLines().length;
    const change = () => operations['PUT /api/me/']?.(user);
    const changes = Array.from({ length: WAITING + 2 }, change);
    // One has the lock to wait for, 256 wait for that one, and one is too many.
    const refused = await Promise.race(changes);
    t.ok(refused && isProblem(t, refused, 'database_unavailable', 'one too many'));
    await lock.unsafe('rollback');
    await Promise.all(changes);
    const lines = service.logLines().slice(before);
    const [failed] = lines.filter(({ msg }) => msg === 'request failed');
    t.match(failed, { level: 'error', code: 'database_unavailable', route: '/api/me' });
    t.notOk(failed && 'err' in failed);
  },
);
