// The audit events: their names, who acts, and on what.

/** Event names, grouped by subject. They are stable, because operators search for them. */
export const auditEvents = [
  'user.registered',
  'user.created',
  'user.updated',
  'user.password_changed',
  'user.password_reset',
  'user.password_reset_requested',
  'user.password_recovered',
  'user.email_changed',
  'user.email_change_requested',
  'user.email_change_undone',
  'user.email_change_cancelled',
  'user.email_verified',
  'user.email_disowned',
  'user.disabled',
  'user.enabled',
  'user.unblocked',
  'user.deletion_requested',
  'user.deletion_cancelled',
  'user.deleted',
  'user.exported',
  'user.second_factor_added',
  'user.second_factor_removed',
  'user.second_factors_reset',
  'user.recovery_codes_created',
  'user.recovery_code_used',
  'user.roles_changed',
  'users.imported',
  'users.exported',
  'login.succeeded',
  'login.failed',
  'login.email_requested',
  'login.second_factor_required',
  'session.logged_out',
  'session.ended',
  'session.reauthenticated',
  'sessions.ended',
  'session.refresh_token_reused',
  'setting.changed',
  'setting.reset',
  'setting.rolled_back',
  'role.created',
  'role.changed',
  'role.deleted',
  'signing_key.rotated',
  'signing_key.retired',
  'mail.resent',
] as const;

export type AuditEventName = (typeof auditEvents)[number];

/**
 * Events that change the configuration, roles, keys or accounts. Those of accounts are also caused by their owners; a list of changes
 * leaves these out.
 */
export const changeEvents = [
  'user.created',
  'user.updated',
  'user.password_reset',
  'user.email_changed',
  'user.disabled',
  'user.enabled',
  'user.unblocked',
  'user.deleted',
  'user.second_factors_reset',
  'user.roles_changed',
  'users.imported',
  'users.exported',
  'session.ended',
  'sessions.ended',
  'setting.changed',
  'setting.reset',
  'setting.rolled_back',
  'role.created',
  'role.changed',
  'role.deleted',
  'signing_key.rotated',
  'signing_key.retired',
  'mail.resent',
] as const satisfies readonly AuditEventName[];

/** The reasons in the details of `login.failed`. */
export const loginFailures = [
  /** The address has no account, or is none. */
  'unknown_account',
  'wrong_password',
  /** The account has no password: it is used with sign-in links, or its owner has to set one. */
  'no_password',
  /** The password was right. */
  'disabled',
  'email_not_verified',
  /** Wrong passwords delay the next attempt. One event per delay. */
  'throttled',
  'second_factor_wrong',
  /** Wrong codes delay the next one. One event per delay. */
  'second_factor_throttled',
  /** A login with a passkey alone; `cause` says more. */
  'passkey_refused',
  'passkey_throttled',
  'sign_in_link_invalid',
  'sign_in_code_wrong',
] as const;

export type LoginFailure = (typeof loginFailures)[number];

/** The party that acts. */
export type Actor =
  | { readonly type: 'user'; readonly userId: number; readonly sessionId?: number | undefined }
  /** `name` is the operating system account that runs the command. */
  | { readonly type: 'cli'; readonly name: string }
  | { readonly type: 'system' }
  | { readonly type: 'anonymous' };

/** Where a request comes from; empty for an act without a request. Read its members one by one: that of a request has none of its own. */
export interface Origin {
  readonly ip?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly requestId?: string | undefined;
  /** The language in which the sender wants e-mails: a BCP 47 tag. Undefined where it is not needed. */
  readonly locale?: string | null | undefined;
  /** Aborted when the client disconnects before it has the response. */
  readonly signal?: AbortSignal | undefined;
}

/** An actor and the origin of its request. */
export interface Act {
  readonly actor: Actor;
  readonly origin: Origin;
}

/** The types of things that an act can affect. */
export const targetTypes = ['user', 'session', 'setting', 'role', 'signing_key', 'mail'] as const;

/** The thing that an act affects. */
export interface Target {
  readonly type: (typeof targetTypes)[number];
  readonly id: string | number;
}

/** An event to record. */
export interface AuditEvent extends Act {
  readonly event: AuditEventName;
  readonly target?: Target | undefined;
  /** What changed; never a credential, an e-mail address or the name of a person. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** The act of a client that is not logged in. */
export function anonymous(origin: Origin): Act {
  return { actor: { type: 'anonymous' }, origin };
}

/** The act of the bearer of an access token, or of a user who has just proved their identity. */
export function byUser(user: { readonly userId: number; readonly sessionId?: number }, origin: Origin): Act {
  return { actor: { type: 'user', userId: user.userId, sessionId: user.sessionId }, origin };
}

/** The act of an operator at the command line. `name` is their operating system account. */
export function byCli(name: string): Act {
  return { actor: { type: 'cli', name }, origin: {} };
}

/** An act of the service itself. */
export const bySystem: Act = { actor: { type: 'system' }, origin: {} };
