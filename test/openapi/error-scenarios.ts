// How to get every documented error from the running service: one recipe for each, by the name of its example.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { InjectOptions } from 'fastify';
import { bySystem } from '#audit/events.js';
import type { TestApp } from '../support/app.js';
import type { Response } from '../support/conformance.js';
import { claimsOf } from '../support/service.js';
import { resetSetting, setSetting } from '../support/settings.js';
import { until } from '../support/until.js';
import { needsToken, type Operation, requestExamples } from './document.js';
import { exchange } from './raw.js';

export interface Worlds {
  /** A service that is well, and the port where it listens. */
  readonly well: TestApp;
  readonly port: number;
  /** The same, where REQUIRE_CURRENT_PASSWORD and PASSWORD_REJECT_COMMON are on. */
  readonly strict: TestApp;
  /** The same, where REGISTRATION_OPEN is off. */
  readonly closed: TestApp;
  /** The same, where REQUESTS_PER_MINUTE is 1. */
  readonly limited: TestApp;
  /** The same, which has more to do than it can: OVERLOAD_RSS_MIB is less than any process has. */
  readonly overloaded: TestApp;
  /** The same, about to stop. */
  readonly draining: TestApp;
  /** The same, with its connection to the database cut. */
  readonly cutOff: TestApp;
  /** A service without a database. */
  readonly withoutDatabase: TestApp;
  /** A service with one admin. */
  readonly lastAdmin: { readonly service: TestApp; readonly userId: number; readonly accessToken: string };
  /** A service that nobody administers yet. */
  readonly fresh: TestApp;
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
  if (isOnPath(operation)) return operatorsRequest(operation, service, email);
  const [example] = Object.values(requestExamples(operation) ?? {});
  const headers: Record<string, string> = {};
  if (!['register', 'createFirstAdmin'].includes(operation.operationId)) await service.register(email);
  const payload: Record<string, unknown> | undefined = example && { ...example.value };
  if (payload?.email !== undefined) payload.email = email;
  let url = operation.path.replace('{name}', 'ACCESS_TOKEN_LIFETIME');
  const query = (operation.parameters ?? []).filter((each) => each.in === 'query' && each.required);
  if (query.length > 0) url += `?${query.map(({ name, example }) => `${name}=${example}`).join('&')}`;
  if (isOperators(operation)) await giveAdmin(service, email);
  if (needsToken(operation) || payload?.refresh_token !== undefined) {
    const pair = await service.login(email);
    url = url.replace('{id}', String(claimsOf(pair).sid));
    if (needsToken(operation)) headers.authorization = `Bearer ${pair.access_token}`;
    if (payload?.refresh_token !== undefined) payload.refresh_token = pair.refresh_token;
  }
  return { method: operation.method, url, headers, email, ...(payload && { payload }) };
}

/** Whether it is an operator's operation: there need be none to make the first one. */
export function isOperators(operation: Operation): boolean {
  return operation.path.startsWith('/api/admin/') && needsToken(operation);
}

/** Whether it is an operator's operation on what its path names; settings are there from the beginning. */
export function isOnPath(operation: Operation): boolean {
  return isOperators(operation) && !/^\/api\/admin\/(settings|instances)\//.test(operation.path);
}

/** The same for an operation of an operator, who has an account of his own; `email` is that of the account it is on. */
async function operatorsRequest(operation: Operation, service: TestApp, email: string): Promise<GoodRequest> {
  const [example] = Object.values(requestExamples(operation) ?? {});
  const payload: Record<string, unknown> | undefined = example && { ...example.value };
  if (payload?.email !== undefined) payload.email = email;
  if (payload?.name !== undefined) payload.name = newRoleName();
  const accessToken = await logInAdmin(service, `admin-${email}`);
  const url = await fillPath(operation, service, email);
  const headers = { authorization: `Bearer ${accessToken}` };
  return { method: operation.method, url, headers, email, ...(payload && { payload }) };
}

const newRoleName = () => `role-${randomUUID()}`;

/** Registers an admin, and logs it in. */
export async function logInAdmin(service: TestApp, email: string): Promise<string> {
  await service.register(email);
  await service.app.db.execute(sql`update users set roles = '{admin}' where email = ${email}`);
  return (await service.login(email)).access_token;
}

/** The path of an operator's operation, with what it is on: made here, where it can be. */
export async function fillPath(
  { path }: Operation,
  service: TestApp,
  email: string,
  roleName = newRoleName(),
): Promise<string> {
  let filled = path;
  if (path.includes('/users/{id}/')) {
    await service.register(email);
    const { user_id: id, sid } = claimsOf(await service.login(email));
    filled = path.replace('{id}', String(id)).replace('{session_id}', String(sid));
  }
  if (path.includes('/roles/{name}/')) {
    const operator = { act: bySystem, permissions: [] };
    await service.app.roles.create({ name: roleName, description: '', permissions: [] }, operator);
    filled = path.replace('{name}', roleName);
  }
  if (path.includes('{kid}')) filled = path.replace('{kid}', service.app.keys.current().kid);
  return filled;
}

/** As the admin who has just been made, in a service where nobody else is one, on his own account. */
const onLastAdmin: Recipe = (request, { lastAdmin }) =>
  send(lastAdmin.service, {
    ...request,
    url: request.url.replace(/\d+/, String(lastAdmin.userId)),
    headers: { authorization: `Bearer ${lastAdmin.accessToken}` },
  });

/** As an operator does for the first one. */
export async function giveAdmin(service: TestApp, email: string): Promise<void> {
  await service.app.db.execute(sql`update users set roles = '{admin}' where email = ${email}`);
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

/** Changes the path. */
const at =
  (path: string | RegExp, changed: string): Recipe =>
  (request, { well }) =>
    send(well, { ...request, url: request.url.replace(path, changed) });

const overloaded: Recipe = (request, { overloaded: service }) => service.whileOverloaded(() => send(service, request));

/** After so many wrong passwords that the right one has to wait. */
const afterGuesses: Recipe = async (request, { well }) => {
  await well.post('/api/login/', { email: request.email, password: 'wrong' });
  await well.app.db.execute(
    sql`update throttles set failures = 20 where attempted_at = (select max(attempted_at) from throttles)`,
  );
  return send(well, request);
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
  common_password: (request, { strict }) =>
    send(strict, { ...request, payload: { ...request.payload, password: 'password1' } }),
  registration_closed: (request, { closed }) => send(closed, request),
  not_an_address: withBody({ email: 'user@localhost' }),
  missing_current_password: withBody({ current_password: undefined }),
  missing_refresh_token: withBody({ refresh_token: undefined }),
  long_idempotency_key: (request, { well }) => send(well, request, { headers: { 'idempotency-key': 'k'.repeat(256) } }),
  not_a_uuid: withBody({ refresh_token: 'no UUID' }),
  wrong_type: withBody({ username: 5 }),
  not_a_cursor: (request, { well }) => send(well, { ...request, url: `${request.url}?cursor=bm8gY3Vyc29yIG9mIG91cnM` }),
  not_a_role: withBody({ roles: ['nobody'] }),
  missing_reason: withBody({ reason: undefined }),
  missing_permissions: withBody({ permissions: undefined }),
  now_not_boolean: withBody({ now: 'yes' }),

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
    send(strict, { ...request, payload: { password: 'seven wandering turtles' } }),
  current_password_wrong: withBody({ password: 'another password', current_password: 'not the password' }),
  session_not_found: (request, { well }) => send(well, { ...request, url: request.url.replace(/\d+/, '0') }),
  'endUserSession.session_not_found': at(/\d+\/$/, '0/'),
  user_not_found: at(/\d+/, '0'),
  role_not_found: at(/role-[^/]+/, 'nobody'),
  key_not_found: at(/keys\/[^/]+/, 'keys/unknown'),
  forbidden: async (request, { well }) => {
    const email = `nobody-${randomUUID()}@example.com`;
    await well.register(email);
    const { access_token: accessToken } = await well.login(email);
    return send(well, { ...request, headers: { authorization: `Bearer ${accessToken}` } });
  },
  role_being_removed: async (request, { well }) => {
    await well.app.db.execute(
      sql`insert into jobs (kind, subject) values ('remove_role', ${String(request.payload?.name)})`,
    );
    return send(well, request);
  },
  role_exists: async (request, { well }) => {
    await send(well, request);
    return send(well, request);
  },
  role_built_in: at(/role-[^/]+/, 'admin'),
  // The next key has just been made.
  key_too_young: (request, { well }) => send(well, request),
  'updateUser.last_admin': (request, worlds) => onLastAdmin({ ...request, payload: { roles: [] } }, worlds),
  'deleteUser.last_admin': onLastAdmin,
  'disableUser.last_admin': onLastAdmin,
  'deleteMe.last_admin': async (request, { lastAdmin }) =>
    send(lastAdmin.service, { ...request, headers: { authorization: `Bearer ${lastAdmin.accessToken}` } }),
  setup_closed: withBody({ token: 'not the token' }),
  'createFirstAdmin.common_password': async (request, { fresh }) => {
    await setSetting(fresh.app, 'PASSWORD_REJECT_COMMON', true);
    try {
      return await send(fresh, { ...request, payload: { ...request.payload, password: 'password1' } });
    } finally {
      await resetSetting(fresh.app, 'PASSWORD_REJECT_COMMON');
    }
  },
  'createFirstAdmin.email_taken': async (request, { fresh }) => {
    await fresh.register(request.email);
    return send(fresh, request);
  },
  'createUser.email_taken': async (request, { well }) => {
    await send(well, request);
    return send(well, request);
  },
  'updateUser.email_taken': async (request, { well }) => {
    const email = `taken.${request.email}`;
    await well.register(email);
    return send(well, { ...request, payload: { email } });
  },
  'register.email_taken': async (request, { well }) => {
    await send(well, request);
    return send(well, request);
  },
  'updateMe.email_taken': async (request, { well }) => {
    const email = `taken.${request.email}`;
    await well.register(email);
    return send(well, { ...request, payload: { email } });
  },

  // Live settings.
  out_of_bounds: withBody({ value: 86_401 }),
  missing_version: (request, { well }) => send(well, { ...request, url: request.url.replace(/\?.*/, '') }),
  missing_change_number: withBody({ to: undefined }),
  no_longer_possible: async (request, { well }) => {
    const [change] = await well.app.db.execute<{ id: number }>(
      sql`insert into settings_history (name, value, changed_by) values ('ACCESS_TOKEN_LIFETIME', '0', 'test') returning id`,
    );
    return send(well, { ...request, payload: { ...request.payload, to: change?.id } });
  },
  setting_not_found: (request, { well }) =>
    send(well, { ...request, url: request.url.replace('ACCESS_TOKEN_LIFETIME', 'NO_SUCH_SETTING') }),
  setting_version_not_found: withBody({ to: 2_000_000_000 }),
  setting_changed: (request, { well }) =>
    send(well, {
      ...request,
      url: request.url.replace('version=0', 'version=999'),
      ...(request.payload && { payload: { ...request.payload, version: 999 } }),
    }),

  // Too much.
  rate_limited: async (request, { limited }) => {
    await send(limited, request);
    return send(limited, request);
  },
  too_many_attempts: afterGuesses,
  'updateMe.too_many_attempts': (request, worlds) =>
    afterGuesses({ ...request, payload: { current_password: 'password' } }, worlds),

  // What is wrong with us.
  shutting_down: (request, { draining }) => send(draining, request),
  database_unavailable: (request, { cutOff }) => send(cutOff, request),
  // Until the pool has noticed that its connections are gone, it answers as for a database that may come back.
  internal_error: (request, { withoutDatabase }) =>
    until('the pool has noticed', async () => {
      const answer = await send(withoutDatabase, request);
      return !answer.body.includes('"database_unavailable"') && answer;
    }),
  overloaded,
  'updateMe.overloaded': (request, worlds) =>
    overloaded({ ...request, payload: { password: 'umbrella zwetschke turbine' } }, worlds),
  'register.handler_timeout': (request, { suspend }) => suspend(asInjected(request)),
  'createFirstAdmin.handler_timeout': (request, { suspend }) => suspend(asInjected(request)),
  'createUser.handler_timeout': (request, { suspend }) => suspend(asInjected(request)),
  'resetPassword.handler_timeout': (request, { suspend }) => suspend(asInjected(request)),
  'login.handler_timeout': (request, { suspend }) =>
    // A password is verified at the cost of its stored hash: only that of no account takes the service's own cost.
    suspend(asInjected(request, { payload: { email: 'nobody@example.com', password: 'password' } })),
  'updateMe.handler_timeout': (request, { suspend }) =>
    suspend(asInjected(request, { payload: { password: 'umbrella zwetschke turbine' } })),
  'deleteMe.handler_timeout': async (request, { well, suspend }) => {
    // For the same reason: an account without a password.
    await well.app.db.execute(sql`update users set password_hash = null where email = ${request.email}`);
    return suspend(asInjected(request));
  },
};
