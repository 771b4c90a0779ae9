// /api/admin/overview/: the state of the service at a glance.
import t from 'tap';
import { activityNames } from '#activity/names.js';
import { testApp, testAppOn } from '../../../support/app.js';
import { operatorsOf } from '../../../support/operator.js';
import { isProblem } from '../../../support/problem.js';
import { ageSessions, rowsOf } from '../../../support/rows.js';

const service = await testApp(t, { env: { SETTING_ACCESS_TOKEN_LIFETIME: '3600' } });
const { app, post, refresh } = service;
const { as, allowed, user, rows } = operatorsOf(t, service);

const NONE = Object.fromEntries(activityNames.map((name) => [name, 0]));

t.test('logins, refreshes and registrations are counted by the hour', async (t) => {
  const operator = await allowed('settings:read');
  const owner = await user();
  await post('/api/login/', { email: owner.email, password: 'wrong password' });
  await post('/api/register/', { email: owner.email, password: 'password' });
  await refresh(owner.refresh_token);
  await ageSessions(rows, owner.id, 60);
  await refresh(owner.refresh_token);
  await rows`update throttles set failures = 50, attempted_at = clock_timestamp() where failures > 0`;
  isProblem(t, await post('/api/login/', { email: owner.email, password: 'password' }), 'too_many_attempts', 'login');
  await rows`
    insert into activity (hour, name, count) values
      (date_trunc('hour', now(), 'UTC') - interval '47 hours', 'logins', 5000000000),
      (date_trunc('hour', now(), 'UTC') - interval '48 hours', 'logins', 1)`;

  const answer = await as(operator.access_token, 'GET', '/overview/');
  t.equal(answer.statusCode, 200, answer.body);
  const { at, hours, accounts, sessions, mails } = answer.json();
  t.equal(hours.length, 48);
  const present = { logins: 2, failed_logins: 1, delayed_logins: 1, refreshes: 1, registrations: 2, reused_tokens: 1 };
  const last = hours.at(-1);
  t.strictSame(last, { hour: new Date(Math.floor(Date.parse(at) / 3_600_000) * 3_600_000).toISOString(), ...present });
  t.strictSame(hours[0], { hour: hours[0].hour, ...NONE, logins: 5_000_000_000 });
  t.equal(Date.parse(last.hour) - Date.parse(hours[0].hour), 47 * 3_600_000);
  t.strictSame(accounts, { count: 2, estimated: false });
  t.strictSame(sessions, { count: 1, estimated: false }, 'the reused token has ended the other session');
  t.strictSame(mails, { waiting: 0, overdue: 0, dead: 0 });

  const again = await as(operator.access_token, 'GET', '/overview/');
  t.equal(again.json().at, at, 'operators who ask at the same time share one overview');
});

t.test('the findings are those of latchkey doctor', async (t) => {
  const other = await testApp(t);
  const sql = rowsOf(t, other.databaseUrl);
  const { id } = (await other.register()).json();
  await sql`
    insert into mails (kind, user_id, recipient, content, expires_at, state)
    values ('verify_email', ${id}, 'a@example.com', '', now() + interval '1 hour', 'dead')`;
  const { mails, findings } = await other.app.overview.read();
  const statusOf = (name: string) => findings.find(({ check }) => check === name)?.status;
  t.strictSame(
    ['database', 'clock', 'settings', 'signing keys', 'outbox', 'admin'].map((name) => statusOf(name)),
    ['ok', 'ok', 'ok', 'ok', 'warn', 'warn'],
  );
  t.equal(mails.dead, 1);
});

t.test('above 10,000 rows the sizes are estimates', async (t) => {
  await rows`insert into users (email, username) select 'many-' || n || '@example.com', '' from generate_series(1, 10000) n`;
  await rows`
    insert into sessions (user_id, id, refresh_token_hash, retry_keys, expires_at)
    select users.id, n, '', '', now() + interval '1 day' from users, generate_series(1, 2) n where email like 'many-%'`;
  for (const table of ['users', 'sessions']) await rows.unsafe(`analyze ${table}`);
  const other = await testAppOn(t, service.databaseUrl);
  const { accounts, sessions } = await other.app.overview.read();
  t.match(accounts, { isEstimate: true });
  t.match(sessions, { isEstimate: true });
  t.ok(accounts.count > 10_000 && accounts.count < 11_000, String(accounts.count));
  t.ok(sessions.count >= 20_000 && sessions.count < 21_000, String(sessions.count));
});

t.test('counts that could not be stored are stored later, and those of several processes are added', async (t) => {
  const other = await testAppOn(t, service.databaseUrl);
  const registrations = async () => (await app.activity.last(1)).hours[0]?.registrations ?? 0;
  const before = await registrations();
  await rows`alter table activity rename to activity_away`;
  await service.register(`user-${crypto.randomUUID()}@example.com`);
  await t.rejects(app.activity.save());
  await other.register(`user-${crypto.randomUUID()}@example.com`);
  await rows`alter table activity_away rename to activity`;
  await rows.unsafe(`
    insert into activity (hour, name, count) values (now() - interval '40 days', 'logins', 1);
    create function refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$;
    create trigger refuse before delete on activity for each row execute function refuse()`);
  for (let i = 0; i < 2; i += 1) await t.rejects(app.activity.save(), 'while old counts cannot be deleted');
  await rows.unsafe('drop trigger refuse on activity; drop function refuse()');
  await Promise.all([app.activity.save(), other.app.activity.save(), app.activity.save()]);
  t.equal(await registrations(), before + 2);
});
