// The requests of the clients, and checks of the responses.
import { randomUUID } from 'node:crypto';
import type { Answer } from './connection.js';

/** A logged-in client. */
export interface Client {
  readonly userId: number;
  readonly email: string;
  readonly refreshToken: string;
}

/** A request that can be repeated. */
export interface Target {
  readonly path: string;
  readonly accessToken?: string;
  readonly status: number;
  /** The expected body; undefined: none. */
  readonly body?: string;
}

export type Work =
  /** The targets in rotation; `once`: each a single time. */
  | { readonly kind: 'get'; readonly targets: readonly Target[]; readonly once: boolean }
  /** Each client refreshes with the token of its last refresh. */
  | { readonly kind: 'refresh'; readonly clients: readonly Client[]; readonly keepTokens: number }
  /** Each token a single time. */
  | { readonly kind: 'logout'; readonly refreshTokens: readonly string[] }
  | { readonly kind: 'login'; readonly emails: readonly string[]; readonly statuses: readonly number[] }
  | { readonly kind: 'register'; readonly prefix: string }
  /** All of it, as `SHARES` says. */
  | { readonly kind: 'mixed'; readonly clients: readonly Client[]; readonly prefix: string };

/** One request, and a check that returns the error in its response, or undefined. */
export interface Step {
  readonly request: string;
  readonly check: (answer: Answer) => string | undefined;
}

/** The next request, for any free connection; undefined: there is none left. */
export type Steps = () => Step | undefined;

const PASSWORD = 'password';
/** One in this number of responses is checked completely; of the others, only the status. */
const SAMPLE = 16;
/** The number of access tokens to keep for the runner to verify, unless all are requested. */
const KEPT_TOKENS = 16;
/** Of 400 requests in the mix, one is a login and one a registration: at the rate of the other requests, more would be rejected. */
const MIX = 400;
const [REGISTER, LOGIN] = [0, 1];
/** The number of refreshes in 100 of the other requests; the rest alternates between /api/me/ and /api/verify/. */
const REFRESHES = 18;

/** `tokens` receives the access tokens of responses. */
export function stepsOf(work: Work, tokens: string[]): Steps {
  switch (work.kind) {
    case 'get':
      return getting(work.targets, work.once);
    case 'refresh':
      return refreshing(work.clients, work.keepTokens, tokens);
    case 'logout':
      return loggingOut(work.refreshTokens);
    case 'login':
      return loggingIn(work.emails, work.statuses, tokens);
    case 'register':
      return registering(work.prefix);
    case 'mixed':
      return mixing(work.clients, work.prefix, tokens);
  }
}

function getting(targets: readonly Target[], once: boolean): Steps {
  const steps = targets.map(getStep);
  let next = 0;
  return () => {
    if (next === steps.length && once) return undefined;
    if (next === steps.length) next = 0;
    next += 1;
    return steps[next - 1];
  };
}

function getStep({ path, accessToken, status, body = '' }: Target): Step {
  const authorization = accessToken === undefined ? '' : `authorization: Bearer ${accessToken}\r\n`;
  const expected = body;
  return {
    request: `GET ${path} HTTP/1.1\r\nhost: bench\r\n${authorization}\r\n`,
    // The complete response to a GET is known in advance, and comparing it is cheap.
    check: (answer) =>
      answer.status === status && answer.body === expected ? undefined : `GET ${path}: ${described(answer)}`,
  };
}

function refreshing(clients: readonly Client[], keepTokens: number, tokens: string[]): Steps {
  const waiting = clients.map((client) => ({ ...client }));
  let count = 0;
  return () => {
    const client = waiting.shift();
    if (client === undefined) return undefined;
    count += 1;
    const isSample = count % SAMPLE === 0;
    return {
      request: refreshRequest(client.refreshToken),
      check: (answer) => {
        const wrong = checkPair(answer, isSample ? client : undefined);
        if (wrong !== undefined) return wrong;
        const pair = pairOf(answer);
        client.refreshToken = pair.refresh_token;
        waiting.push(client);
        if (tokens.length < keepTokens) tokens.push(pair.access_token);
        return undefined;
      },
    };
  };
}

function loggingOut(refreshTokens: readonly string[]): Steps {
  let next = 0;
  return () => {
    const token = refreshTokens[next];
    if (token === undefined) return undefined;
    next += 1;
    return {
      request: post('/api/logout/', { refresh_token: token }),
      check: (answer) => (answer.status === 200 ? undefined : `logout: ${described(answer)}`),
    };
  };
}

function loggingIn(emails: readonly string[], statuses: readonly number[], tokens: string[]): Steps {
  let next = 0;
  return () => {
    next = (next + 1) % emails.length;
    return {
      request: post('/api/login/', { email: emails[next], password: PASSWORD }),
      check: (answer) => {
        if (!statuses.includes(answer.status)) return `login: ${described(answer)}`;
        if (answer.status !== 200) return undefined;
        const wrong = checkPair(answer, undefined);
        if (wrong === undefined && tokens.length < KEPT_TOKENS) tokens.push(pairOf(answer).access_token);
        return wrong;
      },
    };
  };
}

function registering(prefix: string): Steps {
  let count = 0;
  return () => {
    count += 1;
    const email = `${prefix}-${count}@example.com`;
    return {
      request: post('/api/register/', { email, password: PASSWORD }),
      check: ({ status, head, body }) =>
        status === 201 && body.endsWith(`,"email":"${email}"}`)
          ? undefined
          : `register: ${described({ status, head, body })}`,
    };
  };
}

/** Access tokens come from the refreshes of the mix, so that they are as recent as those of real clients. */
function mixing(clients: readonly Client[], prefix: string, tokens: string[]): Steps {
  const emails = clients.map(({ email }) => email);
  const refresh = refreshing(clients, Number.POSITIVE_INFINITY, tokens);
  const others = [registering(prefix), loggingIn(emails, [200], [])] as const;
  let count = 0;
  return () => {
    const place = count % MIX;
    count += 1;
    if (place === REGISTER) return others[0]();
    if (place === LOGIN) return others[1]();
    const accessToken = tokens.at(-1);
    // Distributed evenly over each hundred.
    if (accessToken === undefined || (place * REFRESHES) % 100 < REFRESHES) {
      const step = refresh();
      // Only the latest tokens are used.
      if (tokens.length > 1000) tokens.splice(0, 900);
      if (step !== undefined) return step;
    }
    const isMe = count % 2 === 0;
    const path = isMe ? '/api/me/' : '/api/verify/';
    return {
      request: `GET ${path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${accessToken}\r\n\r\n`,
      check: (answer) => (answer.status === (isMe ? 200 : 204) ? undefined : `GET ${path}: ${described(answer)}`),
    };
  };
}

/** With an Idempotency-Key, as the documentation recommends. */
function refreshRequest(refreshToken: string): string {
  return post('/api/refresh/', { refresh_token: refreshToken }, `idempotency-key: ${randomUUID()}\r\n`);
}

/** The text must be ASCII, because its length is used as Content-Length. */
function post(path: string, body: object, headers = ''): string {
  const text = JSON.stringify(body);
  return `POST ${path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n${headers}\r\n${text}`;
}

function pairOf({ body }: Answer): { access_token: string; refresh_token: string } {
  return JSON.parse(body);
}

/** `client` is the expected subject of the token; undefined: not checked. */
function checkPair(answer: Answer, client: Client | undefined): string | undefined {
  if (answer.status !== 200) return `no tokens: ${described(answer)}`;
  const { access_token: accessToken, refresh_token: refreshToken } = pairOf(answer);
  if (!/^[\da-f-]{36}$/.test(refreshToken)) return `no refresh token: ${described(answer)}`;
  if (client === undefined) return undefined;
  const { user_id: userId } = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString());
  return userId === client.userId ? undefined : `the token of ${userId} for ${client.userId}`;
}

function described({ status, body }: Answer): string {
  return `${status} ${body.slice(0, 200)}`;
}
