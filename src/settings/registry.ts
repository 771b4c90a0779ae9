// The registry of live settings: name, type, bounds, default and description. The CLI, the API and the docs are generated from it.
import { type Static, type TSchema, Type } from '@sinclair/typebox';

interface SettingDefinition<T extends TSchema = TSchema> {
  readonly schema: T;
  readonly default: Static<T>;
  readonly unit?: 'seconds' | 'days' | 'characters';
  readonly group: 'Accounts' | 'Mail' | 'Tokens' | 'Keys' | 'Passwords' | 'Limits' | 'Audit';
  readonly description: string;
}

const setting = <T extends TSchema>(definition: SettingDefinition<T>): SettingDefinition<T> => definition;

const DAY = 86_400;

/** The longest lifetime that an access token can have, whatever the setting says (seconds). Verification enforces it. */
export const MAX_ACCESS_TOKEN_LIFETIME = DAY;

/** The longest time that a user can have to change their mind about deleting their account (seconds). */
export const MAX_ACCOUNT_DELETION_GRACE = 90 * DAY;

/** The time within which every instance has seen a change to a table that it watches (seconds). */
export const PROPAGATION_SECONDS = 5;

/** The greatest version number that a setting can have: the maximum of a Postgres integer. */
export const MAX_SETTING_VERSION = 2 ** 31 - 1;

export const registry = {
  REGISTRATION_OPEN: setting({
    schema: Type.Boolean(),
    default: true,
    group: 'Accounts',
    description:
      'Allow self-service registration. When off, `POST /api/register/` returns 403 and only operators can create accounts.',
  }),
  REQUIRE_VERIFIED_EMAIL: setting({
    schema: Type.Boolean(),
    default: false,
    group: 'Accounts',
    description:
      'Require a verified e-mail address to log in. New accounts get an e-mail with a link; until it is followed, a login returns 403. A new address of an account takes effect when it is confirmed. Has no effect while this service cannot send mail.',
  }),
  STEP_UP_MAX_AGE: setting({
    schema: Type.Integer({ minimum: 0, maximum: 30 * DAY }),
    default: 0,
    unit: 'seconds',
    group: 'Accounts',
    description:
      'How old the last proof of identity may be (the login, or a step-up since) when a user changes their password, address or second factors, or exports or deletes their account. 0 means no limit.',
  }),
  STEP_UP_FOR_OPERATORS: setting({
    schema: Type.Boolean(),
    default: false,
    group: 'Accounts',
    description: 'Apply `STEP_UP_MAX_AGE` to every change that operators make through the API and the console, too.',
  }),
  SECOND_FACTOR_REQUIRED: setting({
    schema: Type.Boolean(),
    default: false,
    group: 'Accounts',
    description:
      'Require a second factor of every account. After `SECOND_FACTOR_GRACE_DAYS`, an account without one can log in only to add one.',
  }),
  SECOND_FACTOR_REQUIRED_FOR_OPERATORS: setting({
    schema: Type.Boolean(),
    default: false,
    group: 'Accounts',
    description:
      'Require a second factor of accounts with a permission of this service. After `SECOND_FACTOR_GRACE_DAYS`, such an account without one can log in only to add one.',
  }),
  SECOND_FACTOR_GRACE_DAYS: setting({
    schema: Type.Integer({ minimum: 0, maximum: 365 }),
    default: 7,
    unit: 'days',
    group: 'Accounts',
    description:
      'How long an account that must have a second factor can be used without one, from its first login or refresh under that requirement. 0 requires it at once.',
  }),
  ACCOUNT_DELETION_GRACE: setting({
    schema: Type.Integer({ minimum: 0, maximum: MAX_ACCOUNT_DELETION_GRACE }),
    default: 0,
    unit: 'seconds',
    group: 'Accounts',
    description:
      'How long a user who deletes their account can change their mind. Until then the account is disabled, and a login restores it. 0 deletes it at once.',
  }),
  SIGN_IN_BY_EMAIL: setting({
    schema: Type.Boolean(),
    default: false,
    group: 'Mail',
    description: 'Allow users to sign in with a link or a six-digit code that is sent to their address.',
  }),
  SIGN_IN_LIFETIME: setting({
    schema: Type.Integer({ minimum: 60, maximum: 3600 }),
    default: 600,
    unit: 'seconds',
    group: 'Mail',
    description: 'How long the link and the code of a sign-in by e-mail are valid.',
  }),
  EMAIL_VERIFICATION_LIFETIME: setting({
    schema: Type.Integer({ minimum: 300, maximum: 30 * DAY }),
    default: DAY,
    unit: 'seconds',
    group: 'Mail',
    description: 'How long the link that verifies an e-mail address, or confirms a new one, is valid.',
  }),
  PASSWORD_RESET_LIFETIME: setting({
    schema: Type.Integer({ minimum: 60, maximum: DAY }),
    default: 1800,
    unit: 'seconds',
    group: 'Mail',
    description: 'How long the link that resets a password is valid.',
  }),
  EMAIL_CHANGE_UNDO_LIFETIME: setting({
    schema: Type.Integer({ minimum: 3600, maximum: 30 * DAY }),
    default: 3 * DAY,
    unit: 'seconds',
    group: 'Mail',
    description: 'How long the owner of the old address can undo a change of the e-mail address.',
  }),
  NOTIFY_PASSWORD_CHANGED: setting({
    schema: Type.Boolean(),
    default: true,
    group: 'Mail',
    description: 'Notify users by e-mail when their password has been changed.',
  }),
  NOTIFY_EMAIL_CHANGED: setting({
    schema: Type.Boolean(),
    default: true,
    group: 'Mail',
    description:
      'Notify the old address by e-mail when the e-mail address of an account changes, with a link that undoes it.',
  }),
  NOTIFY_NEW_SIGN_IN: setting({
    schema: Type.Boolean(),
    default: false,
    group: 'Mail',
    description: 'Notify users by e-mail of a login from a device that they have not used before.',
  }),
  NOTIFY_TOKEN_REUSE: setting({
    schema: Type.Boolean(),
    default: true,
    group: 'Mail',
    description: 'Notify users by e-mail when a session was ended because a used refresh token was sent again.',
  }),
  ACCESS_TOKEN_LIFETIME: setting({
    schema: Type.Integer({ minimum: 1, maximum: MAX_ACCESS_TOKEN_LIFETIME }),
    default: 30,
    unit: 'seconds',
    group: 'Tokens',
    description:
      'How long an access token is valid. After a session is revoked, its access tokens keep working for up to this time.',
  }),
  REFRESH_TOKEN_LIFETIME: setting({
    schema: Type.Integer({ minimum: 1, maximum: 400 * DAY }),
    default: 30 * DAY,
    unit: 'seconds',
    group: 'Tokens',
    description: 'How long a refresh token is valid. Each refresh issues a new token and restarts this period.',
  }),
  REFRESH_GRACE_SECONDS: setting({
    schema: Type.Integer({ minimum: 0, maximum: 60 }),
    default: 0,
    unit: 'seconds',
    group: 'Tokens',
    description:
      'For how long after a refresh the used token can be sent again, without an `Idempotency-Key`, and returns the same new token. 0 disables the grace period.',
  }),
  SESSION_MAX_LIFETIME: setting({
    schema: Type.Integer({ minimum: 0, maximum: 4000 * DAY }),
    default: 0,
    unit: 'seconds',
    group: 'Tokens',
    description:
      'The longest time that a session can last after login, however often it is refreshed. 0 means no limit.',
  }),
  MAX_SESSIONS_PER_USER: setting({
    schema: Type.Integer({ minimum: 0, maximum: 1000 }),
    default: 100,
    group: 'Tokens',
    description:
      'The maximum number of active sessions per user. A login that exceeds it ends the oldest sessions. 0 means no limit.',
  }),
  KEY_ROTATION_DAYS: setting({
    schema: Type.Integer({ minimum: 0, maximum: 3650 }),
    default: 90,
    unit: 'days',
    group: 'Keys',
    description:
      'How long a key signs access tokens before the next key replaces it. 0 disables automatic rotation; use `latchkey keys rotate`.',
  }),
  KEY_LEAD_TIME: setting({
    schema: Type.Integer({ minimum: PROPAGATION_SECONDS, maximum: 30 * DAY }),
    default: 7200,
    unit: 'seconds',
    group: 'Keys',
    description:
      'How long a key is published before it starts to sign. Must be at least as long as the longest time for which a verifier caches the key set.',
  }),
  PASSWORD_MIN_LENGTH: setting({
    schema: Type.Integer({ minimum: 8, maximum: 64 }),
    default: 8,
    unit: 'characters',
    group: 'Passwords',
    description: 'The minimum length of a new password, in characters (Unicode code points).',
  }),
  PASSWORD_REJECT_COMMON: setting({
    schema: Type.Boolean(),
    default: false,
    group: 'Passwords',
    description:
      'Reject new passwords that are easy to guess: the 49,000 most common ones and their variants (changed case, digits for letters, added symbols or years, reversed, repeated), sequences and keyboard rows, and passwords based on the e-mail address, the username or the name of this service. The check needs no network.',
  }),
  PASSWORD_REJECT_BREACHED: setting({
    schema: Type.Boolean(),
    default: false,
    group: 'Passwords',
    description:
      'Reject new passwords that appear in known data breaches. The service queries `PASSWORD_BREACH_URL` and sends only the first 5 of the 40 hex digits of the SHA-1 hash. If there is no response within a second, the password is accepted.',
  }),
  REQUIRE_CURRENT_PASSWORD: setting({
    schema: Type.Boolean(),
    default: false,
    group: 'Passwords',
    description: 'Require `current_password` to change the e-mail address or the password.',
  }),
  LOGIN_FAILURES_BEFORE_DELAY: setting({
    schema: Type.Integer({ minimum: 0, maximum: 100 }),
    default: 5,
    group: 'Limits',
    description:
      'The number of consecutive wrong passwords after which an account must wait before the next attempt: 1 second, then 2, 4, and so on. 0 means no limit.',
  }),
  LOGIN_MAX_DELAY: setting({
    schema: Type.Integer({ minimum: 1, maximum: 3600 }),
    default: 900,
    unit: 'seconds',
    group: 'Limits',
    description: 'The longest wait between two login attempts after wrong passwords.',
  }),
  LOGIN_ATTEMPTS_PER_MINUTE: setting({
    schema: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    default: 6000,
    group: 'Limits',
    description:
      'The maximum number of login attempts per client address and minute, successful or not. Each process counts separately. 0 means no limit.',
  }),
  REGISTRATIONS_PER_HOUR: setting({
    schema: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    default: 36_000,
    group: 'Limits',
    description:
      'The maximum number of registration attempts, and of requests of users for another e-mail address, per client address and hour. Each process counts separately. 0 means no limit.',
  }),
  MAIL_REQUESTS_PER_HOUR: setting({
    schema: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    default: 600,
    group: 'Limits',
    description:
      'The maximum number of requests per client address and hour that may send an e-mail, such as `POST /api/password/forgot/`. Each process counts separately. 0 means no limit.',
  }),
  MAILS_PER_ACCOUNT_PER_HOUR: setting({
    schema: Type.Integer({ minimum: 1, maximum: 1000 }),
    default: 5,
    group: 'Limits',
    description:
      'The maximum number of e-mails of one kind per hour to one address, and from one account to any addresses. This many can be sent at once; after that, one at a time at this rate. Requests from a network from which the account has logged in are counted separately. Further requests get the same response, and no e-mail.',
  }),
  WRONG_SIGN_IN_CODES_PER_DAY: setting({
    schema: Type.Integer({ minimum: 100, maximum: 1_000_000 }),
    default: 500,
    group: 'Limits',
    description:
      'The maximum number of wrong six-digit codes per day on all accounts together, from networks from which these accounts have not logged in. Each network from which they have is counted separately. Beyond it, codes from there are refused until the rate allows more; links still work.',
  }),
  MAILS_PER_MINUTE: setting({
    schema: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    default: 6000,
    group: 'Limits',
    description:
      'The maximum number of e-mails that all instances send per minute. Further e-mails wait. 0 means no limit.',
  }),
  REFRESHES_PER_MINUTE: setting({
    schema: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    default: 0,
    group: 'Limits',
    description:
      'The maximum number of refreshes per session and minute. Each process counts separately. 0 means no limit.',
  }),
  REQUESTS_PER_MINUTE: setting({
    schema: Type.Integer({ minimum: 0, maximum: 100_000_000 }),
    default: 0,
    group: 'Limits',
    description:
      'The maximum number of requests per client address and minute. Each process counts separately. Requests to `/api/verify/`, `/livez`, `/readyz` and `/startupz` are not counted. 0 means no limit.',
  }),
  AUDIT_RETENTION_DAYS: setting({
    schema: Type.Integer({ minimum: 0, maximum: 3650 }),
    default: 365,
    unit: 'days',
    group: 'Audit',
    description: 'How long audit events are kept. 0 keeps them forever.',
  }),
} as const;

export type SettingName = keyof typeof registry;
export type SettingValue<N extends SettingName> = Static<(typeof registry)[N]['schema']>;

/** All names, in registry order. */
export const settingNames = Object.keys(registry) as SettingName[];

/** Whether a name from outside is the name of a setting. */
export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(registry, name);
}

/** Why a setting cannot have a value; undefined for a valid value. */
export function findValueError(name: SettingName, value: unknown): string | undefined {
  const { schema, unit = '' } = registry[name] as SettingDefinition;
  if (schema.type === 'boolean') return typeof value === 'boolean' ? undefined : 'must be true or false';
  const isValid = Number.isInteger(value) && Number(value) >= schema.minimum && Number(value) <= schema.maximum;
  return isValid ? undefined : `must be an integer from ${schema.minimum} to ${schema.maximum} ${unit}`.trimEnd();
}

/** Parses a value from the command line or the environment. Does not validate it: text that is not JSON stays text. */
export function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
