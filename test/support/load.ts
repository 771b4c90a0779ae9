// A small load of clients that record their answers, so that these can be checked afterwards.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './problem.js';
import { type Service, tokensOf } from './service.js';
import { until } from './until.js';

/** The number of sessions that are refreshed in a loop. */
export const CHAINS = 3;
const HEAL_MILLISECONDS = 10_000;
const GUESTS = 2;
/** Between two calls of one client: about 50 calls per second in total. */
const PAUSE_MILLISECONDS = 80;

/** Starts clients that record their answers. A call without an answer, or with 503, is repeated a little later. */
export function startLoad(service: Service) {
  const name = randomUUID();
  /** Every address that a client has tried to register. */
  const tried = new Set<string>();
  const registered: string[] = [];
  /** Refresh tokens whose logout was acknowledged. */
  const ended: string[] = [];
  const statuses = new Map<string, number>();
  let running = true;
  let answered = 0;

  /** Resolves to the answer if it has the expected status. */
  async function ask(expected: number, call: () => Promise<Answer>): Promise<Answer | undefined> {
    const answer = await call().catch(() => undefined);
    const { statusCode = 0, body = '{}' } = answer ?? {};
    const what = statusCode >= 400 ? `${statusCode} ${JSON.parse(body).code}` : String(statusCode);
    statuses.set(what, (statuses.get(what) ?? 0) + 1);
    await sleep(PAUSE_MILLISECONDS);
    if (statusCode !== expected) return undefined;
    answered++;
    return answer;
  }

  const register = async (email: string) => {
    tried.add(email);
    if ((await ask(201, () => service.register(email))) === undefined) return false;
    registered.push(email);
    return true;
  };
  const logIn = async (email: string) => {
    const answer = await ask(200, () => service.login(email));
    return answer && tokensOf(answer).refresh_token;
  };

  async function chain(index: number) {
    const email = `chain${index}-${name}@example.com`;
    const session = { token: '', key: randomUUID(), refreshes: 0 };
    while (running && !(await register(email))) tried.add(email);
    while (running && session.token === '') session.token = (await logIn(email)) ?? '';
    const done = (async () => {
      while (running) {
        const answer = await ask(200, () => service.refresh(session.token, { 'idempotency-key': session.key }));
        if (answer === undefined) continue;
        session.token = tokensOf(answer).refresh_token;
        session.key = randomUUID();
        session.refreshes++;
      }
    })();
    return { session, done };
  }

  async function guest(index: number): Promise<void> {
    for (let i = 0; running; i++) {
      const email = `guest${index}-${i}-${name}@example.com`;
      if (!(await register(email))) continue;
      const token = await logIn(email);
      if (token === undefined) continue;
      if ((await ask(200, () => service.logout(token))) !== undefined) ended.push(token);
    }
  }

  const chains = Promise.all(Array.from({ length: CHAINS }, (_, i) => chain(i)));
  const guests = Array.from({ length: GUESTS }, (_, i) => guest(i));
  return {
    tried,
    registered,
    ended,
    statuses,
    answered: () => answered,
    /** Stops the clients; resolves to the live sessions. */
    stop: async () => {
      running = false;
      const found = await chains;
      await Promise.all([...guests, ...found.map(({ done }) => done)]);
      return found.map(({ session }) => session);
    },
  };
}

export type Load = ReturnType<typeof startLoad>;

/** Resolves when `count` more calls have succeeded. */
export async function untilTraffic(load: Load, what: string, count = 60): Promise<void> {
  const before = load.answered();
  await until(`traffic ${what}`, () => load.answered() > before + count, 60_000);
}

/** Resolves when the service is ready and serves requests; rejects after ten seconds. */
export async function untilServed(service: Service, load: Load): Promise<void> {
  const before = load.answered();
  const isServed = async () => (await service.status('/readyz')) === 200 && load.answered() > before + 10;
  await until('served again', isServed, HEAL_MILLISECONDS);
}

/** Counts the acknowledged changes that were lost. Checks one after the other, since passwords are expensive. */
export async function countLost(service: Service, load: Load, sessions: readonly { token: string; key: string }[]) {
  const lost = { accounts: 0, refreshes: 0, logouts: 0 };
  for (const email of load.registered) if ((await service.login(email)).statusCode !== 200) lost.accounts++;
  for (const { token, key } of sessions) {
    const { statusCode } = await service.refresh(token, { 'idempotency-key': key });
    if (statusCode !== 200) lost.refreshes++;
  }
  for (const token of load.ended) if ((await service.refresh(token)).statusCode !== 401) lost.logouts++;
  return lost;
}
