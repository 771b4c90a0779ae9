// Shared by the tests of the client: the real service behind a proxy, an account, and clients with short timeouts.
import type { Test } from 'tap';
import {
  createLatchkeyClient,
  type LatchkeyClientOptions,
  LatchkeyError,
  type LatchkeyStorage,
  memoryStorage,
} from '../../client/index.js';
import { sharedApps, type TestApp, testApp } from '../support/app.js';
import { type HttpProxy, startHttpProxy } from '../support/http-proxy.js';
import { rowsOf } from '../support/rows.js';
import { until } from '../support/until.js';

export const CREDENTIALS = { email: 'user@example.com', password: 'password' };

type Environment = Readonly<Record<string, string>>;
type Teardown = Pick<Test, 'teardown'>;

/** A listening service on a database of its own, with one account. */
export async function service(t: Teardown, env: Environment = {}) {
  return withAccount(t, await testApp(t, { env }));
}

/** `service` and `serviceBehindProxy` for the tests of a file, given its root test, which share the services. */
export function sharedServices(root: Teardown) {
  const apps = sharedApps(root);
  const sharedService = async (t: Teardown, env: Environment = {}) => withAccount(t, await apps({ env }));
  return {
    service: sharedService,
    serviceBehindProxy: async (t: Teardown, env?: Environment) => behindProxy(t, await sharedService(t, env)),
  };
}

async function withAccount(t: Teardown, { app, databaseUrl, register }: TestApp) {
  await register(CREDENTIALS.email);
  const origin = app.server.listening ? app.listeningOrigin : await app.listen({ host: '127.0.0.1', port: 0 });
  const rows = rowsOf(t, databaseUrl);
  return {
    origin,
    databaseUrl,
    rows,
    /** The number of live sessions. */
    liveSessions: () => count(rows`select count(*)::int as count from sessions where revoked_at is null`),
    /** The number of ended sessions. */
    endedSessions: () => count(rows`select count(*)::int as count from sessions where revoked_at is not null`),
  };
}

async function count(rows: PromiseLike<readonly unknown[]>): Promise<number> {
  const [row] = (await rows) as readonly { count: number }[];
  return row?.count ?? -1;
}

/** The same behind a proxy. */
export async function serviceBehindProxy(t: Teardown, env: Environment = {}) {
  return behindProxy(t, await service(t, env));
}

async function behindProxy(t: Teardown, real: Awaited<ReturnType<typeof service>>) {
  return { ...real, proxy: await startHttpProxy(t, real.origin) };
}

/** A client that retries quickly and collects the reasons for which sessions ended. */
export function clientOf(baseUrl: string, options: Partial<LatchkeyClientOptions> = {}) {
  const ends: string[] = [];
  const client = createLatchkeyClient({
    baseUrl,
    timeoutMilliseconds: 5000,
    firstPauseMilliseconds: 10,
    onSessionEnd: (reason) => ends.push(reason),
    ...options,
  });
  return { ...client, ends };
}

/** A storage that several clients share, as tabs do. */
export function sharedStorage(name: string): LatchkeyStorage {
  return { ...memoryStorage(), name };
}

/** The stored session; only tests may read it directly. */
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

/** What `codeOf` may return for a live session: success, or a temporary failure (of the database on a busy machine too). */
export const NOT_NOW =
  /^(it succeeded|unavailable|unexpected_answer|refresh_token_used|database_unavailable|overloaded|handler_timeout)$/;

/** Repeats the request until it is answered, since on a busy machine a good network can look bad; the session must not end. */
export async function recovered(client: { fetch: (url: string) => Promise<Response> }, url: string): Promise<number> {
  return until(
    'an answer',
    async () => {
      try {
        return (await client.fetch(url)).status;
      } catch (error) {
        if (error instanceof LatchkeyError && NOT_NOW.test(error.code)) return undefined;
        throw error;
      }
    },
    60_000,
  );
}

/** The bodies of refreshes that were sent with more than one Idempotency-Key. */
export function tokensWithManyKeys(proxy: HttpProxy): string[] {
  const keys = new Map<string, Set<string | undefined>>();
  for (const { body, key } of proxy.requests('/api/refresh/')) keys.set(body, (keys.get(body) ?? new Set()).add(key));
  return [...keys].filter(([, each]) => each.size > 1).map(([body]) => body);
}
