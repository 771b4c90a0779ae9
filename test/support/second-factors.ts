// Accounts with a second factor, and the codes of their authenticator app.
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { Secret } from 'otpauth';
import { codeAt, stepAt } from '#second-factors/totp.js';
import type { TestApp } from './app.js';

type Service = Pick<TestApp, 'inject' | 'post' | 'app' | 'login'>;

/** An authenticator app: its secret, and its code now or some steps away. */
export interface Authenticator {
  readonly id: number;
  readonly secret: Buffer;
  readonly code: (steps?: number) => string;
}

const TEN_SECONDS = 10_000;

/** Requests with an access token. */
export function withToken(service: Pick<TestApp, 'inject'>, accessToken: string) {
  return (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object) =>
    service.inject({
      method,
      url: `/api/me/factors/${path}`,
      headers: { authorization: `Bearer ${accessToken}` },
      ...(payload && { payload }),
    });
}

/** Marks the address of an account as verified. */
export async function verifyAddress({ app }: Pick<TestApp, 'app'>, email: string): Promise<void> {
  await app.db.execute(sql`update users set email_verified_at = now() where email = ${email}`);
}

/** Begins to add an authenticator app. */
export async function enrol(service: Service, accessToken: string, password = 'password'): Promise<Authenticator> {
  const response = await withToken(service, accessToken)('POST', 'totp/', {
    current_password: password,
    name: 'Phone',
  });
  if (response.statusCode !== 201) throw new Error(`no enrolment: ${response.body}`);
  const { id, secret: text } = response.json();
  const secret = Buffer.from(Secret.fromBase32(text).bytes);
  return { id, secret, code: (steps = 0) => codeAt(secret, stepAt(service.app.now()) + steps) };
}

/** Adds an authenticator app, with the code of the step before: that of now stays unused. */
export async function addAuthenticator(service: Service, accessToken: string): Promise<Authenticator> {
  const authenticator = await enrol(service, accessToken);
  const confirm = () =>
    withToken(service, accessToken)('POST', `totp/${authenticator.id}/confirm/`, { code: authenticator.code(-1) });
  let response = await confirm();
  // A step may end between the code and its check, which then finds the code two steps old.
  if (response.statusCode === 403) response = await confirm();
  if (response.statusCode !== 200) throw new Error(`not confirmed: ${response.body}`);
  return authenticator;
}

/** Waits until the current step lasts for ten more seconds: the code of the step before is accepted until it ends. */
export async function untilStepLasts(): Promise<void> {
  if (stepAt(Date.now()) !== stepAt(Date.now() + TEN_SECONDS)) await sleep(TEN_SECONDS);
}

/** The challenge of a login. */
export async function challengeOf(
  service: Pick<TestApp, 'post'>,
  email = 'user@example.com',
  password = 'password',
): Promise<string> {
  const response = await service.post('/api/login/', { email, password });
  const { challenge } = response.json();
  if (challenge === undefined) throw new Error(`no challenge: ${response.body}`);
  return challenge;
}
