// Jobs: an operation that is too large for one transaction is final when it is answered, and the rest of its work is done whatever fails.
import t, { type Test } from 'tap';
import { createJobsRepository } from '#jobs/repository.js';
import { createJobs } from '#jobs/service.js';
import { testApp, testAppOn } from '../support/app.js';
import { operatorsOf } from '../support/operator.js';
import { isProblem } from '../support/problem.js';
import { purgeOf } from '../support/purge.js';
import { rowsOf } from '../support/rows.js';
import { claimsOf } from '../support/service.js';
import { until } from '../support/until.js';

const env = { SETTING_ACCESS_TOKEN_LIFETIME: '3600', SETTING_MAX_SESSIONS_PER_USER: '0' };
/** More rows than a request deletes or changes by itself. */
const MANY = 260;

async function fixture(t: Test) {
  const service = await testApp(t, { env });
  const rows = rowsOf(t, service.databaseUrl);
  const operators = operatorsOf(t, service);
  const admin = await operators.user('admin');
  const byAdmin = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object) =>
    operators.as(admin.access_token, method, path, body);
  /** Every batch fails until the jobs are released, so that the test sees the state before a job has done anything. */
  await rows`create function fail() returns trigger language plpgsql as 'begin raise exception $m$held by a test$m$; end'`;
  await rows`create trigger hold before update or delete on jobs for each row execute function fail()`;
  const release = async () => {
    await rows`drop trigger hold on jobs`;
  };
  const untilDone = () => until('no job is left', async () => (await rows`select 1 from jobs`).length === 0, 30_000);
  const fill = (userId: number) => rows`
    insert into sessions (user_id, id, refresh_token_hash, retry_keys, expires_at)
    select ${userId}, i, ''::bytea, ''::bytea, now() + interval '1 day' from generate_series(1, ${MANY}) i`;
  return { service, rows, operators, admin, byAdmin, release, untilDone, fill };
}

t.test('more sessions than a request marks end at once, and a job deletes their rows', async (t) => {
  const { service, rows, operators, release, untilDone, fill } = await fixture(t);
  const user = await operators.user();
  await fill(user.id);
  const other = await service.login(user.email);
  t.equal((await service.endOtherSessions(user.access_token)).statusCode, 204);
  isProblem(t, await service.refresh(other.refresh_token), 'invalid_refresh_token', 'it is over');
  isProblem(t, await service.endSession(user.access_token, '7'), 'session_not_found', 'and so are the others');
  t.strictSame(
    (await service.sessions(user.access_token)).map(({ id }) => id),
    [user.sid],
  );
  await service.logout(other.refresh_token);
  const [{ left } = { left: 0 }] = await rows`select count(*)::int as left from sessions where user_id = ${user.id}`;
  t.equal(left, MANY + 2, 'though the rows are there');
  const events = (await operators.eventsOn(user.id)).filter(({ event }) => event === 'sessions.ended');
  t.match(events, [{ actor_id: user.id, details: { reason: 'ended_by_user' } }]);
  t.notOk('ended' in (events[0]?.details ?? {}), 'nobody has counted them');
  t.strictSame(
    [...(await rows`select 1 from audit_events where event = 'session.logged_out' and actor_id = ${user.id}`)],
    [],
    'an ended session cannot log out',
  );
  await release();
  await untilDone();
  t.equal((await rows`select 1 from sessions where user_id = ${user.id}`).length, 1);
  t.equal((await service.refresh(user.refresh_token)).statusCode, 200, 'the session that made the request continues');
});

t.test(
  'an account with many sessions and events is deleted at once, and the job removes everything that is left of it',
  async (t) => {
    const { service, rows, operators, byAdmin, release, untilDone, fill } = await fixture(t);
    const user = await operators.user('admin');
    await byAdmin('POST', `/users/${user.id}/enable/`, { reason: 'never disabled' });
    await fill(user.id);
    await rows`
    insert into audit_events (event, actor_type, actor_id, target_type, target_id, ip, user_agent)
    select 'login.succeeded', 'user', ${user.id}, 'session', i::text, '203.0.113.7', 'Browser/1.0' from generate_series(1, ${MANY}) i`;
    await rows`
    insert into audit_events (event, actor_type, target_type, target_id, ip) values ('login.failed', 'anonymous', 'user', ${String(user.id)}, '203.0.113.8')`;
    await rows`
    insert into audit_events (event, actor_type, target_type, target_id, ip, details)
    values ('user.disabled', 'cli', 'user', ${String(user.id)}, '203.0.113.9', '{"reason": "personal"}')`;
    const other = await testAppOn(t, service.databaseUrl, { env });

    t.equal((await service.deleteMe(user.access_token)).statusCode, 204);
    isProblem(t, await service.deleteMe(user.access_token), 'invalid_token', 'again');
    isProblem(t, await other.me(user.access_token), 'invalid_token', 'me');
    isProblem(t, await other.refresh(user.refresh_token), 'invalid_refresh_token', 'refresh');
    const credentials = { email: user.email, password: 'password' };
    isProblem(t, await other.post('/api/login/', credentials), 'invalid_credentials', 'login');
    isProblem(t, await byAdmin('GET', `/users/${user.id}/`), 'user_not_found', 'read');
    isProblem(t, await byAdmin('POST', `/users/${user.id}/enable/`, { reason: 'x' }), 'user_not_found', 'enable');
    isProblem(t, await byAdmin('DELETE', `/users/${user.id}/`), 'user_not_found', 'delete');
    for (const query of ['', '?role=admin', '?disabled=true', '?email=deleted']) {
      const { users } = (await byAdmin('GET', `/users/${query}`)).json();
      t.notOk(
        users.some(({ id }: { id: number }) => id === user.id),
        `list${query}`,
      );
    }
    const [row] = await rows`select * from users where id = ${user.id}`;
    t.match(row, {
      email: `deleted:${user.id}`,
      username: /^$/,
      password_hash: null,
      roles: [],
      disabled_reason: null,
    });
    const shown = (await byAdmin('GET', `/audit/?user_id=${user.id}&limit=100`)).json().events;
    t.strictSame(
      shown
        .filter(({ ip }: { ip: string | null }) => ip !== null)
        .map(({ event, ip }: { event: string; ip: string }) => [event, ip]),
      [
        ['user.disabled', '203.0.113.9'],
        ['user.enabled', '127.0.0.1'],
      ].filter(([event]) => shown.some((each: { event: string }) => each.event === event)),
      'the addresses of operators stay',
    );
    t.strictSame(
      shown.find(({ event }: { event: string }) => event === 'user.disabled').details,
      {},
      'the reasons that they wrote are removed',
    );
    const again = await service.register(user.email);
    t.equal(again.statusCode, 201, 'the address is free');
    t.ok((await service.login(user.email)).access_token);

    await release();
    await untilDone();
    t.strictSame([...(await rows`select 1 from users where id = ${user.id}`)], []);
    t.strictSame([...(await rows`select 1 from sessions where user_id = ${user.id}`)], []);
    const left = await rows`
    select event, ip, details from audit_events
    where (actor_id = ${user.id} or target_type = 'user' and target_id = ${String(user.id)}) and (ip is not null or details ? 'reason')`;
    t.strictSame([...left], [{ event: 'user.disabled', ip: '203.0.113.9', details: {} }]);
    t.ok(
      service.logLines().some(({ event, job }) => event === 'job_finished' && job === 'delete_account') ||
        other.logLines().some(({ event, job }) => event === 'job_finished' && job === 'delete_account'),
    );
  },
);

t.test('an account with many single-use tokens is deleted at once, and the job deletes them', async (t) => {
  const { service, rows, operators, byAdmin, release, untilDone } = await fixture(t);
  const [user, stranger] = [await operators.user(), await operators.user()];
  for (const { id } of [user, stranger]) {
    await rows`
      insert into account_tokens (user_id, purpose, token_hash, email, password_digest, expires_at)
      select ${id}, 'second_factor', sha256((${id} || '/' || i)::bytea), 'a@b.example', sha256(''), now() + interval '5 minutes'
      from generate_series(1, ${MANY}) i`;
  }
  const tokensOf = async (id: number) => (await rows`select from account_tokens where user_id = ${id}`).length;
  t.equal((await service.deleteMe(user.access_token)).statusCode, 204);
  t.equal(await tokensOf(user.id), MANY, 'the request does not wait for them');
  isProblem(t, await byAdmin('GET', `/users/${user.id}/`), 'user_not_found', 'read');
  await release();
  await untilDone();
  t.strictSame([...(await rows`select 1 from users where id = ${user.id}`)], []);
  t.strictSame([await tokensOf(user.id), await tokensOf(stranger.id)], [0, MANY]);
});

t.test(
  'a deleted role with many holders grants nothing at once, is removed from all of them, and its name is then free',
  async (t) => {
    const { service, rows, operators, byAdmin, release, untilDone } = await fixture(t);
    const name = await operators.role('users:read');
    const bearer = await operators.user(name, 'admin');
    const clerk = await operators.user(name);
    await rows`
    insert into users (email, roles) select 'holder-' || i || '@example.com', array['first', ${name}, 'last'] from generate_series(1, ${MANY}) i`;
    const held = await rowsOf(t, service.databaseUrl).reserve();
    await held`begin`;
    await held`select 1 from users where id = ${clerk.id} for update`;

    t.equal((await byAdmin('DELETE', `/roles/${name}/`)).statusCode, 204);
    isProblem(t, await operators.as(clerk.access_token, 'GET', '/users/'), 'forbidden', 'at once');
    t.notOk(
      (await byAdmin('GET', '/roles/')).json().roles.some((role: { name: string }) => role.name === name),
      'not listed',
    );
    t.strictSame((await byAdmin('GET', `/users/?role=${name}`)).json().users, []);
    t.strictSame((await byAdmin('GET', '/users/?email=holder-1%40')).json().users[0].roles, ['first', 'last']);
    t.strictSame(claimsOf((await service.refresh(bearer.refresh_token)).json()).roles, ['admin']);
    isProblem(
      t,
      await byAdmin('POST', '/roles/', { name, permissions: ['users:read'] }),
      'role_being_removed',
      'made again',
    );
    isProblem(t, await byAdmin('PUT', `/users/${clerk.id}/`, { roles: [name] }), 'validation_failed', 'given');
    const [event] = await rows`select details from audit_events where event = 'role.deleted' and target_id = ${name}`;
    t.strictSame(event?.details, { permissions: ['users:read'] });

    await release();
    const holders = async () => (await rows`select id from users where ${name} = any (roles)`).map(({ id }) => id);
    await until('all accounts but the locked one have lost it', async () => (await holders()).length === 1, 30_000);
    t.strictSame(await holders(), [clerk.id]);
    await held`rollback`;
    held.release();
    await untilDone();
    t.strictSame(await holders(), []);
    t.equal((await byAdmin('POST', '/roles/', { name, permissions: ['users:read'] })).statusCode, 201, 'free again');
    isProblem(t, await operators.as(clerk.access_token, 'GET', '/users/'), 'forbidden', 'and is another one');
  },
);

t.test('a locked row that a job skips is deleted by the next purge', async (t) => {
  const { service, rows, operators, release, untilDone, fill } = await fixture(t);
  const user = await operators.user();
  await fill(user.id);
  const held = await rowsOf(t, service.databaseUrl).reserve();
  await held`begin`;
  await held`select 1 from sessions where user_id = ${user.id} and id = 7 for update`;
  t.equal((await service.logoutEverywhere(user.access_token)).statusCode, 200, 'nobody waits for it');
  await release();
  await untilDone();
  const left = async () => (await rows`select id from sessions where user_id = ${user.id}`).map(({ id }) => id);
  t.strictSame(await left(), ['7']);
  await held`rollback`;
  held.release();
  await purgeOf(service).purgeSessions();
  t.strictSame(await left(), []);
});

t.test(
  'a job continues where its last batch ended, on any instance, and a failing job does not block the others',
  async (t) => {
    const service = await testApp(t);
    const rows = rowsOf(t, service.databaseUrl);
    const { db, log } = service.app;
    await service.app.jobs.stop();
    const repository = createJobsRepository(db);
    for (const subject of ['broken', 'good', 'better']) await repository.enqueue('remove_role', subject, db);
    const steps: string[] = [];
    const make = (who: string, batches: number) =>
      createJobs({
        repository,
        db,
        log,
        minPause: 0,
        handlers: {
          end_sessions: async () => ({ done: 0, next: undefined }),
          delete_account: async () => ({ done: 0, next: undefined }),
          remove_role: async ({ subject, position }) => {
            if (subject === 'broken' || steps.filter((step) => step.startsWith(who)).length >= batches)
              throw new Error('fails');
            steps.push(`${who} ${subject} ${position}`);
            return { done: 1, next: position < 3 ? { phase: '', position: position + 1 } : undefined };
          },
        },
      });
    const first = make('first', 3);
    const running = first.run().catch(() => {});
    await until('the first instance has done three batches', () => steps.length === 3);
    await first.stop();
    await running;
    const [second, third] = [make('second', 99), make('third', 99)];
    void second.run().catch(() => {});
    void third.run().catch(() => {});
    await until(
      'all jobs but the broken one are done',
      async () => (await rows`select 1 from jobs`).length === 1,
      20_000,
    );
    await Promise.all([second.stop(), third.stop()]);
    for (const subject of ['good', 'better']) {
      t.strictSame(
        steps.filter((step) => step.includes(subject)).map((step) => step.split(' ')[2]),
        ['-1', '0', '1', '2', '3'],
        `${subject}: each batch once, in order`,
      );
    }
    t.match([...(await rows`select subject, position::int from jobs`)], [{ subject: 'broken', position: -1 }]);
    t.ok(service.logLines().some(({ msg, subject }) => String(msg).includes('failed') && subject === 'broken'));
  },
);
