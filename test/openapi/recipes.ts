// How to get every documented error from the running service: one recipe for each, by the name of its example.
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { sql } from 'drizzle-orm';
import type { InjectOptions } from 'fastify';
import type { TestApp } from '../support/app.js';
import type { Response } from '../support/conformance.js';
import { claimsOf } from '../support/service.js';
import { needsToken, type Operation, requestExamples } from './document.js';
import { exchange } from './raw.js';

export interface Worlds {
  /** A service that is well, and the port where it listens. */
  readonly well: TestApp;
  readonly port: number;
  /** The same, where REQUIRE_CURRENT_PASSWORD is on. */
  readonly strict: TestApp;
  /** The same, about to stop. */
  readonly draining: TestApp;
  /** The same, with its connection to the database cut. */
  readonly cutOff: TestApp;
  /** A service without a database. */
  readonly withoutDatabase: TestApp;
  /** Sends a request to a service that is suspended while it hashes for it. */
  readonly suspend: (request: InjectOptions) => Promise<Response>;
}

/** A request that would succeed, and the account it is about. */
export interface GoodRequest extends InjectOptions {
  readonly method: Operation['method'];
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly payload?: Record<string, unknown>;
  readonly email: string;
}

type Recipe = (request: GoodRequest, worlds: Worlds) => Promise<Response>;

/** The operation's first example, made good for an account of its own: with its address, its tokens, its password. */
export async function goodRequest(operation: Operation, service: TestApp): Promise<GoodRequest> {
  const email = `${randomUUID()}@example.com`;
  const [example] = Object.values(requestExamples(operation) ?? {});
  const headers: Record<string, string> = {};
  if (operation.operationId !== 'register') await service.register(email);
  const payload: Record<string, unknown> | undefined = example && { ...example.value };
  if (payload?.email !== undefined) payload.email = email;
  let url = operation.path;
  if (needsToken(operation) || payload?.refresh_token !== undefined) {
    const pair = await service.login(email);
    url = url.replace('{id}', String(claimsOf(pair).sid));
    if (needsToken(operation)) headers.authorization = `Bearer ${pair.access_token}`;
    if (payload?.refresh_token !== undefined) payload.refresh_token = pair.refresh_token;
  }
  return { method: operation.method, url, headers, email, ...(payload && { payload }) };
}

function asInjected({ method, url, headers, payload }: GoodRequest, changes: InjectOptions = {}): InjectOptions {
  return { method, url, ...(payload && { payload }), ...changes, headers: { ...headers, ...changes.headers } };
}

const send = (service: TestApp, request: GoodRequest, changes?: InjectOptions) =>
  service.inject(asInjected(request, changes));

/** Changes some members of the body; undefined leaves one out. */
const withBody =
  (changes: Record<string, unknown>): Recipe =>
  (request, { well }) =>
    send(well, { ...request, payload: { ...request.payload, ...changes } });

/** Sends more at once than are hashed and may wait. */
const flood: Recipe = async (request, { well }) => {
  const many = Array.from({ length: 40 * availableParallelism() + 40 }, () => send(well, request));
  const answers = await Promise.all(many);
  const refused = answers.find((answer) => answer.body.includes('"overloaded"'));
  if (refused === undefined) throw new Error('all of a flood were served');
  return refused;
};

/** As it goes over the wire; `end` cuts it off there. */
function wire({ method, url, headers, payload }: GoodRequest, extra: readonly string[] = [], end?: number): string {
  const body = payload === undefined ? '' : JSON.stringify(payload);
  const lines = [
    `${method} ${url} HTTP/1.1`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(payload === undefined ? [] : ['content-type: application/json', `content-length: ${body.length}`]),
    ...extra,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`.slice(0, end);
}

const HOST = 'host: localhost';

/** By the name of the example; `<operationId>.<name>` where an operation needs its own. */
export const recipes: Readonly<Record<string, Recipe>> = {
  // Before it is a request.
  malformed_request: (request, { port }) => exchange(port, wire(request, ['connection: close'])),
  headers_too_large: (request, { port }) => exchange(port, wire(request, [HOST, `x-filler: ${'x'.repeat(17_000)}`])),
  // Without its last byte: of the body, or of the headers where there is no body.
  request_timeout: (request, { port }) => exchange(port, wire(request, [HOST], -1)),

  // The body.
  malformed_json: (request, { well }) =>
    send(well, request, { payload: '{"email": ', headers: { 'content-type': 'application/json' } }),
  body_too_large: withBody({ filler: 'x'.repeat(16 * 1024) }),
  unsupported_media_type: (request, { well }) =>
    send(well, request, { payload: 'email=user', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
  missing_password: withBody({ password: undefined }),
  short_password: withBody({ password: 'seven77' }),
  not_an_address: withBody({ email: 'user@localhost' }),
  missing_current_password: withBody({ current_password: undefined }),
  missing_refresh_token: withBody({ refresh_token: undefined }),
  long_idempotency_key: (request, { well }) => send(well, request, { headers: { 'idempotency-key': 'k'.repeat(256) } }),
  not_a_uuid: withBody({ refresh_token: 'no UUID' }),
  wrong_type: withBody({ username: 5 }),

  // Who asks.
  missing_token: (request, { well }) => send(well, { ...request, headers: {} }),
  invalid_token: (request, { well }) => send(well, { ...request, headers: { authorization: 'Bearer eyJ.no.token' } }),
  invalid_credentials: withBody({ password: 'not the password' }),
  invalid_refresh_token: withBody({ refresh_token: randomUUID() }),
  refresh_token_used: async (request, { well }) => {
    await send(well, request);
    return send(well, request);
  },
  refresh_token_reused: async (request, { well }) => {
    const next = await send(well, request);
    await well.refresh(next.json().refresh_token);
    return send(well, request);
  },
  current_password_required: (request, { strict }) =>
    send(strict, { ...request, payload: { password: 'another password' } }),
  current_password_wrong: withBody({ password: 'another password', current_password: 'not the password' }),
  session_not_found: (request, { well }) => send(well, { ...request, url: request.url.replace(/\d+/, '0') }),
  'register.email_taken': async (request, { well }) => {
    await send(well, request);
    return send(well, request);
  },
  'updateMe.email_taken': async (request, { well }) => {
    const email = `taken.${request.email}`;
    await well.register(email);
    return send(well, { ...request, payload: { email } });
  },

  // What is wrong with us.
  shutting_down: (request, { draining }) => send(draining, request),
  database_unavailable: (request, { cutOff }) => send(cutOff, request),
  internal_error: (request, { withoutDatabase }) => send(withoutDatabase, request),
  'register.overloaded': flood,
  'login.overloaded': flood,
  'updateMe.overloaded': (request, worlds) => flood({ ...request, payload: { password: 'another password' } }, worlds),
  'deleteMe.overloaded': (request, worlds) =>
    flood({ ...request, payload: { current_password: 'not the password' } }, worlds),
  'register.handler_timeout': (request, { suspend }) => suspend(asInjected(request)),
  'login.handler_timeout': (request, { suspend }) =>
    // A password is verified at the cost of its stored hash: only that of no account takes the service's own cost.
    suspend(asInjected(request, { payload: { email: 'nobody@example.com', password: 'password' } })),
  'updateMe.handler_timeout': (request, { suspend }) =>
    suspend(asInjected(request, { payload: { password: 'another password' } })),
  'deleteMe.handler_timeout': async (request, { well, suspend }) => {
    // For the same reason: an account without a password.
    await well.app.db.execute(sql`update users set password_hash = null where email = ${request.email}`);
    return suspend(asInjected(request));
  },
};
