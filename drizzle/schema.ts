// The tables: what one row of each means. `npm run db:generate` makes the migration for a change here.
import { sql } from 'drizzle-orm';
import {
  bigint,
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

/** One row per account. `email` is canonical (see src/users/email.ts), so its unique index is the rule "one account per address". */
export const users = pgTable(
  'users',
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    email: text().notNull(),
    username: text().notNull().default(''),
    /** Argon2id, PHC string format. Null: no password login. */
    passwordHash: text('password_hash'),
    roles: text().array().notNull().default(sql`'{}'::text[]`),
    emailVerifiedAt: instant('email_verified_at'),
    /** Set: no login and no refresh; access tokens already out end within their lifetime. */
    disabledAt: instant('disabled_at'),
    /** Why, in the words of who did it. */
    disabledReason: text('disabled_reason'),
    /** Grows whenever all sessions of the account end: a session with a smaller `epoch` has ended. */
    sessionEpoch: integer('session_epoch').notNull().default(0),
    /** Set: the account is deleted, and a job (see `jobs`) removes what is left of it. Nothing personal is left in this row. */
    deletedAt: instant('deleted_at'),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('users_email_key').on(table.email),
    // Finds prefixes whatever the collation of the database is.
    index('users_email_prefix_idx').on(table.email.op('text_pattern_ops')),
    // Few have any: who has a role is found among those, and an account without costs nothing here.
    index('users_roles_idx').using('gin', table.roles).where(sql`${table.roles} <> '{}'::text[]`),
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
    /** Random, 40 bits: unique for its user, together with `user_id` the key. */
    id: bigint({ mode: 'number' }).notNull(),
    /** SHA-256 of the one refresh token that works now. */
    refreshTokenHash: bytea('refresh_token_hash').notNull(),
    /** How often the session was refreshed: the generation of the current refresh token. */
    generation: integer().notNull().default(0),
    /** Hashes of the Idempotency-Keys of the last 8 refreshes, 8 bytes each, newest first, zeros where there was none. */
    retryKeys: bytea('retry_keys').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    refreshedAt: instant('refreshed_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
    ip: text(),
    userAgent: text('user_agent'),
    revokedAt: instant('revoked_at'),
    revokedReason: text('revoked_reason'),
    /** `session_epoch` of the account when the session began, or when it was kept while the others ended. */
    epoch: integer().notNull().default(0),
  },
  (table) => [
    primaryKey({ name: 'sessions_pkey', columns: [table.userId, table.id] }),
    // The newest living sessions of an account are found here, however many it has had. A refresh writes none of these columns.
    index('sessions_living_idx').on(table.userId, table.epoch, table.createdAt).where(sql`${table.revokedAt} is null`),
  ],
);

/**
 * One row per account with which a wrong password was tried lately, whether or not there is such an account (see
 * src/throttles/service.ts); and one per account and network from which it has logged in. Neither e-mail addresses nor IP
 * addresses are in it. Updates are heap-only: no column that they write is indexed. Logged, so that no crash forgives.
 */
export const throttles = pgTable('throttles', {
  /** HMAC of the e-mail address, or of that and a network; 16 bytes. */
  key: bytea().primaryKey(),
  /** Wrong passwords in a row, those included that are just being verified. */
  failures: integer().notNull(),
  /** When the last one of them was counted. */
  attemptedAt: instant('attempted_at').notNull(),
  /** Of an account and a network: until when its logins have a count of their own. */
  knownUntil: instant('known_until'),
});

/** One row per live setting that an operator has changed; a setting without a row has its default. */
export const settings = pgTable('settings', {
  name: text().primaryKey(),
  value: jsonb().notNull(),
  /** The id of the change in `settings_history` that made this value: grows with every change of any setting. */
  version: integer().notNull(),
  updatedAt: instant('updated_at').notNull().defaultNow(),
  updatedBy: text('updated_by').notNull(),
});

/** One row per change of a setting, kept for ever: what it became (null: back to the default), when, and by whom. */
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
 * One row per key that signs access tokens (active), will sign them (next), or has signed some that are still good
 * (retired). A key whose last token is dead has no row.
 */
export const signingKeys = pgTable(
  'signing_keys',
  {
    /** RFC 7638 thumbprint of the key: `kid` in the header of the tokens that it signs. */
    kid: text().primaryKey(),
    /** JWS algorithm, the only one that the key is used with. */
    alg: text().notNull(),
    /** What JWKS publishes of it. Null: a shared secret, of which nothing is published. */
    publicJwk: jsonb('public_jwk'),
    /** PKCS #8, or the shared secret itself; sealed under a key from AUTH_SECRET (see src/keys/key-encryption.ts). */
    privateKey: bytea('private_key').notNull(),
    /** next → active → retired. */
    state: text().$type<'next' | 'active' | 'retired'>().notNull(),
    /** The longest lifetime of the tokens that it has signed, in seconds. */
    longestLifetime: integer('longest_lifetime').notNull().default(0),
    createdAt: instant('created_at').notNull().defaultNow(),
    activatedAt: instant('activated_at'),
    retiredAt: instant('retired_at'),
    /** Of a retired key: when the last token that it has signed is dead. */
    expiresAt: instant('expires_at'),
  },
  (table) => [
    // One active key and one next key: this is what makes their creation and rotation free of races.
    uniqueIndex('signing_keys_state_key').on(table.state).where(sql`${table.state} in ('next', 'active')`),
    check('signing_keys_state_check', sql`${table.state} in ('next', 'active', 'retired')`),
  ],
);

/** One row per role that an operator has made. The built-in role `admin` has none: src/roles/permissions.ts says what it may. */
export const roles = pgTable('roles', {
  name: text().primaryKey(),
  description: text().notNull().default(''),
  /** Ours, and any that the applications behind us ask for. */
  permissions: text().array().notNull().default(sql`'{}'::text[]`),
  createdAt: instant('created_at').notNull().defaultNow(),
  updatedAt: instant('updated_at').notNull().defaultNow(),
});

/**
 * One row per act that somebody may ask about later, written in the transaction of the act. Ids are kept when a user is
 * deleted; `ip` and `user_agent`, which are personal, are not.
 */
export const auditEvents = pgTable(
  'audit_events',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant('at').notNull().defaultNow(),
    /** One of src/audit/events.ts. */
    event: text().notNull(),
    /** `user`, `cli`, `system`, or `anonymous`. */
    actorType: text('actor_type').notNull(),
    actorId: integer('actor_id'),
    /** Of the command line: the account of the operating system. */
    actorName: text('actor_name'),
    /** `user`, `session`, `setting`, `role` or `signing_key`; null where the act was on nothing in particular. */
    targetType: text('target_type'),
    targetId: text('target_id'),
    sessionId: bigint('session_id', { mode: 'number' }),
    ip: text(),
    userAgent: text('user_agent'),
    requestId: text('request_id'),
    /** What changed; never a credential, an e-mail address or a name. */
    details: jsonb().notNull().default({}),
  },
  (table) => [
    index('audit_events_target_idx').on(table.targetType, table.targetId, table.id),
    index('audit_events_actor_idx').on(table.actorId, table.id),
    index('audit_events_event_idx').on(table.event, table.id),
  ],
);

/** One row per process that serves, or has lately: what it runs with. */
export const instances = pgTable('instances', {
  /** Random, for each start. */
  id: text().primaryKey(),
  /** The machine's name. */
  host: text().notNull(),
  version: text().notNull(),
  startedAt: instant('started_at').notNull().defaultNow(),
  seenAt: instant('seen_at').notNull().defaultNow(),
  /** The greatest id in `settings_history` that it acts on. */
  settingsVersion: integer('settings_version').notNull().default(0),
});

/**
 * One row per piece of work that is too large for one transaction: a request commits the row together with its own change, and
 * any instance does the work in batches afterwards (see src/jobs). The row is deleted when the work is done.
 */
export const jobs = pgTable(
  'jobs',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    kind: text().$type<'end_sessions' | 'delete_account' | 'remove_role'>().notNull(),
    /** The id of the account, or the name of the role. */
    subject: text().notNull(),
    /** Which part of the work is under way; empty: the first. */
    phase: text().notNull().default(''),
    /** The key of the last row that was visited in this phase. */
    position: bigint({ mode: 'number' }).notNull().default(-1),
    /** How many rows were changed or deleted so far. */
    done: bigint({ mode: 'number' }).notNull().default(0),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [index('jobs_subject_idx').on(table.kind, table.subject)],
);
