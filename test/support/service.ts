// The service as operators run it: child processes of the compiled command, called over HTTP.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { packageRoot } from '#platform/process/package-info.js';
import type { TokenPair } from '#schemas/token-pair.js';
import { TEST_SECRET } from './app.js';
import type { Answer } from './problem.js';
import { MAX_WAIT_MILLISECONDS, until } from './until.js';

type Teardown = Pick<Test, 'teardown'>;
type Environment = Readonly<Record<string, string>>;

/** The folder to which V8 writes coverage data. */
const { NODE_V8_COVERAGE } = process.env;
/** The bundle, or for coverage that of the tests, which can be mapped to its sources. */
const MAIN = join(packageRoot, 'dist', NODE_V8_COVERAGE === undefined ? 'bundle' : 'bundled', 'src', 'cli', 'main.js');

/** Generous, since the machine may run other tests too. */
const START_MILLISECONDS = Math.max(30_000, MAX_WAIT_MILLISECONDS);

/** The timeout of a call. */
const ANSWER_MILLISECONDS = Math.max(15_000, MAX_WAIT_MILLISECONDS / 2);

/** The exit status and the output of a process. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Starts the `latchkey` command with only `env` as its environment, in a folder without a `.env` file. `input`: its standard input,
 * which is not a terminal. `before`: a shell command that runs first, to set limits of the process. `main`: the command of another build.
 */
export function startCommand(
  args: readonly string[],
  env: Environment,
  input: string | Buffer = '',
  before?: string,
  main = MAIN,
) {
  const { PATH = '', HOME = '' } = process.env;
  // tap would otherwise load its module hooks into the command, which doubles the time of its start.
  const nodeOptions = env.NODE_OPTIONS === undefined ? ['-u', 'NODE_OPTIONS'] : [`NODE_OPTIONS=${env.NODE_OPTIONS}`];
  const command = ['env', ...nodeOptions, process.execPath, main, ...args];
  const [program = '', ...rest] =
    before === undefined ? command : ['sh', '-c', `${before}; exec "$@"`, 'sh', ...command];
  const child = spawn(program, rest, {
    cwd: tmpdir(),
    env: { PATH, HOME, ...(NODE_V8_COVERAGE !== undefined && { NODE_V8_COVERAGE }), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A command may end without reading all of its input.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code, signal]): Ending => ({ code, signal, stdout, stderr }));
  return { child, ended, stdout: () => stdout, stderr: () => stderr };
}

/** Runs the command until it exits; after `milliseconds` it is killed. */
export async function runCommand(
  args: readonly string[],
  env: Environment,
  milliseconds = START_MILLISECONDS,
  input: string | Buffer = '',
  main = MAIN,
): Promise<Ending> {
  const { child, ended } = startCommand(args, env, input, undefined, main);
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  const ending = await ended;
  clearTimeout(timer);
  return ending;
}

/** A free port of the loopback address. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The environment of a service in a test, with the cheapest allowed password hash. */
export function serviceEnvironment(databaseUrl: string, port: number): Environment {
  return {
    DATABASE_URL: databaseUrl,
    AUTH_SECRET: TEST_SECRET,
    HOST: '127.0.0.1',
    PORT: String(port),
    ARGON2_MEMORY_KIB: '7168',
    ARGON2_TIME_COST: '1',
  };
}

/** Starts `latchkey serve` and waits until it is ready; killed when the test ends. */
export async function startService(
  t: Teardown,
  databaseUrl: string,
  env: Environment = {},
  before?: string,
  main = MAIN,
) {
  const port = await freePort();
  const environment = { ...serviceEnvironment(databaseUrl, port), ...env };
  const { child, ended, stdout, stderr } = startCommand(['serve'], environment, '', before, main);
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const client = httpClient(port);
  const isReady = async () => {
    if (child.exitCode !== null) throw new Error(`the service ended: ${stderr()}${stdout()}`);
    return (await client.status('/readyz')) === 200;
  };
  await until('the service is ready', isReady, START_MILLISECONDS);
  return {
    ...client,
    child,
    pid: pidOf(child),
    port,
    ended,
    logLines: () => logLines(stdout()),
    /** Sends a signal and resolves when the process has ended. */
    stop: (signal: NodeJS.Signals): Promise<Ending> => {
      child.kill(signal);
      return ended;
    },
  };
}

export type Service = Awaited<ReturnType<typeof startService>>;

/** The variable parts of a call. */
export interface Call {
  readonly body?: object | undefined;
  readonly headers?: Record<string, string>;
  /** The timeout of the connection, in milliseconds. */
  readonly timeout?: number;
}

/** An HTTP client that opens a new connection for each call. A call without an answer rejects. */
export function httpClient(port: number) {
  function call(
    method: string,
    path: string,
    { body, headers = {}, timeout = ANSWER_MILLISECONDS }: Call = {},
  ): Promise<Answer> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port,
          method,
          path,
          agent: false,
          // For DELETE, Node does not set the content length by itself.
          headers:
            payload === undefined
              ? headers
              : {
                  'content-type': 'application/json',
                  'content-length': String(Buffer.byteLength(payload)),
                  ...headers,
                },
        },
        (incoming) => {
          let text = '';
          incoming.setEncoding('utf8');
          incoming.on('data', (chunk) => {
            text += chunk;
          });
          incoming.on('error', reject);
          incoming.on('end', () =>
            resolve({ statusCode: incoming.statusCode ?? 0, headers: incoming.headers, body: text }),
          );
        },
      );
      outgoing.setTimeout(timeout, () => outgoing.destroy(new Error(`no answer within ${timeout} ms`)));
      outgoing.on('error', reject);
      outgoing.end(payload);
    });
  }

  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    call('POST', path, { body, headers });
  const bearer = (accessToken: string) => ({ authorization: `Bearer ${accessToken}` });

  return {
    call,
    post,
    /** The status of a GET; undefined without an answer. */
    status: (path: string): Promise<number | undefined> =>
      call('GET', path).then(
        ({ statusCode }) => statusCode,
        () => undefined,
      ),
    register: (email: string, password = 'password') => post('/api/register/', { email, password }),
    login: (email: string, password = 'password') => post('/api/login/', { email, password }),
    refresh: (refreshToken: string, headers: Record<string, string> = {}) =>
      post('/api/refresh/', { refresh_token: refreshToken }, headers),
    logout: (refreshToken: string) => post('/api/logout/', { refresh_token: refreshToken }),
    me: (accessToken: string) => call('GET', '/api/me/', { headers: bearer(accessToken) }),
    updateMe: (accessToken: string, body: object) => call('PUT', '/api/me/', { body, headers: bearer(accessToken) }),
    /** A call with an access token. */
    as: (accessToken: string, method: string, path: string, body?: object) =>
      call(method, path, { body, headers: bearer(accessToken) }),
  };
}

export type HttpClient = ReturnType<typeof httpClient>;

/** The token pair of a login or refresh; throws if it failed. */
export function tokensOf(answer: Answer): TokenPair {
  if (answer.statusCode !== 200) throw new Error(`no tokens: ${answer.statusCode} ${answer.body}`);
  return JSON.parse(answer.body);
}

/** The claims of an access token, not verified. */
export function claimsOf({
  access_token: token,
}: Pick<TokenPair, 'access_token'> & Partial<TokenPair>): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

/** Calls every operation of a user and asserts its status; this executes every SQL statement of these operations. */
export async function exerciseContract(t: Test, client: HttpClient, email = 'user@example.com'): Promise<void> {
  const statusOf = async (what: string, pending: Promise<Answer>, expected: number) => {
    const answer = await pending;
    t.equal(answer.statusCode, expected, `${what}: ${answer.body}`);
    return answer;
  };
  await statusOf('register', client.register(email), 201);
  await statusOf('register again', client.register(email), 409);
  await statusOf('wrong password', client.login(email, 'wrong password'), 401);
  const first = tokensOf(await statusOf('login', client.login(email), 200));
  await statusOf('me', client.me(first.access_token), 200);
  await statusOf('username', client.updateMe(first.access_token, { username: 'John Smith' }), 200);
  const second = tokensOf(await statusOf('refresh', client.refresh(first.refresh_token), 200));
  await statusOf('used token', client.refresh(first.refresh_token), 401);
  const other = tokensOf(await statusOf('second session', client.login(email), 200));
  await statusOf('password', client.updateMe(second.access_token, { password: 'another password' }), 200);
  await statusOf('other session', client.refresh(other.refresh_token), 401);
  const third = tokensOf(await statusOf('new password', client.login(email, 'another password'), 200));
  await statusOf('logout', client.logout(third.refresh_token), 200);
  await statusOf('after logout', client.refresh(third.refresh_token), 401);
  const [fourth, fifth] = [
    tokensOf(await client.login(email, 'another password')),
    tokensOf(await client.login(email, 'another password')),
  ];
  const as = (method: string, path: string, body?: object) => client.as(fourth.access_token, method, path, body);
  await statusOf('sessions', as('GET', '/api/me/sessions/'), 200);
  await statusOf('end a session', as('DELETE', `/api/me/sessions/${claimsOf(fifth).sid}/`), 204);
  await statusOf('end a session again', as('DELETE', `/api/me/sessions/${claimsOf(fifth).sid}/`), 404);
  await statusOf('end the others', as('DELETE', '/api/me/sessions/'), 204);
  await statusOf('wrong password', as('DELETE', '/api/me/', { current_password: 'password' }), 403);
  await statusOf('delete the account', as('DELETE', '/api/me/', { current_password: 'another password' }), 204);
  await statusOf('after the deletion', client.refresh(fourth.refresh_token), 401);
  await statusOf('ready', client.call('GET', '/readyz'), 200);
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('the process did not start');
  return pid;
}

function logLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line));
}
