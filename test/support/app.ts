// The real application on a real database; every answer is checked against the OpenAPI document.
import { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InjectOptions, LightMyRequestResponse as Response } from 'fastify';
import type { Test } from 'tap';
import { type App, type AppEdges, buildApp } from '#app.js';
import { type AppConfiguration, LOCAL_SENDER, readConfiguration } from '#platform/config/config.js';
import type { SessionList } from '#schemas/session.js';
import type { TokenPair } from '#schemas/token-pair.js';
import { setupTokenHash } from '#setup/token.js';
import { conformanceOf } from './conformance.js';
import { testDatabase } from './database.js';
import { deleteAccounts } from './rows.js';
import { isFaultTest } from './until.js';

export const TEST_SECRET = 'test-Zq8yX2kFh4mV9cLr7TnWb3pJd6sGa1eU';

/** Requests wait longer for the database than in production, since a busy machine is not what these tests are about. */
const PATIENT = isFaultTest ? {} : { deadline: 8000 };

export interface TestAppOptions {
  /** Additional environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: AppEdges['now'];
  /** The token that creates the first admin, as with the embedded database. */
  readonly setupToken?: string;
  /** Whether mails are caught, as with the embedded database: see `mailsOf` of ./mail.ts. */
  readonly catchesMail?: boolean;
}

/** The configuration of a test, with the cheapest allowed password hash. */
export function testConfiguration(databaseUrl: string, env: Readonly<Record<string, string>> = {}): AppConfiguration {
  const config = readConfiguration({
    DATABASE_URL: databaseUrl,
    AUTH_SECRET: TEST_SECRET,
    ARGON2_MEMORY_KIB: '7168',
    ARGON2_TIME_COST: '1',
    OVERLOAD_DELAY_MS: '0',
    LOG_LEVEL: 'debug',
    ...env,
  });
  const [first = '', ...rest] = config.secrets;
  return {
    ...config,
    secrets: [first, ...rest],
    database: { ...config.database, url: databaseUrl, directUrl: databaseUrl, ...PATIENT },
  };
}

/** Builds the app on a new database and closes it when the test ends. */
export async function testApp(t: Pick<Test, 'teardown'>, options: TestAppOptions = {}) {
  const databaseUrl = await testDatabase(t);
  return testAppOn(t, databaseUrl, options);
}

/** The same on an existing database, for example as a second instance. */
export async function testAppOn(
  t: Pick<Test, 'teardown'>,
  databaseUrl: string,
  { env = {}, now, setupToken, catchesMail = false }: TestAppOptions = {},
) {
  const lines: string[] = [];
  const parsed: Record<string, unknown>[] = [];
  const logStream = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  const config = {
    ...testConfiguration(databaseUrl, env),
    ...(setupToken && { setupTokenHash: setupTokenHash(setupToken) }),
    ...(catchesMail && {
      mail: { type: 'catch' as const, from: LOCAL_SENDER, templates: env.MAIL_TEMPLATES },
    }),
  };
  const app = await buildApp(config, { logStream, ...(now && { now }) });
  t.teardown(() => app.close());
  return {
    app,
    /** Every route, including those of the documentation pages. */
    routes: app.routes,
    databaseUrl,
    logLines: () => {
      for (const line of lines.splice(0)) parsed.push(JSON.parse(line));
      return [...parsed];
    },
    ...clientOf(app),
  };
}

/**
 * For the tests of a file, given its root test: returns one app for equal options instead of a new one for each test, which takes longer
 * than most tests. It begins without accounts and without log lines. Settings, roles and signing keys remain, so a test that changes them
 * has to undo that, or to use `testApp`.
 */
export function sharedApps(root: Pick<Test, 'teardown'>, now?: AppEdges['now']) {
  const apps = new Map<string, TestApp>();
  return async (options: Omit<TestAppOptions, 'now'> = {}): Promise<TestApp> => {
    const key = JSON.stringify(options);
    const known = apps.get(key);
    if (known === undefined) {
      const created = await testApp(root, { ...options, ...(now && { now }) });
      apps.set(key, created);
      return created;
    }
    await deleteAccounts(known.app.db);
    const before = known.logLines().length;
    return { ...known, logLines: () => known.logLines().slice(before) };
  };
}

const OVERLOAD_PAUSE_MILLISECONDS = 100;

function isOverload({ statusCode, body }: Response): boolean {
  return statusCode === 503 && body.includes('"overloaded"');
}

export type TestApp = Awaited<ReturnType<typeof testApp>>;

/** Requests to the app, as a client would send them. */
function clientOf(app: App) {
  let overloadIsAnswer = false;
  // At the first answer: some tests send no request.
  let check: ReturnType<typeof conformanceOf> | undefined;

  async function inject(options: InjectOptions): Promise<Response> {
    for (;;) {
      const response = await app.inject(options);
      check ??= conformanceOf(app);
      check(options, response);
      if (overloadIsAnswer || options.payload instanceof Readable || !isOverload(response)) return response;
      await sleep(OVERLOAD_PAUSE_MILLISECONDS);
    }
  }

  const post = (url: string, payload: object, headers: Record<string, string> = {}) =>
    inject({ method: 'POST', url, payload, headers });
  const bearer = (accessToken: string) => ({ authorization: `Bearer ${accessToken}` });

  return {
    inject,
    /**
     * Runs a test of overload, in which 503 `overloaded` is returned. Otherwise such a request is sent again, as the documentation
     * tells clients to do: it was refused before any work, and on a busy machine any burst of logins can be.
     */
    whileOverloaded: async <T>(run: () => Promise<T>): Promise<T> => {
      overloadIsAnswer = true;
      try {
        return await run();
      } finally {
        overloadIsAnswer = false;
      }
    },
    post,
    register: (email = 'user@example.com', password = 'password') => post('/api/register/', { email, password }),
    login: async (email = 'user@example.com', password = 'password'): Promise<TokenPair> => {
      const response = await post('/api/login/', { email, password });
      if (response.statusCode !== 200) throw new Error(`login failed: ${response.body}`);
      return response.json();
    },
    refresh: (refreshToken: string, idempotencyKey?: string) =>
      post(
        '/api/refresh/',
        { refresh_token: refreshToken },
        idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey },
      ),
    logout: (refreshToken: string) => post('/api/logout/', { refresh_token: refreshToken }),
    me: (accessToken: string) => inject({ method: 'GET', url: '/api/me/', headers: bearer(accessToken) }),
    sessions: async (accessToken: string): Promise<SessionList['sessions']> => {
      const response = await inject({ method: 'GET', url: '/api/me/sessions/', headers: bearer(accessToken) });
      if (response.statusCode !== 200) throw new Error(`no list of sessions: ${response.body}`);
      return response.json().sessions;
    },
    endSession: (accessToken: string, id: string) =>
      inject({ method: 'DELETE', url: `/api/me/sessions/${id}/`, headers: bearer(accessToken) }),
    endOtherSessions: (accessToken: string) =>
      inject({ method: 'DELETE', url: '/api/me/sessions/', headers: bearer(accessToken) }),
    logoutEverywhere: (accessToken: string) =>
      inject({ method: 'POST', url: '/api/logout/all/', headers: bearer(accessToken) }),
    deleteMe: (accessToken: string, currentPassword = 'password') =>
      inject({
        method: 'DELETE',
        url: '/api/me/',
        payload: { current_password: currentPassword },
        headers: bearer(accessToken),
      }),
    updateMe: (accessToken: string, payload: object) =>
      inject({ method: 'PUT', url: '/api/me/', payload, headers: bearer(accessToken) }),
  };
}
