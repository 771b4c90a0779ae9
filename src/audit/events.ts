// What is written down: every act that somebody may ask about later.

/** Names of events, by what they are about. Stable: operators search for them. */
export const auditEvents = [
  'user.registered',
  'user.created',
  'user.updated',
  'user.password_changed',
  'user.password_reset',
  'user.email_changed',
  'user.disabled',
  'user.enabled',
  'user.deleted',
  'user.roles_changed',
  'login.succeeded',
  'login.failed',
  'session.logged_out',
  'session.ended',
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
] as const;

export type AuditEventName = (typeof auditEvents)[number];

/** Who acts. */
export type Actor =
  | { readonly type: 'user'; readonly userId: number; readonly sessionId?: number | undefined }
  /** `name`: the account of the operating system. */
  | { readonly type: 'cli'; readonly name: string }
  | { readonly type: 'system' }
  | { readonly type: 'anonymous' };

/** Where a request comes from; empty for what does not come from one. */
export interface Origin {
  readonly ip?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly requestId?: string | undefined;
  /** Aborted when the client has left before it was answered. */
  readonly signal?: AbortSignal | undefined;
}

/** Who acts, and from where. */
export interface Act {
  readonly actor: Actor;
  readonly origin: Origin;
}

/** Kinds of things that acts are on. */
export const targetTypes = ['user', 'session', 'setting', 'role', 'signing_key'] as const;

/** What an act is on. */
export interface Target {
  readonly type: (typeof targetTypes)[number];
  readonly id: string | number;
}

/** One event, as it is written. */
export interface AuditEvent extends Act {
  readonly event: AuditEventName;
  readonly target?: Target | undefined;
  /** What changed; never a credential, an e-mail address or the name of a person. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** Nobody has logged in yet. */
export function anonymous(origin: Origin): Act {
  return { actor: { type: 'anonymous' }, origin };
}

/** The bearer of an access token, or somebody who has just proved who they are. */
export function byUser(user: { readonly userId: number; readonly sessionId?: number }, origin: Origin): Act {
  return { actor: { type: 'user', userId: user.userId, sessionId: user.sessionId }, origin };
}

/** Whoever runs the command; `name`: their account of the operating system. */
export function byCli(name: string): Act {
  return { actor: { type: 'cli', name }, origin: {} };
}

/** The service itself. */
export const bySystem: Act = { actor: { type: 'system' }, origin: {} };
