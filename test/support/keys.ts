// Helpers for tests of signing keys: their rows, their age, and how instances use them.
import postgres from 'postgres';
import type { Test } from 'tap';
import { type TestApp, type TestAppOptions, testApp, testAppOn } from './app.js';
import { rowsOf } from './rows.js';
import type { Service } from './service.js';
import { until } from './until.js';

/** The columns of signing_keys that tests use. */
export interface KeyRow {
  readonly kid: string;
  readonly alg: string;
  readonly state: 'next' | 'active' | 'retired';
  readonly public_jwk: Record<string, string> | null;
  readonly private_key: Buffer;
  readonly longest_lifetime: number;
  readonly retired_at: Date | null;
  readonly expires_at: Date | null;
}

/** All rows, oldest first. */
export async function keyRows(rows: postgres.Sql): Promise<KeyRow[]> {
  return [...(await rows<KeyRow[]>`select * from signing_keys order by created_at, kid`)];
}

/** The only row in this state. */
export async function keyIn(rows: postgres.Sql, state: KeyRow['state']): Promise<KeyRow> {
  const found = (await keyRows(rows)).filter((row) => row.state === state);
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${found.length} keys are ${state}`);
  return first;
}

/** The number of keys in each state. */
export async function keyStates(rows: postgres.Sql): Promise<Record<string, number>> {
  const counts: Record<string, number> = { active: 0, next: 0, retired: 0 };
  for (const { state } of await keyRows(rows)) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** Makes all keys older by moving their times into the past, without a notification. */
export async function ageKeys(rows: postgres.Sql, seconds: number): Promise<void> {
  await rows`
    update signing_keys set
      created_at = created_at - ${seconds} * interval '1 second',
      activated_at = activated_at - ${seconds} * interval '1 second',
      retired_at = retired_at - ${seconds} * interval '1 second',
      expires_at = expires_at - ${seconds} * interval '1 second'`;
}

/** Notifies every instance that the table has changed. */
export async function announceKeys(rows: postgres.Sql): Promise<void> {
  await rows`select pg_notify('latchkey_signing_keys', 'test')`;
}

/** The kid in the header of an access token. */
export function kidOf(accessToken: string): string {
  return JSON.parse(Buffer.from(accessToken.split('.')[0] ?? '', 'base64url').toString()).kid;
}

/** Two instances on one database with one account, and its rows. */
export async function twoInstances(t: Pick<Test, 'teardown'>, options: TestAppOptions = {}) {
  const one = await testApp(t, options);
  const two = await testAppOn(t, one.databaseUrl, options);
  await one.register();
  return { one, two, all: [one, two], rows: rowsOf(t, one.databaseUrl) };
}

/** A new access token of the account. */
export async function tokenOf({ login }: Pick<TestApp, 'login'>): Promise<string> {
  return (await login()).access_token;
}

/** All instances reload the keys at once and perform the changes that are due. */
export async function reloadKeys(all: readonly TestApp[]): Promise<void> {
  await Promise.all(all.map(({ app }) => app.keys.reload()));
}

/** The kids that an instance, or a service in another process, publishes. */
export async function publishedKids(on: Pick<TestApp, 'inject'> | Pick<Service, 'call'>): Promise<string[]> {
  const url = '/.well-known/jwks.json';
  const { body } = 'inject' in on ? await on.inject({ method: 'GET', url }) : await on.call('GET', url);
  return JSON.parse(body).keys.map(({ kid }: { kid: string }) => kid);
}

/** The status of GET /api/verify/ for a token. */
export async function verifyStatus({ inject }: Pick<TestApp, 'inject'>, accessToken: string): Promise<number> {
  const headers = { authorization: `Bearer ${accessToken}` };
  return (await inject({ method: 'GET', url: '/api/verify/', headers })).statusCode;
}

/** Resolves when an instance signs with this key. */
export function untilSigningWith({ app }: TestApp, kid: string): Promise<boolean> {
  return until(`${kid} signs`, () => app.keys.current().kid === kid);
}

/** Log lines with this message. */
export function linesOf({ logLines }: Pick<TestApp, 'logLines'>, message: string): Record<string, unknown>[] {
  return logLines().filter(({ msg }) => msg === message);
}

/** Drops the database of a test. */
export async function dropDatabase(t: Pick<Test, 'teardown'>, databaseUrl: string): Promise<void> {
  const admin = postgres(process.env.TEST_DATABASE_URL ?? '', { max: 1, onnotice: () => {} });
  t.teardown(() => admin.end());
  await admin.unsafe(`drop database ${new URL(databaseUrl).pathname.slice(1)} with (force)`);
}
