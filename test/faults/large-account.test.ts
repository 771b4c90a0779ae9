// F43: an account with a million sessions, events and single-use tokens is as fast as any other: no request takes longer because of them.
import t, { type Test } from 'tap';
import { makeAdmin } from '../support/admin.js';
import { type TestApp, testApp, testAppOn } from '../support/app.js';
import type { Response } from '../support/conformance.js';
import { rowsOf } from '../support/rows.js';
import { claimsOf } from '../support/service.js';
import { setSetting } from '../support/settings.js';
import { until } from '../support/until.js';
import { figure, isFull, quantile, report, TOLERANCE, timeout } from './harness/figures.js';

const ROWS = figure(200_000, 1_000_000);
const ROUNDS = figure(10, 40);
/** Includes the password hash. */
const MAX_MILLISECONDS = TOLERANCE * 100;
const env = { SETTING_ACCESS_TOKEN_LIFETIME: '3600', SETTING_LOGIN_FAILURES_BEFORE_DELAY: '0', LOG_LEVEL: 'info' };

type Rows = ReturnType<typeof rowsOf>;

/** Live sessions, one started every second until now. */
async function fillSessions(rows: Rows, userId: number, count = ROWS): Promise<void> {
  await rows.begin(async (tx) => {
    // Skips triggers and foreign keys, which are not measured here.
    await tx`set local session_replication_role = replica`;
    await tx`
      insert into sessions (user_id, id, refresh_token_hash, retry_keys, created_at, refreshed_at, expires_at, epoch)
      select ${userId}, (i * 104729::bigint) % 1099511627776, ''::bytea, ''::bytea, now() - i * interval '1 second', now(),
        now() + interval '30 days', (select session_epoch from users where id = ${userId})
      from generate_series(1, ${count}) i`;
  });
  await rows`analyze sessions`;
}

async function fillEvents(rows: Rows, userId: number, count = ROWS): Promise<void> {
  await rows`
    insert into audit_events (event, actor_type, actor_id, target_type, target_id, ip, user_agent)
    select 'login.succeeded', 'user', ${userId}, 'session', i::text, '203.0.113.7', 'Browser/1.0' from generate_series(1, ${count}) i`;
  await rows`
    insert into audit_events (event, actor_type, target_type, target_id, ip, user_agent)
    select 'login.failed', 'anonymous', 'user', ${String(userId)}, '203.0.113.8', 'Browser/2.0' from generate_series(1, 500)`;
  await rows`analyze audit_events`;
}

/** Logins with the right password that no second factor has followed. */
async function fillTokens(rows: Rows, userId: number, count = ROWS): Promise<void> {
  await rows`
    insert into account_tokens (user_id, purpose, token_hash, email, password_digest, expires_at)
    select ${userId}, 'second_factor', sha256(i::text::bytea), 'large@example.com', sha256(''), now() + interval '5 minutes'
    from generate_series(1, ${count}) i`;
  await rows`analyze account_tokens`;
}

async function fixture(t: Test) {
  const service = await testApp(t, { env });
  const rows = rowsOf(t, service.databaseUrl);
  const other = await testAppOn(t, service.databaseUrl, { env });
  const admin = await makeAdmin(t, service);
  const email = 'large@example.com';
  const { id } = (await service.register(email)).json();
  return { service, other, rows, admin, email, id: id as number };
}

const asAdmin = (service: TestApp, token: string, method: 'POST' | 'DELETE' | 'GET', path: string, payload?: object) =>
  service.inject({
    method,
    url: `/api/admin${path}`,
    headers: { authorization: `Bearer ${token}` },
    ...(payload && { payload }),
  });

/** The durations of an action, repeated; `restore` resets the account before each round. */
async function measured(
  action: () => Promise<Response>,
  status: number,
  restore: () => Promise<unknown>,
): Promise<number[]> {
  const durations: number[] = [];
  for (let i = 0; i < ROUNDS; i += 1) {
    await restore();
    const begun = performance.now();
    const answer = await action();
    durations.push(performance.now() - begun);
    if (answer.statusCode !== status) throw new Error(`${answer.statusCode} ${answer.body}`);
  }
  return durations;
}

t.test(
  'F43: with a million live sessions, login, change of password, disabling and deletion stay fast',
  { timeout },
  async (t) => {
    const { service, other, rows, admin, email, id } = await fixture(t);
    // A trigger blocks every job, so that the account keeps its size.
    const blocked = await rowsOf(t, service.databaseUrl).reserve();
    await blocked`create function hold_jobs() returns trigger language plpgsql as 'begin raise exception $m$held$m$; end'`;
    await blocked`create trigger hold_jobs before update or delete on jobs for each row execute function hold_jobs()`;
    await setSetting(service.app, 'MAX_SESSIONS_PER_USER', 0);
    await other.app.settings.reload();
    await fillSessions(rows, id);
    await fillEvents(rows, id);
    await fillTokens(rows, id);
    const own = await service.login(email);
    const [victim, second] = [await service.login(email), await service.login(email)];
    const [before] = await rows`select * from users where id = ${id}`;
    const restore = async () => {
      await rows`alter table jobs disable trigger hold_jobs`;
      await rows`delete from jobs`;
      await rows`alter table jobs enable trigger hold_jobs`;
      await rows`
      update users set email = ${email}, password_hash = ${before?.password_hash}, disabled_at = null, disabled_reason = null,
        deleted_at = null, session_epoch = 0 where id = ${id}`;
      await rows`update sessions set epoch = 0, revoked_at = null where user_id = ${id} and (epoch > 0 or revoked_at is not null)`;
    };
    const figures: Record<string, number[]> = {};
    const ended = async (what: string) => {
      for (const on of [service, other]) {
        for (const pair of [victim, second])
          t.equal((await on.refresh(pair.refresh_token)).statusCode, 401, `refused after ${what}`);
      }
    };

    figures['logout of one'] = await measured(
      () => service.endSession(own.access_token, String(Number.MAX_SAFE_INTEGER)),
      404,
      restore,
    );
    figures['list of sessions'] = await measured(
      () => service.inject({ url: '/api/me/sessions/', headers: { authorization: `Bearer ${own.access_token}` } }),
      200,
      restore,
    );
    t.equal((await service.sessions(own.access_token)).length, 100);
    figures['list of sessions, by an operator'] = await measured(
      () => asAdmin(service, admin.accessToken, 'GET', `/users/${id}/sessions/`),
      200,
      restore,
    );
    figures['list of events'] = await measured(
      () => asAdmin(service, admin.accessToken, 'GET', `/audit/?user_id=${id}`),
      200,
      restore,
    );
    figures.login = await measured(() => service.post('/api/login/', { email, password: 'password' }), 200, restore);
    figures['new password'] = await measured(
      () => service.updateMe(own.access_token, { password: 'another password' }),
      200,
      restore,
    );
    await ended('a new password');
    t.equal((await service.sessions(own.access_token)).length, 1, 'the session that asked is left');
    figures['end others'] = await measured(() => service.endOtherSessions(own.access_token), 204, restore);
    await ended('the end of the others');
    figures['log out everywhere'] = await measured(() => service.logoutEverywhere(own.access_token), 200, restore);
    await ended('a logout everywhere');
    figures['end by an operator'] = await measured(
      () => asAdmin(service, admin.accessToken, 'DELETE', `/users/${id}/sessions/`),
      204,
      restore,
    );
    figures.disable = await measured(
      () => asAdmin(service, admin.accessToken, 'POST', `/users/${id}/disable/`, { reason: 'test' }),
      200,
      restore,
    );
    await ended('a disabling');
    await asAdmin(service, admin.accessToken, 'POST', `/users/${id}/enable/`, { reason: 'test' });
    await ended('a disabling that was taken back');
    figures['reset of the password'] = await measured(
      () => asAdmin(service, admin.accessToken, 'POST', `/users/${id}/reset-password/`),
      200,
      restore,
    );
    await ended('a reset');

    await restore();
    await setSetting(service.app, 'MAX_SESSIONS_PER_USER', 100);
    await rows`
      update sessions set created_at = now() - interval '20 days'
      where user_id = ${id} and refresh_token_hash <> ''::bytea and id <> ${String(claimsOf(own).sid)}`;
    figures['login, beyond the limit'] = await measured(
      () => service.post('/api/login/', { email, password: 'password' }),
      200,
      restore,
    );
    const last = await service.login(email);
    t.equal((await service.sessions(last.access_token)).length, 100, 'as many as the limit allows');
    await ended('a login beyond the limit');

    figures['deletion by its owner'] = await measured(() => service.deleteMe(own.access_token), 204, restore);
    figures['deletion by an operator'] = await measured(
      () => asAdmin(service, admin.accessToken, 'DELETE', `/users/${id}/`),
      204,
      restore,
    );
    await ended('the deletion');
    // The deletion is final although the rows still exist.
    t.equal((await asAdmin(service, admin.accessToken, 'GET', `/users/${id}/`)).statusCode, 404);
    t.strictSame(
      (await asAdmin(service, admin.accessToken, 'GET', '/users/?email='))
        .json()
        .users.map((user: { id: number }) => user.id),
      [admin.userId],
    );
    const events = (await asAdmin(service, admin.accessToken, 'GET', `/audit/?user_id=${id}&limit=100`)).json().events;
    t.ok(events.length > 50);
    let checked = 0;
    for (const event of events) {
      if (event.actor.user_id === admin.userId) continue;
      checked += 1;
      t.equal(event.ip, null, event.event);
      t.equal(event.user_agent, null);
    }
    t.ok(checked > 0, 'there are events of others than the admin');
    const again = await service.register(email);
    t.equal(again.statusCode, 201, 'the address is available');
    t.not(again.json().id, id);
    const bystander = await service.login(email);

    // Then the job deletes the rows while other users are served.
    await rows`drop trigger hold_jobs on jobs`;
    const refreshes: number[] = [];
    let token = bystander.refresh_token;
    const begun = performance.now();
    await until(
      'the rows of the account are deleted',
      async () => {
        const asked = performance.now();
        const refreshed = await other.refresh(token);
        refreshes.push(performance.now() - asked);
        t.equal(refreshed.statusCode, 200);
        token = refreshed.json().refresh_token;
        return (await rows`select 1 from users where id = ${id}`).length === 0;
      },
      timeout,
    );
    const seconds = (performance.now() - begun) / 1000;
    t.equal((await rows`select 1 from sessions where user_id = ${id} limit 1`).length, 0);
    t.equal((await rows`select 1 from account_tokens where user_id = ${id} limit 1`).length, 0);
    const personal = await rows`
    select 1 from audit_events where (actor_id = ${id} or (target_id = ${String(id)} and actor_type = 'anonymous')) and ip is not null`;
    t.equal(personal.length, 0, 'personal data is removed');
    t.strictSame([...(await rows`select 1 from jobs`)], []);

    const p99 = Object.fromEntries(
      Object.entries(figures).map(([what, durations]) => [what, quantile(durations, 0.99)]),
    );
    // In a few rounds the slowest one says more about the machine than about the service.
    const asserted = isFull
      ? p99
      : Object.fromEntries(Object.entries(figures).map(([what, all]) => [what, quantile(all, 0.5)]));
    for (const [what, milliseconds] of Object.entries(asserted))
      t.ok(milliseconds < MAX_MILLISECONDS, `${what}: ${milliseconds} ms`);
    report(t, `F43 an account with ${ROWS} sessions, events and tokens: p99 (ms) of ${ROUNDS}`, {
      ...p99,
      'rows gone after (s)': Math.round(seconds),
      'refresh of another meanwhile, p99': quantile(refreshes, 0.99),
    });
  },
);
