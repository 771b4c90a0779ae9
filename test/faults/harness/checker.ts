// After the faults: reads everything back and reports the invariants that were broken.
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import type { Answer } from '../../support/problem.js';
import type { HttpClient } from '../../support/service.js';
import { newest, type Target } from './clients.js';
import { describe, type History, type KnownAccount, type KnownSession, type Violation } from './history.js';

/** Accounts read back at once. */
const AT_ONCE = 8;
/** Older tokens tried per session. */
const OLDER = 2;

/** Compares the history with the answers of the service and the rows of its database; resolves to the broken invariants. */
export async function check(history: History, target: Target, databaseUrl: string): Promise<Violation[]> {
  const found: Violation[] = [...history.violations, ...exchangeViolations(history)];
  const violate = (invariant: string, what: string) => found.push({ invariant, what });
  const rows = await rowsPerEmail(databaseUrl);
  for (const [email, count] of rows) if (count > 1) violate('I8', `${email} has ${count} accounts`);

  const accounts = [...history.accounts];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let account = accounts.pop(); account !== undefined; account = accounts.pop()) {
        await readBack(account, target(), rows.has(account.email), violate);
      }
    }),
  );
  return found;
}

/** I3: a token was exchanged for at most one other. I2: no token is the successor of two. */
function exchangeViolations({ calls }: History): Violation[] {
  const found: Violation[] = [];
  const successors = new Map<string, string>();
  const parents = new Map<string, string>();
  for (const { exchange } of calls) {
    if (exchange === undefined) continue;
    const { token, successor } = exchange;
    if ((successors.get(token) ?? successor) !== successor)
      found.push({ invariant: 'I3', what: 'one token was exchanged for two' });
    if ((parents.get(successor) ?? token) !== token)
      found.push({ invariant: 'I2', what: 'two tokens were exchanged for the same one' });
    successors.set(token, successor);
    parents.set(successor, token);
  }
  return found;
}

async function readBack(
  account: KnownAccount,
  client: HttpClient,
  isThere: boolean,
  violate: (invariant: string, what: string) => void,
): Promise<void> {
  const { email, registered, sessions } = account;
  if (registered === 'no' && isThere) violate('I7', `${email} is there, and nobody was registered with it`);
  if (registered === 'yes' && !isThere) violate('I1', `${email} was acknowledged and is gone`);
  if (!isThere) return;
  let accepted = 0;
  for (const password of account.passwords) {
    if ((await retryWhileBusy(() => client.login(email, password))).statusCode === 200) accepted++;
  }
  if (accepted === 0) violate(account.passwords.length > 1 ? 'I7' : 'I1', `${email} has none of its passwords`);
  if (accepted > 1) violate('I7', `${email} has two passwords`);
  for (const session of sessions) await readSession(email, session, client, account.passwords.length > 1, violate);
}

async function readSession(
  email: string,
  session: KnownSession,
  client: HttpClient,
  passwordIsDoubtful: boolean,
  violate: (invariant: string, what: string) => void,
): Promise<void> {
  const { tokens, key, state } = session;
  const last = newest(session);
  if (state === 'living') {
    const answer = await retryWhileBusy(() => client.refresh(last, { 'idempotency-key': key }));
    if (answer.statusCode !== 200 && !passwordIsDoubtful)
      violate('I5', `${email}: a living session: ${describe(answer)}`);
  }
  if (state === 'doubtful') return;
  // The newest one first, which has been used above: an older one ends the session.
  const dead = tokens.slice(-OLDER - 1).reverse();
  for (const token of dead) {
    const answer = await retryWhileBusy(() => client.refresh(token));
    if (answer.statusCode !== 401) violate(state === 'ended' ? 'I4' : 'I2', `${email}: ${state}: ${describe(answer)}`);
  }
}

/** Repeats a call while the service is busy, as it may be after a recovery. */
async function retryWhileBusy(ask: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined && answer.statusCode !== 503 && answer.statusCode !== 429) return answer;
    if (attempt === 100) throw new Error(`no answer after ${attempt} attempts: ${describe(answer)}`);
    await sleep(100);
  }
}

async function rowsPerEmail(databaseUrl: string): Promise<Map<string, number>> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    const rows = await sql`select lower(email) as email, count(*)::int as count from users group by 1`;
    return new Map(rows.map(({ email, count }) => [email, count]));
  } finally {
    await sql.end();
  }
}
