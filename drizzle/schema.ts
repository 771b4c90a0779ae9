// The tables, with the meaning of a row. After a change, generate the migration with `npm run db:generate`.
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** One row per account. `email` is canonical (see src/users/email.ts), so its unique index enforces one account per address. */
export const users = pgTable(
  'users',
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    email: text().notNull(),
    username: text().notNull().default(''),
    /**
     * Argon2id, in PHC string format; or the hash of another system, tagged (see src/passwords/foreign), until the account first logs in.
     * Null: the account cannot log in with a password.
     */
    passwordHash: text('password_hash'),
    roles: text().array().notNull().default(sql`'{}'::text[]`),
    emailVerifiedAt: instant('email_verified_at'),
    /** The language of mails to the owner: a BCP 47 tag from `Accept-Language`. Null: not known. */
    locale: text(),
    /** If set, the owner has asked to leave: the account is disabled, and is deleted then unless they log in before. */
    deletionDueAt: instant('deletion_due_at'),
    /** If set, logins and refreshes are rejected; existing access tokens remain valid until they expire. */
    disabledAt: instant('disabled_at'),
    /** The reason that the operator gave. */
    disabledReason: text('disabled_reason'),
    /** Whether the account has a confirmed second factor: a login then needs more than the password (see src/second-factors). */
    hasSecondFactor: boolean('has_second_factor').notNull().default(false),
    /** When the account was first asked for a second factor, because operators require one (see src/sessions/second-factor-policy.ts). */
    secondFactorAskedAt: instant('second_factor_asked_at'),
    /** Incremented when all sessions of the account end: sessions with a smaller `epoch` have ended. */
    sessionEpoch: integer('session_epoch').notNull().default(0),
    /** If set, the account is deleted, and a job (see `jobs`) removes its remaining data. This row contains no personal data then. */
    deletedAt: instant('deleted_at'),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('users_email_key').on(table.email),
    // Supports prefix searches regardless of the collation of the database.
    index('users_email_prefix_idx').on(table.email.op('text_pattern_ops')),
    // Partial, because few accounts have roles, and accounts without roles then cost nothing.
    index('users_roles_idx').using('gin', table.roles).where(sql`${table.roles} <> '{}'::text[]`),
    index('users_deletion_due_idx').on(table.deletionDueAt).where(sql`${table.deletionDueAt} is not null`),
    // Lists of disabled accounts, which are few, do not read the others.
    index('users_disabled_idx').on(table.id).where(sql`${table.disabledAt} is not null`),
  ],
);

/**
 * One row per login, updated in place by every refresh. No column that a refresh writes is indexed, so that the update
 * is heap-only (HOT) and the table does not grow with refreshes.
 */
export const sessions = pgTable(
  'sessions',
  {
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Random, 40 bits, unique per user; the primary key together with `user_id`. */
    id: bigint({ mode: 'number' }).notNull(),
    /** SHA-256 of the only valid refresh token. */
    refreshTokenHash: bytea('refresh_token_hash').notNull(),
    /** The number of refreshes: the generation of the current refresh token. */
    generation: integer().notNull().default(0),
    /** Hashes of the Idempotency-Keys of the last 8 refreshes, 8 bytes each, newest first; random bytes for a refresh without a key. */
    retryKeys: bytea('retry_keys').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    refreshedAt: instant('refreshed_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
    ip: text(),
    userAgent: text('user_agent'),
    revokedAt: instant('revoked_at'),
    revokedReason: text('revoked_reason'),
    /** How the owner proved their identity: values of `amr` (see src/tokens/authentication.ts), separated by spaces. Null: not recorded. */
    amr: text(),
    /** When the owner last did so. Null: at the login. */
    authenticatedAt: instant('authenticated_at'),
    /** `session_epoch` of the account when the session began, or when it was kept while all other sessions ended. */
    epoch: integer().notNull().default(0),
  },
  (table) => [
    primaryKey({ name: 'sessions_pkey', columns: [table.userId, table.id] }),
    // Finds the newest active sessions of an account, however many it has had. A refresh writes none of these columns.
    index('sessions_living_idx').on(table.userId, table.epoch, table.createdAt).where(sql`${table.revokedAt} is null`),
  ],
);

/**
 * One row per e-mail address for which a wrong password was recently entered, whether or not an account has it (see
 * src/throttles/service.ts), and one row per account and network from which the account has logged in. The table contains neither e-mail
 * addresses nor IP addresses. Updates are heap-only: no column that they write is indexed. The table is WAL-logged, so that counts survive
 * a crash.
 */
export const throttles = pgTable('throttles', {
  /** HMAC of the e-mail address, or of the address and a network; 16 bytes. */
  key: bytea().primaryKey(),
  /** The number of consecutive wrong passwords, including attempts that are still being verified. */
  failures: integer().notNull(),
  /** When the last attempt was counted. */
  attemptedAt: instant('attempted_at').notNull(),
  /** For an account and a network: until when logins from this network are counted separately. */
  knownUntil: instant('known_until'),
  /** When the first attempt of a delay was refused. The delay follows `attempted_at`; an earlier time belongs to an earlier delay. */
  refusedAt: instant('refused_at'),
});

/** One row per live setting that an operator has changed. A setting without a row has its default value. */
export const settings = pgTable('settings', {
  name: text().primaryKey(),
  value: jsonb().notNull(),
  /** The id of the change in `settings_history` that set this value. It increases with every change of any setting. */
  version: integer().notNull(),
  updatedAt: instant('updated_at').notNull().defaultNow(),
  updatedBy: text('updated_by').notNull(),
});

/** One row per change of a setting, kept forever. A null `value` means that the setting was reset to its default. */
export const settingsHistory = pgTable(
  'settings_history',
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    name: text().notNull(),
    value: jsonb(),
    changedAt: instant('changed_at').notNull().defaultNow(),
    changedBy: text('changed_by').notNull(),
  },
  (table) => [index('settings_history_name_idx').on(table.name, table.id)],
);

/**
 * One row per key that signs access tokens (active), will sign them (next), or has signed tokens that have not expired (retired). A
 * retired key is deleted when its last token has expired.
 */
export const signingKeys = pgTable(
  'signing_keys',
  {
    /** RFC 7638 thumbprint of the key, and the `kid` header of the tokens that it signs. */
    kid: text().primaryKey(),
    /** The only JWS algorithm that the key is used with. */
    alg: text().notNull(),
    /** The public key as published in the JWKS. Null: a shared secret, which is not published. */
    publicJwk: jsonb('public_jwk'),
    /** PKCS #8 or a shared secret, encrypted with a key derived from AUTH_SECRET (see src/keys/key-encryption.ts). */
    privateKey: bytea('private_key').notNull(),
    /** next → active → retired. */
    state: text().$type<'next' | 'active' | 'retired'>().notNull(),
    /** The longest lifetime of the tokens that the key has signed, in seconds. */
    longestLifetime: integer('longest_lifetime').notNull().default(0),
    createdAt: instant('created_at').notNull().defaultNow(),
    activatedAt: instant('activated_at'),
    retiredAt: instant('retired_at'),
    /** For a retired key: when the last token that it has signed expires. */
    expiresAt: instant('expires_at'),
  },
  (table) => [
    // At most one active and one next key, which prevents races between creations and rotations.
    uniqueIndex('signing_keys_state_key').on(table.state).where(sql`${table.state} in ('next', 'active')`),
    check('signing_keys_state_check', sql`${table.state} in ('next', 'active', 'retired')`),
  ],
);

/** One row per role that an operator has created. The built-in role `admin` has no row; src/roles/permissions.ts defines it. */
export const roles = pgTable('roles', {
  name: text().primaryKey(),
  description: text().notNull().default(''),
  /** Permissions of Latchkey, and any others that applications define. */
  permissions: text().array().notNull().default(sql`'{}'::text[]`),
  createdAt: instant('created_at').notNull().defaultNow(),
  updatedAt: instant('updated_at').notNull().defaultNow(),
});

/**
 * One row per audited action, written in the transaction of the action. When a user is deleted, ids are kept, but `ip` and
 * `user_agent`, which are personal data, are removed.
 */
export const auditEvents = pgTable(
  'audit_events',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant('at').notNull().defaultNow(),
    /** An event of src/audit/events.ts. */
    event: text().notNull(),
    /** `user`, `cli`, `system`, or `anonymous`. */
    actorType: text('actor_type').notNull(),
    actorId: integer('actor_id'),
    /** For `cli`: the account of the operating system. */
    actorName: text('actor_name'),
    /** `user`, `session`, `setting`, `role`, `signing_key` or `mail`; null if the action has no particular target. */
    targetType: text('target_type'),
    targetId: text('target_id'),
    sessionId: bigint('session_id', { mode: 'number' }),
    ip: text(),
    userAgent: text('user_agent'),
    requestId: text('request_id'),
    /** What changed; never contains a credential, an e-mail address or a name. */
    details: jsonb().notNull().default({}),
  },
  (table) => [
    index('audit_events_target_idx').on(table.targetType, table.targetId, table.id),
    index('audit_events_actor_idx').on(table.actorId, table.id),
    index('audit_events_event_idx').on(table.event, table.id),
    index('audit_events_ip_idx').on(table.ip, table.id),
  ],
);

/** One row per process that is serving or was recently, with its version and settings. */
export const instances = pgTable('instances', {
  /** Random, new at each start. */
  id: text().primaryKey(),
  /** The host name of the machine. */
  host: text().notNull(),
  version: text().notNull(),
  startedAt: instant('started_at').notNull().defaultNow(),
  seenAt: instant('seen_at').notNull().defaultNow(),
  /** The greatest id in `settings_history` that the process has applied. */
  settingsVersion: integer('settings_version').notNull().default(0),
});

/**
 * One row per hour and kind of event, with how often it happened, on all instances together. Statistics for charts: a process adds what it
 * has counted every half minute, and a process that is killed loses that much. The audit log is the record.
 */
export const activity = pgTable(
  'activity',
  {
    hour: instant('hour').notNull(),
    /** A name of src/activity/names.ts. */
    name: text().notNull(),
    count: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.hour, table.name] })],
);

/**
 * One row per task that is too large for one transaction. A request commits the row together with its own change, and any instance
 * then does the work in batches (see src/jobs). The row is deleted when the work is done.
 */
export const jobs = pgTable(
  'jobs',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    kind: text().$type<'end_sessions' | 'delete_account' | 'remove_role' | 'send_link'>().notNull(),
    /** The id of an account, the name of a role, or a requested link (see src/users/link-requests.ts). */
    subject: text().notNull(),
    /** The current phase of the work; empty: the first phase. */
    phase: text().notNull().default(''),
    /** The key of the last row visited in this phase. */
    position: bigint({ mode: 'number' }).notNull().default(-1),
    /** The number of rows changed or deleted so far. */
    done: bigint({ mode: 'number' }).notNull().default(0),
    /** At most one job has this key. Null: any number of jobs. */
    uniqueKey: text('unique_key'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [
    index('jobs_subject_idx').on(table.kind, table.subject),
    uniqueIndex('jobs_unique_key').on(table.uniqueKey).where(sql`${table.uniqueKey} is not null`),
  ],
);

/**
 * One row per mail: the outbox. A mail is inserted in the transaction that causes it and sent after the commit (see src/mail). A row is
 * kept for a while after it was sent, without its content.
 */
export const mails = pgTable(
  'mails',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** The name of the template. */
    kind: text().notNull(),
    /** The account that the mail is about. Not a foreign key: a mail may say that the account has been deleted. */
    userId: integer('user_id'),
    recipient: text().notNull(),
    locale: text(),
    /** The values of the template as JSON, encrypted with a key derived from AUTH_SECRET because they contain tokens. Null once sent. */
    content: bytea(),
    /** A person waits for the mail: it leaves before others that are due. */
    urgent: boolean().notNull().default(false),
    /** `waiting`: to be sent at `next_attempt_at`. `dead`: given up. */
    state: text().$type<'waiting' | 'sent' | 'dead'>().notNull().default('waiting'),
    /** The number of attempts that have begun. */
    attempts: integer().notNull().default(0),
    /** When the next attempt may begin. An attempt moves it ahead, so that a mail whose sender was killed is sent by another one. */
    nextAttemptAt: instant('next_attempt_at').notNull().defaultNow(),
    /** While an attempt is in progress: when it is over at the latest. */
    leasedUntil: instant('leased_until'),
    /** When the mail is of no use any more, because its token has expired. Null: never. */
    expiresAt: instant('expires_at'),
    /** Why the last attempt failed, as an operator may read it. */
    lastError: text('last_error'),
    createdAt: instant('created_at').notNull().defaultNow(),
    sentAt: instant('sent_at'),
  },
  (table) => [
    index('mails_waiting_idx').on(table.nextAttemptAt).where(sql`${table.state} = 'waiting'`),
    index('mails_urgent_idx').on(table.nextAttemptAt).where(sql`${table.state} = 'waiting' and ${table.urgent}`),
    index('mails_state_idx').on(table.state, table.id),
    index('mails_user_idx').on(table.userId, table.id),
    index('mails_sent_idx').on(table.sentAt).where(sql`${table.sentAt} is not null`),
    check('mails_state_check', sql`${table.state} in ('waiting', 'sent', 'dead')`),
  ],
);

/**
 * One row per single-use token that was sent by mail (see src/account-tokens), and per login that waits for its second factor (see
 * src/second-factors).
 */
export const accountTokens = pgTable(
  'account_tokens',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** What the token may be used for: a purpose of src/account-tokens/service.ts. */
    purpose: text().notNull(),
    /** SHA-256 of the token. */
    tokenHash: bytea('token_hash').notNull(),
    /** The address that the token is about: the one to verify, the new one, or the old one. */
    email: text().notNull(),
    /** The account's address must still be this one when the token is used. Null: any. */
    accountEmail: text('account_email'),
    /** SHA-256 of the account's password hash, which must not have changed when the token is used. Null: any. */
    passwordDigest: bytea('password_digest'),
    /** For a code that is typed in: HMAC of the code; the token itself then stays with the device that asked for it. */
    codeHash: bytea('code_hash'),
    /** For a login that waits for its second factor: how the first proof was given, as in `sessions`. */
    amr: text(),
    /** The number of wrong codes. */
    attempts: integer().notNull().default(0),
    createdAt: instant('created_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
  },
  (table) => [
    uniqueIndex('account_tokens_hash_key').on(table.tokenHash),
    index('account_tokens_user_idx').on(table.userId, table.purpose, table.createdAt),
    index('account_tokens_expires_idx').on(table.expiresAt),
  ],
);

/**
 * One row per thing whose rate is limited for all instances together, such as mails of one kind to one address (see src/quotas). A quota
 * refills with time: a row whose quota is full means nothing and is deleted. The table contains neither e-mail addresses nor IP addresses.
 */
export const quotas = pgTable('quotas', {
  /** HMAC of what is limited; 16 bytes. */
  key: bytea().primaryKey(),
  /** When the quota is full again if nothing more is taken from it. */
  fullAt: instant('full_at').notNull(),
});

/** One row per authenticator app (TOTP, RFC 6238) of an account. */
export const totpFactors = pgTable(
  'totp_factors',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** What the owner calls it. */
    name: text().notNull().default(''),
    /** The shared secret, encrypted with a key derived from AUTH_SECRET. */
    secret: bytea().notNull(),
    /** The time step of the last accepted code: a code is accepted once. Null: none yet. */
    lastUsedStep: bigint('last_used_step', { mode: 'number' }),
    createdAt: instant('created_at').notNull().defaultNow(),
    /** When the owner showed with a first code that the app has the secret. Null: not yet; a login does not need it. */
    confirmedAt: instant('confirmed_at'),
    lastUsedAt: instant('last_used_at'),
  },
  (table) => [index('totp_factors_user_idx').on(table.userId)],
);

/**
 * One row per passkey (WebAuthn) of an account. The ids are those of no authenticator app: they begin far above, so that one id names one
 * factor.
 */
export const passkeys = pgTable(
  'passkeys',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity({ startWith: 1_000_000_000_001 }),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** What the owner calls it. */
    name: text().notNull().default(''),
    /** How the authenticator names the passkey. Not a secret. */
    credentialId: bytea('credential_id').notNull(),
    /** COSE (RFC 9052). Verifies the signatures of the passkey; not a secret. */
    publicKey: bytea('public_key').notNull(),
    /** The greatest counter that the authenticator has sent; 0: it does not count. */
    counter: bigint({ mode: 'number' }).notNull(),
    /** Whether the passkey can have copies outside its device, and whether it had at its last use. */
    backupEligible: boolean('backup_eligible').notNull(),
    backedUp: boolean('backed_up').notNull(),
    /** How browsers reach the authenticator: `internal`, `hybrid`, `usb` and others. */
    transports: text().array().notNull().default(sql`'{}'::text[]`),
    createdAt: instant('created_at').notNull().defaultNow(),
    lastUsedAt: instant('last_used_at'),
  },
  (table) => [
    uniqueIndex('passkeys_credential_key').on(table.credentialId),
    index('passkeys_user_idx').on(table.userId),
  ],
);

/** One row per challenge that a passkey has answered, until it has expired: it works once. Other challenges are not stored. */
export const usedPasskeyChallenges = pgTable(
  'used_passkey_challenges',
  {
    /** SHA-256 of the challenge. */
    hash: bytea().primaryKey(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('used_passkey_challenges_expires_idx').on(table.expiresAt)],
);

/** One row per recovery code of an account with a second factor. A new set replaces all rows of the account. */
export const recoveryCodes = pgTable(
  'recovery_codes',
  {
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** SHA-256 of the code, which has 80 random bits. */
    codeHash: bytea('code_hash').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    usedAt: instant('used_at'),
  },
  (table) => [primaryKey({ name: 'recovery_codes_pkey', columns: [table.userId, table.codeHash] })],
);

/** One row per account and device from which it has logged in, so that only a login from an unknown device is reported to the owner. */
export const knownDevices = pgTable(
  'known_devices',
  {
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** HMAC of what the device sends: see src/sessions/known-devices.ts. */
    fingerprint: bytea().notNull(),
    seenAt: instant('seen_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ name: 'known_devices_pkey', columns: [table.userId, table.fingerprint] })],
);
