// F42: logins and refreshes race with operations that end all sessions of an account, on two instances. Sessions from before the
// operation have ended when it is answered; the session that is kept, and those of later logins, stay alive.
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { testDatabase } from '../support/database.js';
import { rowsOf } from '../support/rows.js';
import { type HttpClient, tokensOf } from '../support/service.js';
import { figure, randomNumbers, report, timeout } from './harness/figures.js';
import { startInstance } from './harness/service.js';

/** More sessions than a request ends one by one, so that only the epoch ends them. */
const OTHERS = 260;
const CHAINS = 4;
const LOGINS = 3;

/** A session of the account under test. */
interface Chain {
  readonly what: string;
  /** When the login was sent, and when it was answered. */
  readonly begun: number;
  readonly answered: number;
  readonly password: string;
  /** When each successful refresh was sent. */
  readonly refreshes: number[];
  refusedAt: number | undefined;
}

interface End {
  readonly what: 'new password' | 'log out everywhere' | 'end others' | 'disable and enable';
  readonly begun: number;
  readonly ended: number;
}

async function start(t: Test) {
  const databaseUrl = await testDatabase(t);
  const rows = rowsOf(t, databaseUrl);
  // Rows are never deleted here: a deleted row would hide that its epoch is not checked.
  await rows`create function keep_sessions() returns trigger language plpgsql as 'begin return null; end'`;
  await rows`create trigger keep_sessions before delete on sessions for each row execute function keep_sessions()`;
  const env = { SETTING_LOGIN_FAILURES_BEFORE_DELAY: '0', SETTING_MAX_SESSIONS_PER_USER: '0' };
  const instances = [await startInstance(t, databaseUrl, env), await startInstance(t, databaseUrl, env)] as const;
  const email = 'admin@example.com';
  await instances[0].register(email);
  await rows`update users set roles = '{admin}' where email = ${email}`;
  const { access_token: admin } = tokensOf(await instances[0].login(email));
  return { rows, instances, admin };
}

type Environment = Awaited<ReturnType<typeof start>>;

/** Runs all operations at once on one account; resolves to the violations. */
async function round({ rows, instances, admin }: Environment, index: number, random: () => number): Promise<string[]> {
  const any = (): HttpClient => instances[random() < 0.5 ? 0 : 1];
  const email = `user-${index}-${Math.floor(random() * 1e9)}@example.com`;
  const { id } = JSON.parse((await any().register(email)).body) as { id: number };
  await rows`
    insert into sessions (user_id, id, refresh_token_hash, retry_keys, expires_at)
    select ${id}, i, ''::bytea, ''::bytea, now() + interval '1 day' from generate_series(1, ${OTHERS}) i`;
  const what = (['new password', 'log out everywhere', 'end others', 'disable and enable'] as const)[index % 4];
  if (what === undefined) throw new Error('there are four');

  const wrong: string[] = [];
  const stop = { now: false };
  const chains: Chain[] = [];
  const running: Promise<void>[] = [];

  /** Logs in, and refreshes in a loop until it is refused. */
  async function begin(name: string, password = 'password'): Promise<void> {
    const begun = performance.now();
    const answer = await any().login(email, password);
    if (answer.statusCode !== 200) return;
    const chain: Chain = {
      what: name,
      begun,
      answered: performance.now(),
      password,
      refreshes: [],
      refusedAt: undefined,
    };
    chains.push(chain);
    let token = tokensOf(answer).refresh_token;
    running.push(
      (async () => {
        while (!stop.now) {
          const asked = performance.now();
          const refreshed = await any().refresh(token);
          if (refreshed.statusCode === 503) continue;
          if (refreshed.statusCode !== 200) {
            chain.refusedAt = asked;
            return;
          }
          chain.refreshes.push(asked);
          token = tokensOf(refreshed).refresh_token;
        }
      })(),
    );
  }

  const own = tokensOf(await any().login(email));
  await Promise.all(Array.from({ length: CHAINS }, (_, i) => begin(`before ${i}`)));
  let kept = own.refresh_token;
  let keptRefused = false;
  // The session that makes the request also refreshes meanwhile.
  const keeping = (async () => {
    while (!stop.now && !keptRefused) {
      const answer = await any().refresh(kept);
      if (answer.statusCode === 200) kept = tokensOf(answer).refresh_token;
      else if (answer.statusCode !== 503) keptRefused = true;
    }
  })();
  await sleep(random() * 30);
  const racing = Array.from({ length: LOGINS }, async (_, i) => {
    await sleep(random() * 40);
    await begin(`racing ${i}`);
  });
  const began = performance.now();
  const calls = {
    'new password': () => any().updateMe(own.access_token, { password: 'another password' }),
    'log out everywhere': () => any().as(own.access_token, 'POST', '/api/logout/all/'),
    'end others': () => any().as(own.access_token, 'DELETE', '/api/me/sessions/'),
    'disable and enable': () => any().as(admin, 'POST', `/api/admin/users/${id}/disable/`, { reason: 'test' }),
  };
  const answer = await calls[what]();
  const end: End = { what, begun: began, ended: performance.now() };
  if (answer.statusCode >= 300) wrong.push(`${what}: ${answer.statusCode} ${answer.body}`);
  await Promise.all(racing);
  if (what === 'disable and enable')
    await any().as(admin, 'POST', `/api/admin/users/${id}/enable/`, { reason: 'test' });
  await begin('after', what === 'new password' ? 'another password' : 'password');
  await sleep(60);
  stop.now = true;
  await Promise.all([...running, keeping]);

  for (const chain of chains) {
    const begunBefore = chain.answered < end.begun;
    const oldPassword = what === 'new password' && chain.password === 'password';
    const late = chain.refreshes.filter((asked) => asked > end.ended);
    if ((begunBefore || oldPassword) && late.length > 0)
      wrong.push(`${what}: ${chain.what} refreshed ${late.length} times after it`);
    if (chain.begun > end.ended && chain.refusedAt !== undefined && !oldPassword)
      wrong.push(`${what}: ${chain.what} was refused`);
  }
  if (!chains.some((chain) => chain.what === 'after')) wrong.push(`${what}: no login works afterwards`);
  const isKept = what === 'new password' || what === 'end others';
  if (isKept && keptRefused) wrong.push(`${what}: the session that asked was refused`);
  if (!isKept && (await any().refresh(kept)).statusCode === 200)
    wrong.push(`${what}: the session that asked is still alive`);
  return wrong;
}

async function rounds(environment: Environment, count: number, random: () => number): Promise<string[]> {
  const wrong: string[] = [];
  for (let i = 0; i < count; i += 1) wrong.push(...(await round(environment, i, random)));
  return wrong;
}

t.test('F42: no ended session refreshes again, and no session that is kept ends', { timeout }, async (t) => {
  const random = randomNumbers(t);
  const environment = await start(t);
  const count = figure(24, 200);
  const wrong = await rounds(environment, count, random);
  t.strictSame(wrong, []);
  const [row] = await environment.rows`select deadlocks::int from pg_stat_database where datname = current_database()`;
  t.equal(row?.deadlocks, 0, 'no deadlock');
  report(t, 'F42 the end of all sessions amid logins and refreshes', { rounds: count, violations: wrong.length });
});

/** Control: errors planted in the database that the test must find. */
const CONTROLS: Readonly<Record<string, string>> = {
  'an epoch that is not increased': `
    create function plant() returns trigger language plpgsql as 'begin new.session_epoch := old.session_epoch; return new; end';
    create trigger plant before update on users for each row execute function plant()`,
  'a login that takes the next epoch': `
    create function plant() returns trigger language plpgsql as 'begin new.epoch := new.epoch + 1; return new; end';
    create trigger plant before insert on sessions for each row execute function plant()`,
  'a kept session that keeps its old epoch': `
    create function plant() returns trigger language plpgsql as 'begin new.epoch := old.epoch; return new; end';
    create trigger plant before update of epoch on sessions for each row execute function plant()`,
};

for (const [what, plant] of Object.entries(CONTROLS)) {
  t.test(`F42 finds ${what}`, { timeout }, async (t) => {
    const environment = await start(t);
    await environment.rows.unsafe(plant);
    const wrong = await rounds(environment, 8, randomNumbers(t));
    t.ok(wrong.length > 0, 'a violation is reported');
    t.comment(wrong.slice(0, 3));
  });
}
