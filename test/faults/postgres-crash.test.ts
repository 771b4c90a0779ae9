// Postgres restarts or crashes, or its network is cut, amid registrations and refreshes: what was answered stays.
import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { ownPostgres } from '../support/own-postgres.js';
import type { Answer } from '../support/problem.js';
import { type Service, startService, tokensOf } from '../support/service.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

const HEAL_MILLISECONDS = 10_000;
const CLIENTS = 4;

/** Clients that register, refresh and change their names until they are told to stop, as the documentation tells them to. */
async function startLoad(service: Service) {
  const registered: string[] = [];
  /** How often each status came, errors with their code. */
  const statuses = new Map<string, number>();
  let running = true;
  const count = (answer: Answer | undefined) => {
    const { statusCode = 0, body = '{}' } = answer ?? {};
    const what = statusCode < 400 ? String(statusCode) : `${statusCode} ${JSON.parse(body).code}`;
    statuses.set(what, (statuses.get(what) ?? 0) + 1);
  };

  async function refreshing(index: number) {
    const email = `refreshing${index}@example.com`;
    await service.register(email);
    const session = { token: tokensOf(await service.login(email)).refresh_token, key: randomUUID(), refreshes: 0 };
    const done = (async () => {
      while (running) {
        const answer = await service.refresh(session.token, { 'idempotency-key': session.key }).catch(() => undefined);
        count(answer);
        if (answer?.statusCode === 503) await sleep(50);
        if (answer?.statusCode !== 200) continue;
        session.token = tokensOf(answer).refresh_token;
        session.key = randomUUID();
        session.refreshes++;
      }
    })();
    return { session, done };
  }

  async function registering(index: number): Promise<void> {
    for (let i = 0; running; i++) {
      const email = `registering${index}-${i}@example.com`;
      const answer = await service.register(email).catch(() => undefined);
      count(answer);
      if (answer?.statusCode === 503) await sleep(50);
      if (answer?.statusCode === 201) registered.push(email);
    }
  }

  /** What a session changes is done in a transaction of several statements. */
  async function renaming() {
    const email = 'renaming@example.com';
    await service.register(email);
    const login = await service.login(email);
    const account = { token: tokensOf(login).access_token, renamings: 0 };
    const done = (async () => {
      while (running) {
        const username = `name ${account.renamings + 1}`;
        const answer = await service.updateMe(account.token, { username }).catch(() => undefined);
        count(answer);
        if (answer?.statusCode === 503) await sleep(50);
        if (answer?.statusCode === 200) account.renamings++;
      }
    })();
    return { account, done };
  }

  const { account, done: renamed } = await renaming();
  const sessions = await Promise.all(Array.from({ length: CLIENTS }, (_, i) => refreshing(i)));
  const registrations = [registering(0), registering(1)];
  return {
    registered,
    statuses,
    account,
    sessions: sessions.map(({ session }) => session),
    stop: async () => {
      running = false;
      await Promise.all([...sessions.map(({ done }) => done), ...registrations, renamed]);
    },
  };
}

t.test('restart, crash and cut amid registrations and refreshes lose nothing that was answered', async (t) => {
  const database = await ownPostgres(t);
  const proxy = await startTcpProxy(t, database.url());
  const service = await startService(t, proxy.url, { SETTING_ACCESS_TOKEN_LIFETIME: '3600' });
  const load = await startLoad(service);
  const progress = () => load.registered.length + load.sessions.reduce((sum, { refreshes }) => sum + refreshes, 0);

  const faults = {
    'fast shutdown': async () => {
      await database.stopFast();
      proxy.redirect(await database.start());
    },
    crash: async () => {
      await database.stopImmediately();
      proxy.redirect(await database.start());
    },
    'many cuts': async () => {
      for (let cut = 0; cut < 30; cut++) {
        proxy.cut();
        const before = progress();
        await until('traffic', () => progress() > before + randomInt(5), HEAL_MILLISECONDS);
      }
    },
  };
  for (const [what, fault] of Object.entries(faults)) {
    const before = progress();
    await until(`traffic before: ${what}`, () => progress() > before + 20);
    await fault();
    const { renamings } = load.account;
    const after = progress();
    await until(`traffic after: ${what}`, () => progress() > after + 20, HEAL_MILLISECONDS);
    await until(`transactions after: ${what}`, () => load.account.renamings > renamings, HEAL_MILLISECONDS);
  }
  await load.stop();
  await until('ready', async () => (await service.status('/readyz')) === 200);
  t.comment(load.statuses);

  t.equal(service.child.exitCode, null, 'the service is the same process');
  const expected = ['200', '201', '503 database_unavailable'];
  for (const line of service.logLines()) if (Number(line.level) >= 50) t.comment(line);
  t.strictSame(
    [...load.statuses.keys()].filter((status) => !expected.includes(status)),
    [],
    'everything was answered: done, or 503',
  );
  for (const { token, key } of load.sessions) {
    t.equal(
      (await service.refresh(token, { 'idempotency-key': key })).statusCode,
      200,
      'a session that was answered lives',
    );
  }
  // One after the other: as many passwords at once are more than are checked at a time.
  const logins = new Set<number>();
  for (const email of load.registered) logins.add((await service.login(email)).statusCode);
  t.strictSame([...logins], [200], 'an account that was answered is there');
  const { username } = JSON.parse((await service.me(load.account.token)).body);
  t.ok(Number(username.slice(5)) >= load.account.renamings, 'a name that was answered is there');
});
