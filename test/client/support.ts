// What tests of the client share: the real service behind a proxy, an account, and clients that do not wait long.
import type { Test } from 'tap';
import {
  createLatchkeyClient,
  type LatchkeyClientOptions,
  LatchkeyError,
  type LatchkeyStorage,
  memoryStorage,
} from '../../client/index.js';
import { testApp } from '../support/app.js';
import { startHttpProxy } from '../support/http-proxy.js';
import { rowsOf } from '../support/rows.js';

export const CREDENTIALS = { email: 'user@example.com', password: 'password' };

/** The service on a database of its own, listening; with an account. */
export async function service(t: Pick<Test, 'teardown'>, env: Readonly<Record<string, string>> = {}) {
  const { app, databaseUrl, register } = await testApp(t, { env });
  await register(CREDENTIALS.email);
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  const rows = rowsOf(t, databaseUrl);
  return {
    origin,
    databaseUrl,
    rows,
    /** How many sessions of all that there were are alive. */
    liveSessions: async (): Promise<number> => {
      const [{ count } = { count: -1 }] = await rows<{ count: number }[]>`
        select count(*)::int as count from sessions where revoked_at is null`;
      return count;
    },
  };
}

/** The same with a proxy before it. */
export async function serviceBehindProxy(t: Pick<Test, 'teardown'>, env: Readonly<Record<string, string>> = {}) {
  const real = await service(t, env);
  return { ...real, proxy: await startHttpProxy(t, real.origin) };
}

/** A client that gives up and tries again quickly, and keeps the reasons of ended sessions. */
export function clientOf(baseUrl: string, options: Partial<LatchkeyClientOptions> = {}) {
  const ends: string[] = [];
  const client = createLatchkeyClient({
    baseUrl,
    timeoutMilliseconds: 1000,
    firstPauseMilliseconds: 10,
    onSessionEnd: (reason) => ends.push(reason),
    ...options,
  });
  return { ...client, ends };
}

/** A storage as tabs share it. */
export function sharedStorage(name: string): LatchkeyStorage {
  return { ...memoryStorage(), name };
}

/** What is stored, read as nobody but a test should. */
export async function storedIn(storage: LatchkeyStorage): Promise<{
  session: string;
  generation: number;
  accessToken: string;
  refreshToken: string;
  key: string;
} | null> {
  return JSON.parse((await storage.get()) ?? 'null');
}

/** The code that a promise rejects with. */
export async function codeOf(pending: Promise<unknown>): Promise<string> {
  try {
    await pending;
  } catch (error) {
    if (error instanceof LatchkeyError) return error.code;
    throw error;
  }
  return 'it succeeded';
}
