// Every live setting: its name, type, bounds, default and meaning. Add one here and it exists: CLI, API and docs read this list.
import { type Static, type TSchema, Type } from '@sinclair/typebox';

interface SettingDefinition<T extends TSchema = TSchema> {
  readonly schema: T;
  readonly default: Static<T>;
  readonly unit?: 'seconds' | 'days' | 'characters';
  readonly group: 'Accounts' | 'Tokens' | 'Keys' | 'Passwords' | 'Limits' | 'Audit';
  readonly description: string;
}

const setting = <T extends TSchema>(definition: SettingDefinition<T>): SettingDefinition<T> => definition;

const DAY = 86_400;

/** No access token is valid for longer, whatever the setting says (seconds). */
export const MAX_ACCESS_TOKEN_LIFETIME = DAY;

/** Within this time every instance has seen a change of a table that it watches (seconds). */
export const FOLLOW_SECONDS = 5;

/** The greatest number that a change of a setting can have: a Postgres integer. */
export const LAST_CHANGE = 2 ** 31 - 1;

export const registry = {
  REGISTRATION_OPEN: setting({
    schema: Type.Boolean(),
    default: true,
    group: 'Accounts',
    description: 'Whether anybody can register. Off: `POST /api/register/` answers 403, and operators make accounts.',
  }),
  ACCESS_TOKEN_LIFETIME: setting({
    schema: Type.Integer({ minimum: 1, maximum: MAX_ACCESS_TOKEN_LIFETIME }),
    default: 30,
    unit: 'seconds',
    group: 'Tokens',
    description: 'How long an access token is valid. Also how long a revoked one goes on working.',
  }),
  REFRESH_TOKEN_LIFETIME: setting({
    schema: Type.Integer({ minimum: 1, maximum: 400 * DAY }),
    default: 30 * DAY,
    unit: 'seconds',
    group: 'Tokens',
    description: 'How long a refresh token is valid; each refresh starts it anew.',
  }),
  REFRESH_GRACE_SECONDS: setting({
    schema: Type.Integer({ minimum: 0, maximum: 60 }),
    default: 0,
    unit: 'seconds',
    group: 'Tokens',
    description:
      'How long after a refresh the token it used is answered with the same successor, without an Idempotency-Key. 0: never.',
  }),
  SESSION_MAX_LIFETIME: setting({
    schema: Type.Integer({ minimum: 0, maximum: 4000 * DAY }),
    default: 0,
    unit: 'seconds',
    group: 'Tokens',
    description: 'How long after login a session ends, however often it is refreshed. 0: no such limit.',
  }),
  MAX_SESSIONS_PER_USER: setting({
    schema: Type.Integer({ minimum: 0, maximum: 1000 }),
    default: 100,
    group: 'Tokens',
    description:
      'How many sessions of one user live at most: a login ends the oldest ones beyond it. 0: no such limit.',
  }),
  KEY_ROTATION_DAYS: setting({
    schema: Type.Integer({ minimum: 0, maximum: 3650 }),
    default: 90,
    unit: 'days',
    group: 'Keys',
    description:
      'How long a key signs access tokens before the next one takes its place. 0: until `latchkey keys rotate`.',
  }),
  KEY_LEAD_TIME: setting({
    schema: Type.Integer({ minimum: FOLLOW_SECONDS, maximum: 30 * DAY }),
    default: 7200,
    unit: 'seconds',
    group: 'Keys',
    description:
      'How long a key is published before it signs: at least as long as any verifier keeps the key set without asking again.',
  }),
  PASSWORD_MIN_LENGTH: setting({
    schema: Type.Integer({ minimum: 8, maximum: 64 }),
    default: 8,
    unit: 'characters',
    group: 'Passwords',
    description: 'The least number of characters (code points) of a new password.',
  }),
  PASSWORD_REJECT_COMMON: setting({
    schema: Type.Boolean(),
    default: false,
    group: 'Passwords',
    description:
      'Refuse a new password that is easy to guess: one of the 49,000 most common ones or a variant of one (case, digits for letters, signs and years added, reversed, repeated), a sequence or keyboard row, or the e-mail address, the username or the name of this service. Offline.',
  }),
  PASSWORD_REJECT_BREACHED: setting({
    schema: Type.Boolean(),
    default: false,
    group: 'Passwords',
    description:
      'Refuse a new password that is known from a data breach, by asking `PASSWORD_BREACH_URL` for a range of hashes: only 5 of the 40 digits of its SHA-1 are sent. When there is no answer within a second, the password is accepted.',
  }),
  REQUIRE_CURRENT_PASSWORD: setting({
    schema: Type.Boolean(),
    default: false,
    group: 'Passwords',
    description: 'Whether changing the e-mail address or the password needs `current_password`.',
  }),
  LOGIN_FAILURES_BEFORE_DELAY: setting({
    schema: Type.Integer({ minimum: 0, maximum: 100 }),
    default: 5,
    group: 'Limits',
    description:
      'How many wrong passwords in a row an account takes without delay; after that, 1 second passes until the next attempt, then 2, 4 … 0: no such limit.',
  }),
  LOGIN_MAX_DELAY: setting({
    schema: Type.Integer({ minimum: 1, maximum: 3600 }),
    default: 900,
    unit: 'seconds',
    group: 'Limits',
    description: 'The longest time that an account has to wait between two attempts after wrong passwords.',
  }),
  LOGIN_ATTEMPTS_PER_MINUTE: setting({
    schema: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    default: 6000,
    group: 'Limits',
    description:
      'How many logins one client address may try in a minute, right or wrong, in each process. 0: no such limit.',
  }),
  REGISTRATIONS_PER_HOUR: setting({
    schema: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    default: 36_000,
    group: 'Limits',
    description: 'How many registrations one client address may try in an hour, in each process. 0: no such limit.',
  }),
  REFRESHES_PER_MINUTE: setting({
    schema: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    default: 0,
    group: 'Limits',
    description: 'How often one session may be refreshed in a minute, in each process. 0: no such limit.',
  }),
  REQUESTS_PER_MINUTE: setting({
    schema: Type.Integer({ minimum: 0, maximum: 100_000_000 }),
    default: 0,
    group: 'Limits',
    description:
      'How many requests one client address may send in a minute, in each process; those to `/api/verify/`, `/livez` and `/readyz` do not count. 0: no such limit.',
  }),
  AUDIT_RETENTION_DAYS: setting({
    schema: Type.Integer({ minimum: 0, maximum: 3650 }),
    default: 365,
    unit: 'days',
    group: 'Audit',
    description: 'How long it is kept what was done, and by whom. 0: for ever.',
  }),
} as const;

export type SettingName = keyof typeof registry;
export type SettingValue<N extends SettingName> = Static<(typeof registry)[N]['schema']>;

/** All names, in the order of the list. */
export const settingNames = Object.keys(registry) as SettingName[];

/** Whether there is such a setting; for names from outside. */
export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(registry, name);
}

/** What is wrong with a value; undefined when it is good. */
export function refuse(name: SettingName, value: unknown): string | undefined {
  const { schema, unit = '' } = registry[name] as SettingDefinition;
  if (schema.type === 'boolean') return typeof value === 'boolean' ? undefined : 'must be true or false';
  const good = Number.isInteger(value) && Number(value) >= schema.minimum && Number(value) <= schema.maximum;
  return good ? undefined : `must be an integer from ${schema.minimum} to ${schema.maximum} ${unit}`.trimEnd();
}

/** The value that a text from the command line or the environment stands for, not yet checked. */
export function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
