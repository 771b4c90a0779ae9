// Produces every documented error on a running service: one scenario for each, by the name of its example.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { InjectOptions } from 'fastify';
import postgres from 'postgres';
import type { Purpose } from '#account-tokens/service.js';
import { bySystem } from '#audit/events.js';
import type { Mail, MailData } from '#mail/kinds.js';
import { associatedData, createFactorEncryption } from '#second-factors/encryption.js';
import { codeAt, stepAt } from '#second-factors/totp.js';
import type { TestApp } from '../support/app.js';
import { addPasskey, createAuthenticator, creationOptions, requestOptions } from '../support/authenticator.js';
import type { Response } from '../support/conformance.js';
import { mailsOf } from '../support/mail.js';
import { addAuthenticator, challengeOf, enrol, verifyAddress, withToken } from '../support/second-factors.js';
import { claimsOf } from '../support/service.js';
import { resetSetting, setSetting } from '../support/settings.js';
import { until } from '../support/until.js';
import { needsToken, type Operation, requestExamples } from './document.js';
import { exchange } from './raw.js';

export interface Environments {
  /** A healthy service, and the port on which it listens. */
  readonly healthy: TestApp;
  readonly port: number;
  /** The same with REQUIRE_CURRENT_PASSWORD and PASSWORD_REJECT_COMMON on. */
  readonly strict: TestApp;
  /** The same with REGISTRATION_OPEN off, and without passkeys. */
  readonly closed: TestApp;
  /** The same with REQUESTS_PER_MINUTE set to 1. */
  readonly limited: TestApp;
  /** The same, overloaded: OVERLOAD_RSS_MIB is less than any process uses. */
  readonly overloaded: TestApp;
  /** The same while it stops. */
  readonly draining: TestApp;
  /** The same without a connection to the database. */
  readonly cutOff: TestApp;
  /** A service whose database was dropped. */
  readonly withoutDatabase: TestApp;
  /** A service with one admin. */
  readonly lastAdmin: { readonly service: TestApp; readonly userId: number; readonly accessToken: string };
  /** A service without an admin. */
  readonly fresh: TestApp;
  /** Sends a request to a service that cannot hash the password for it in time. */
  readonly suspend: (request: InjectOptions) => Promise<Response>;
}

/** A request that would succeed, and the address of the account that it concerns. */
export interface GoodRequest extends InjectOptions {
  readonly method: Operation['method'];
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly payload?: Record<string, unknown>;
  readonly email: string;
}

type Scenario = (request: GoodRequest, environments: Environments) => Promise<Response>;

/** The operation's first example, made valid for a new account: with its address, its tokens and its password. */
export async function goodRequest(operation: Operation, service: TestApp): Promise<GoodRequest> {
  const email = `${randomUUID()}@example.com`;
  if (needsResource(operation)) return adminRequest(operation, service, email);
  const [example] = Object.values(requestExamples(operation) ?? {});
  const headers: Record<string, string> = {};
  if (!['register', 'createFirstAdmin'].includes(operation.operationId)) await service.register(email);
  const payload: Record<string, unknown> | undefined = example && { ...example.value };
  if (payload?.email !== undefined) payload.email = email;
  if (payload !== undefined && operation.operationId in EMAIL_TOKENS) {
    payload.token = await emailToken(operation, service, email);
  }
  if (payload !== undefined && operation.operationId === 'verifySignIn') {
    for (const name of Object.keys(payload)) delete payload[name];
    payload.token = (await signInProof(service, email)).token;
  }
  let url = operation.path.replace('{name}', 'ACCESS_TOKEN_LIFETIME');
  const query = (operation.parameters ?? []).filter((each) => each.in === 'query' && each.required);
  if (query.length > 0) url += `?${query.map(({ name, example }) => `${name}=${example}`).join('&')}`;
  if (isAdminOperation(operation)) await grantAdmin(service, email);
  if (needsToken(operation) || payload?.refresh_token !== undefined) {
    const pair = await service.login(email);
    url = url.replace('{id}', String(claimsOf(pair).sid));
    if (needsToken(operation)) headers.authorization = `Bearer ${pair.access_token}`;
    if (payload?.refresh_token !== undefined) payload.refresh_token = pair.refresh_token;
    url = await withFactor(operation, service, email, pair.access_token, payload, url);
  }
  if (payload !== undefined && operation.operationId === 'completeLogin') {
    await secondFactorProof(service, email, payload);
  }
  if (payload !== undefined && operation.operationId === 'logInWithPasskey') {
    payload.credential = await passkeyProof(service, email);
  }
  return { method: operation.method, url, headers, email, ...(payload && { payload }) };
}

/** Operations on second factors, and what has to exist for them. */
const FACTORS: Readonly<Record<string, 'verified' | 'pending' | 'confirmed'>> = {
  enrolTotp: 'verified',
  createPasskeyOptions: 'verified',
  addPasskey: 'verified',
  confirmTotp: 'pending',
  renameFactor: 'confirmed',
  removeFactor: 'confirmed',
  createRecoveryCodes: 'confirmed',
  listFactors: 'confirmed',
};

/** The path of an operation on second factors, filled with one that is made here; the code of the body becomes its code. */
export async function withFactor(
  { operationId, path }: Operation,
  service: TestApp,
  email: string,
  accessToken: string,
  payload: Record<string, unknown> | undefined,
  otherwise: string,
): Promise<string> {
  const state = FACTORS[operationId];
  if (state === undefined) return otherwise;
  await verifyAddress(service, email);
  if (operationId === 'addPasskey' && payload !== undefined)
    payload.credential = createAuthenticator().create(await creationOptions(service, accessToken));
  if (state === 'verified') return path;
  const { id, code } = await (state === 'pending' ? enrol : addAuthenticator)(service, accessToken);
  if (payload?.code !== undefined) payload.code = code();
  return path.replace('{id}', String(id));
}

/** Makes the body of a login with a second factor valid for an account that gets one. */
export async function secondFactorProof(
  service: TestApp,
  email: string,
  payload: Record<string, unknown>,
): Promise<void> {
  const { access_token: accessToken } = await service.login(email);
  await verifyAddress(service, email);
  const { code } = await addAuthenticator(service, accessToken);
  if (payload.code === undefined) {
    const made = await withToken(service, accessToken)('POST', 'recovery-codes/', { current_password: 'password' });
    payload.recovery_code = made.json().recovery_codes[0];
  } else payload.code = code();
  payload.challenge = await challengeOf(service, email);
}

/** A proof with a passkey that the account gets. */
export async function passkeyProof(service: TestApp, email: string): Promise<object> {
  const { access_token: accessToken } = await service.login(email);
  await verifyAddress(service, email);
  return (await addPasskey(service, accessToken)).get(await requestOptions(service));
}

/** Gives the account of a request a second factor and recovery codes. */
async function addFactor(service: TestApp, email: string): Promise<void> {
  const { access_token: accessToken } = await service.login(email);
  await verifyAddress(service, email);
  await addAuthenticator(service, accessToken);
  await withToken(service, accessToken)('POST', 'recovery-codes/', { current_password: 'password' });
}

/** What the token from a mail is for, by the operation that uses it, and the address that it is about. */
const EMAIL_TOKENS: Readonly<Record<string, readonly [purpose: Purpose, about: (email: string) => string]>> = {
  verifyEmail: ['verify_email', (email) => email],
  disownAccount: ['verify_email', (email) => email],
  resetForgottenPassword: ['reset_password', (email) => email],
  confirmEmailChange: ['change_email', (email) => `new-${email}`],
  cancelEmailChange: ['change_email', (email) => `new-${email}`],
  undoEmailChange: ['undo_email_change', (email) => `old-${email}`],
};

/** A token that the operation can use on the account with this address; undefined if it uses none. */
export async function emailToken(
  { operationId }: Operation,
  { app }: TestApp,
  email: string,
): Promise<string | undefined> {
  const [purpose, about] = EMAIL_TOKENS[operationId] ?? [];
  if (purpose === undefined || about === undefined) return undefined;
  const { id: userId } = await app.userAdministration.findByEmail(email);
  const request = { userId, purpose, email: about(email), lifetime: 600 };
  return (await app.db.transaction((tx) => app.accountTokens.issue(request, tx)))?.token;
}

/** An account that has proved its address. */
async function registerVerified(service: TestApp, email: string): Promise<void> {
  await service.register(email);
  await service.app.db.execute(sql`update users set email_verified_at = now() where email = ${email}`);
}

/** Requests a sign-in by mail: what the device gets, and what the mail contains. */
export async function signInProof(service: TestApp, email: string) {
  const { sign_in_token } = (await service.post('/api/login/email/', { email })).json();
  const rows = postgres(service.databaseUrl, { max: 1 });
  try {
    const { data } = (await mailsOf(rows, email)).filter(({ kind }) => kind === 'sign_in').at(-1) as Mail;
    const { url, code } = data as MailData['sign_in'];
    return { sign_in_token, code, token: new URL(url).searchParams.get('token') };
  } finally {
    await rows.end();
  }
}

/** Whether an operation is for operators; the one that creates the first admin is not. */
export function isAdminOperation(operation: Operation): boolean {
  return operation.path.startsWith('/api/admin/') && needsToken(operation);
}

/** Whether it is an operator's operation on a resource that must be created first; settings, instances and the overview need not. */
export function needsResource(operation: Operation): boolean {
  return isAdminOperation(operation) && !/^\/api\/admin\/(settings|instances|overview)\//.test(operation.path);
}

/** The same for an operator's operation, with an operator of its own; `email` is the address of the target account. */
async function adminRequest(operation: Operation, service: TestApp, email: string): Promise<GoodRequest> {
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

/** Registers an admin and logs in. */
export async function logInAdmin(service: TestApp, email: string): Promise<string> {
  await service.register(email);
  await service.app.db.execute(sql`update users set roles = '{admin}' where email = ${email}`);
  return (await service.login(email)).access_token;
}

/** The path of an operator's operation, filled with a resource that is created here. */
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
    if (path.endsWith('/factors/')) await addFactor(service, email);
    filled = path.replace('{id}', String(id)).replace('{session_id}', String(sid));
  }
  if (path.includes('/roles/{name}/')) {
    const operator = { act: bySystem, permissions: [] };
    await service.app.roles.create({ name: roleName, description: '', permissions: [] }, operator);
    filled = path.replace('{name}', roleName);
  }
  if (path.includes('/mails/{id}/')) {
    const [mail] = await service.app.db.execute<{ id: string }>(
      sql`insert into mails (kind, recipient, content, next_attempt_at)
        values ('verify_email', ${email}, 'x', now() + interval '1 hour') returning id`,
    );
    filled = path.replace('{id}', String(mail?.id));
  }
  if (path.includes('{kid}')) filled = path.replace('{kid}', service.app.keys.current().kid);
  return filled;
}

/** Sends the request as the only admin of a service, on the admin's own account. */
const onLastAdmin: Scenario = (request, { lastAdmin }) =>
  send(lastAdmin.service, {
    ...request,
    url: request.url.replace(/\d+/, String(lastAdmin.userId)),
    headers: { authorization: `Bearer ${lastAdmin.accessToken}` },
  });

/** The codes of an authenticator app that waits for its first code, by the time in milliseconds. */
async function codesOf(service: TestApp, id: number): Promise<(time: number) => string> {
  const [row] = await service.app.db.execute<{ user_id: number; secret: Buffer }>(
    sql`select user_id, secret from totp_factors where id = ${id}`,
  );
  const encryption = createFactorEncryption(service.app.config.secrets);
  const decrypted = encryption.decrypt(Buffer.from(row?.secret ?? ''), associatedData(Number(row?.user_id)));
  return (time) => codeAt(decrypted?.plaintext ?? Buffer.alloc(0), stepAt(time));
}

/** Grants the role `admin` in the database. */
export async function grantAdmin(service: TestApp, email: string): Promise<void> {
  await service.app.db.execute(sql`update users set roles = '{admin}' where email = ${email}`);
}

function asInjected({ method, url, headers, payload }: GoodRequest, changes: InjectOptions = {}): InjectOptions {
  return { method, url, ...(payload && { payload }), ...changes, headers: { ...headers, ...changes.headers } };
}

const send = (service: TestApp, request: GoodRequest, changes?: InjectOptions) =>
  service.inject(asInjected(request, changes));

/** Changes members of the body; undefined removes one. */
const withBody =
  (changes: Record<string, unknown>): Scenario =>
  (request, { healthy }) =>
    send(healthy, { ...request, payload: { ...request.payload, ...changes } });

/** Changes the path. */
const withPath =
  (path: string | RegExp, changed: string): Scenario =>
  (request, { healthy }) =>
    send(healthy, { ...request, url: request.url.replace(path, changed) });

const overloaded: Scenario = (request, { overloaded: service }) =>
  service.whileOverloaded(() => send(service, request));

/** After enough wrong passwords that even the right one has to wait. */
const afterGuesses: Scenario = async (request, { healthy }) => {
  await healthy.post('/api/login/', { email: request.email, password: 'wrong' });
  await healthy.app.db.execute(
    sql`update throttles set failures = 20 where attempted_at = (select max(attempted_at) from throttles)`,
  );
  return send(healthy, request);
};

const afterWrongCode: Scenario = async (request, { healthy }) => {
  const other = String((Number(request.payload?.code) + 500_000) % 1_000_000).padStart(6, '0');
  await send(healthy, { ...request, payload: { ...request.payload, code: other } });
  await healthy.app.db.execute(
    sql`update throttles set failures = 20 where attempted_at = (select max(attempted_at) from throttles)`,
  );
  return send(healthy, request);
};

/** The bytes of the request, cut off at `end`. */
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

/** Has the form of a passkey, and is none. */
const NO_PASSKEY = {
  id: 'AAAA',
  response: { clientDataJSON: 'AAAA', authenticatorData: 'AAAA', signature: 'AAAA', attestationObject: 'AAAA' },
};

/** Five passkeys of the account of a request. */
const withFivePasskeys: Scenario = async (request, { healthy }) => {
  const token = String(request.headers.authorization).slice('Bearer '.length);
  for (let i = 0; i < 5; i++) await addPasskey(healthy, token);
  return send(healthy, request);
};

/** Scenarios by the name of the example, or `<operationId>.<name>` where an operation needs its own. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  // Requests that never reach a route.
  malformed_request: (request, { port }) => exchange(port, wire(request, ['connection: close'])),
  headers_too_large: (request, { port }) => exchange(port, wire(request, [HOST, `x-filler: ${'x'.repeat(17_000)}`])),
  // Without the last byte of the body, or of the headers when there is no body.
  request_timeout: (request, { port }) => exchange(port, wire(request, [HOST], -1)),

  // Invalid bodies.
  malformed_json: (request, { healthy }) =>
    send(healthy, request, { payload: '{"email": ', headers: { 'content-type': 'application/json' } }),
  body_too_large: withBody({ filler: 'x'.repeat(16 * 1024) }),
  unsupported_media_type: (request, { healthy }) =>
    send(healthy, request, { payload: 'email=user', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
  missing_password: withBody({ password: undefined }),
  short_password: withBody({ password: 'seven77' }),
  common_password: (request, { strict }) =>
    send(strict, { ...request, payload: { ...request.payload, password: 'password1' } }),
  registration_closed: (request, { closed }) => send(closed, request),
  missing_code: withBody({ token: undefined, sign_in_token: 'x' }),
  sign_in_by_email_disabled: (request, { closed }) => send(closed, request),
  missing_email: withBody({ email: undefined }),
  missing_email_token: withBody({ token: undefined }),
  invalid_email_token: withBody({ token: 'not a token' }),
  not_an_address: withBody({ email: 'user@localhost' }),
  missing_current_password: withBody({ current_password: undefined }),
  missing_refresh_token: withBody({ refresh_token: undefined }),
  long_idempotency_key: (request, { healthy }) =>
    send(healthy, request, { headers: { 'idempotency-key': 'k'.repeat(256) } }),
  not_a_uuid: withBody({ refresh_token: 'no UUID' }),
  wrong_type: withBody({ username: 5 }),
  not_a_cursor: (request, { healthy }) =>
    send(healthy, { ...request, url: `${request.url}?cursor=bm8gY3Vyc29yIG9mIG91cnM` }),
  not_a_role: withBody({ roles: ['nobody'] }),
  missing_reason: withBody({ reason: undefined }),
  missing_permissions: withBody({ permissions: undefined }),
  now_not_boolean: withBody({ now: 'yes' }),

  // Authentication and authorization.
  missing_token: (request, { healthy }) => send(healthy, { ...request, headers: {} }),
  invalid_token: (request, { healthy }) =>
    send(healthy, { ...request, headers: { authorization: 'Bearer eyJ.no.token' } }),
  'stepUp.factor_code_wrong': withBody({ current_password: undefined, recovery_code: 'nonsense' }),
  invalid_credentials: withBody({ password: 'not the password' }),
  invalid_refresh_token: withBody({ refresh_token: randomUUID() }),
  refresh_token_used: async (request, { healthy }) => {
    await send(healthy, request);
    return send(healthy, request);
  },
  refresh_token_reused: async (request, { healthy }) => {
    const next = await send(healthy, request);
    await healthy.refresh(next.json().refresh_token);
    return send(healthy, request);
  },
  current_password_required: (request, { strict }) =>
    send(strict, { ...request, payload: { password: 'seven wandering turtles' } }),
  current_password_wrong: withBody({ password: 'another password', current_password: 'not the password' }),
  session_not_found: (request, { healthy }) => send(healthy, { ...request, url: request.url.replace(/\d+/, '0') }),
  'endUserSession.session_not_found': withPath(/\d+\/$/, '0/'),
  user_not_found: withPath(/\d+/, '0'),
  role_not_found: withPath(/role-[^/]+/, 'nobody'),
  mail_not_found: withPath(/mails\/\d+/, 'mails/0'),
  mail_not_sendable: async (request, { healthy }) => {
    await healthy.app.db.execute(sql`update mails set state = 'sent', content = null`);
    return send(healthy, request);
  },
  key_not_found: withPath(/keys\/[^/]+/, 'keys/unknown'),
  forbidden: async (request, { healthy }) => {
    const email = `nobody-${randomUUID()}@example.com`;
    await healthy.register(email);
    const { access_token: accessToken } = await healthy.login(email);
    return send(healthy, { ...request, headers: { authorization: `Bearer ${accessToken}` } });
  },
  role_being_removed: async (request, { healthy }) => {
    await healthy.app.db.execute(
      sql`insert into jobs (kind, subject) values ('remove_role', ${String(request.payload?.name)})`,
    );
    return send(healthy, request);
  },
  role_exists: async (request, { healthy }) => {
    await send(healthy, request);
    return send(healthy, request);
  },
  role_built_in: withPath(/role-[^/]+/, 'admin'),
  // The next key has just been created.
  key_too_young: (request, { healthy }) => send(healthy, request),
  'updateUser.last_admin': (request, environments) => onLastAdmin({ ...request, payload: { roles: [] } }, environments),
  'deleteUser.last_admin': onLastAdmin,
  'disableUser.last_admin': onLastAdmin,
  'deleteMe.last_admin': async (request, { lastAdmin }) =>
    send(lastAdmin.service, { ...request, headers: { authorization: `Bearer ${lastAdmin.accessToken}` } }),
  email_not_verified: async (request, { healthy }) => {
    await setSetting(healthy.app, 'REQUIRE_VERIFIED_EMAIL', true);
    try {
      return await send(healthy, request);
    } finally {
      await resetSetting(healthy.app, 'REQUIRE_VERIFIED_EMAIL');
    }
  },
  // Services that are not the healthy one send no mail.
  mail_unavailable: (request, { strict }) => send(strict, request),
  account_disabled: async (request, { healthy }) => {
    await healthy.app.db.execute(sql`update users set disabled_at = now() where email = ${request.email}`);
    return send(healthy, request);
  },
  'confirmEmailChange.email_taken': async (request, { healthy }) => {
    await registerVerified(healthy, `new-${request.email}`);
    return send(healthy, request);
  },
  'undoEmailChange.email_taken': async (request, { healthy }) => {
    await registerVerified(healthy, `old-${request.email}`);
    return send(healthy, request);
  },
  missing_credential: withBody({ credential: undefined }),
  passkey_refused: withBody({ credential: NO_PASSKEY }),
  factor_passkey_refused: withBody({ credential: NO_PASSKEY }),
  'completeLogin.passkey_refused': withBody({ code: undefined, passkey: NO_PASSKEY }),
  'stepUp.factor_passkey_refused': withBody({ current_password: undefined, passkey: NO_PASSKEY }),
  passkeys_unavailable: (request, { closed }) => send(closed, request),
  'completeLogin.passkeys_unavailable': (request, { closed }) =>
    send(closed, { ...request, payload: { ...request.payload, code: undefined, passkey: NO_PASSKEY } }),
  'stepUp.passkeys_unavailable': (request, { closed }) =>
    send(closed, { ...request, payload: { passkey: NO_PASSKEY } }),
  'confirmTotp.too_many_factors': withFivePasskeys,
  'createPasskeyOptions.too_many_factors': withFivePasskeys,
  'addPasskey.too_many_factors': withFivePasskeys,
  'createPasskeyOptions.email_not_verified': async (request, { healthy }) => {
    await healthy.app.db.execute(sql`update users set email_verified_at = null where email = ${request.email}`);
    return send(healthy, request);
  },
  'logInWithPasskey.email_not_verified': async (request, { healthy }) => {
    await healthy.app.db.execute(sql`update users set email_verified_at = null where email = ${request.email}`);
    await setSetting(healthy.app, 'REQUIRE_VERIFIED_EMAIL', true);
    try {
      return await send(healthy, request);
    } finally {
      await resetSetting(healthy.app, 'REQUIRE_VERIFIED_EMAIL');
    }
  },
  'logInWithPasskey.too_many_attempts': async (request, environments) => {
    const { healthy } = environments;
    const { credential } = request.payload as { credential: { id: string } };
    await send(healthy, { ...request, payload: { credential: { ...NO_PASSKEY, id: credential.id } } });
    await healthy.app.db.execute(
      sql`update throttles set failures = 20 where attempted_at = (select max(attempted_at) from throttles)`,
    );
    return send(healthy, request);
  },
  missing_challenge: withBody({ challenge: undefined }),
  missing_name: withBody({ name: undefined }),
  'confirmTotp.missing_code': withBody({ code: undefined }),
  second_factor_wrong: async (request, { healthy }) => {
    const other = String((Number(request.payload?.code) + 500_000) % 1_000_000).padStart(6, '0');
    return send(healthy, { ...request, payload: { ...request.payload, code: other } });
  },
  invalid_challenge: withBody({ challenge: 'not a challenge' }),
  factor_code_wrong: (request, environments) => {
    const other = String((Number(request.payload?.code) + 500_000) % 1_000_000).padStart(6, '0');
    return withBody({ code: other })(request, environments);
  },
  factor_clock_off: async (request, { healthy }) => {
    // Then the code is the one of another time for the service.
    const { now } = healthy.app;
    const [row] = await healthy.app.db.execute<{ id: number }>(sql`select max(id) as id from totp_factors`);
    const codes = await codesOf(healthy, Number(row?.id));
    return send(healthy, { ...request, payload: { code: codes(now() + 120_000) } });
  },
  factor_not_found: withPath(/\d+/, '0'),
  too_many_factors: async (request, { healthy }) => {
    const token = String(request.headers.authorization).slice('Bearer '.length);
    for (let i = 0; i < 5; i++) await addAuthenticator(healthy, token);
    return send(healthy, request);
  },
  'createRecoveryCodes.second_factor_missing': async (request, { healthy }) => {
    await healthy.app.db.execute(sql`delete from totp_factors`);
    return send(healthy, request);
  },
  'resetUserFactors.second_factor_missing': async (request, { healthy }) => {
    await healthy.app.db.execute(sql`delete from totp_factors`);
    return send(healthy, request);
  },
  'login.second_factor_required': async (request, { healthy }) => {
    await addFactor(healthy, request.email);
    return send(healthy, request);
  },
  'verifySignIn.second_factor_required': async (request, { healthy }) => {
    await addFactor(healthy, request.email);
    return send(healthy, request);
  },
  'completeLogin.too_many_attempts': afterWrongCode,
  'confirmTotp.too_many_attempts': afterWrongCode,
  'enrolTotp.email_not_verified': async (request, { healthy }) => {
    await healthy.app.db.execute(sql`update users set email_verified_at = null where email = ${request.email}`);
    return send(healthy, request);
  },
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
  'createUser.email_taken': async (request, { healthy }) => {
    await send(healthy, request);
    return send(healthy, request);
  },
  'updateUser.email_taken': async (request, { healthy }) => {
    const email = `taken.${request.email}`;
    await healthy.register(email);
    return send(healthy, { ...request, payload: { email } });
  },
  'register.email_taken': async (request, { healthy }) => {
    await send(healthy, request);
    return send(healthy, request);
  },
  'updateMe.email_taken': async (request, { healthy }) => {
    const email = `taken.${request.email}`;
    await healthy.register(email);
    return send(healthy, { ...request, payload: { email } });
  },

  // Live settings.
  out_of_bounds: withBody({ value: 86_401 }),
  missing_version: (request, { healthy }) => send(healthy, { ...request, url: request.url.replace(/\?.*/, '') }),
  missing_change_number: withBody({ to: undefined }),
  no_longer_possible: async (request, { healthy }) => {
    const [change] = await healthy.app.db.execute<{ id: number }>(
      sql`insert into settings_history (name, value, changed_by) values ('ACCESS_TOKEN_LIFETIME', '0', 'test') returning id`,
    );
    return send(healthy, { ...request, payload: { ...request.payload, to: change?.id } });
  },
  setting_not_found: (request, { healthy }) =>
    send(healthy, { ...request, url: request.url.replace('ACCESS_TOKEN_LIFETIME', 'NO_SUCH_SETTING') }),
  setting_version_not_found: withBody({ to: 2_000_000_000 }),
  setting_changed: (request, { healthy }) =>
    send(healthy, {
      ...request,
      url: request.url.replace('version=0', 'version=999'),
      ...(request.payload && { payload: { ...request.payload, version: 999 } }),
    }),

  // Limits.
  rate_limited: async (request, { limited }) => {
    // Another request uses up the limit: this one must not take effect, since others share it.
    await limited.inject({ url: '/api/me/' });
    return send(limited, request);
  },
  too_many_attempts: afterGuesses,
  'updateMe.too_many_attempts': (request, environments) =>
    afterGuesses({ ...request, payload: { current_password: 'password' } }, environments),

  // Failures of the service.
  shutting_down: (request, { draining }) => send(draining, request),
  database_unavailable: (request, { cutOff }) => send(cutOff, request),
  // Until the pool notices that its connections are closed, it answers as for a database that may come back.
  internal_error: (request, { withoutDatabase }) =>
    until('the pool notices the lost connections', async () => {
      const answer = await send(withoutDatabase, request);
      return !answer.body.includes('"database_unavailable"') && answer;
    }),
  overloaded,
  'updateMe.overloaded': (request, worlds) =>
    overloaded({ ...request, payload: { password: 'umbrella zwetschke turbine' } }, worlds),
  handler_timeout: (request, { suspend }) => suspend(asInjected(request)),
  'updateMe.handler_timeout': (request, { suspend }) =>
    suspend(asInjected(request, { payload: { password: 'umbrella zwetschke turbine' } })),
};
