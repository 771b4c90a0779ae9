// Checks the server settings that make commits durable.
import { sql } from 'drizzle-orm';
import type { Log } from '#platform/log/log.js';
import type { Db } from './database.js';

/** The durability settings of the server, as seen by one connection. */
export interface Durability {
  readonly fsync: string;
  readonly fullPageWrites: string;
  readonly synchronousCommit: string;
  /** Whether the server is a standby. */
  readonly standby: boolean;
  /** Whether transactions are read-only, because of a standby or of default_transaction_read_only. */
  readonly readOnly: boolean;
}

/**
 * `read-only`: nothing can be written. `unsafe`: a crash can undo an acknowledged change. `local`: a failover can. `message` states
 * the consequence and what to do.
 */
export interface DurabilityFault {
  readonly kind: 'read-only' | 'unsafe' | 'local';
  readonly message: string;
}

/** The service cannot rely on this database. The message is one line for the operator. */
export class UnsafeDatabase extends Error {
  override readonly name = 'UnsafeDatabase';
}

/** Reads the settings from the server. */
export async function readDurability(db: Pick<Db, 'execute'>): Promise<Durability> {
  const [found] = await db.execute<{ [name in keyof Durability]: Durability[name] }>(sql`
    select current_setting('fsync') as fsync,
      current_setting('full_page_writes') as "fullPageWrites",
      current_setting('synchronous_commit') as "synchronousCommit",
      pg_is_in_recovery() as standby,
      current_setting('transaction_read_only')::bool as "readOnly"`);
  return found as Durability;
}

/** The most severe fault; undefined if a commit survives a crash. */
export function faultOf(durability: Durability): DurabilityFault | undefined {
  const { fsync, fullPageWrites, synchronousCommit, standby, readOnly } = durability;
  if (standby) {
    return {
      kind: 'read-only',
      message: 'this server is a standby, which does not accept writes; set DATABASE_URL to the primary',
    };
  }
  if (readOnly) {
    return {
      kind: 'read-only',
      message: 'default_transaction_read_only is on, so nothing can be written; turn it off for this role and database',
    };
  }
  const settingsOff = [
    ...(fsync === 'off' ? ['fsync'] : []),
    ...(fullPageWrites === 'off' ? ['full_page_writes'] : []),
  ];
  if (settingsOff.length > 0) {
    return {
      kind: 'unsafe',
      message: `${settingsOff.join(' and ')} off: a crash of the machine can destroy the database; turn on (docs/database.md)`,
    };
  }
  if (synchronousCommit === 'off') {
    return {
      kind: 'unsafe',
      message:
        'synchronous_commit off: a crash can undo acknowledged changes, such as a logout; turn it on for the server or this role (docs/database.md)',
    };
  }
  if (synchronousCommit === 'local') {
    return {
      kind: 'local',
      message: 'synchronous_commit is local: a failover can undo acknowledged changes; set it to on',
    };
  }
  return undefined;
}

/**
 * Throws UnsafeDatabase if the service must not start on this database. If `required` is false, the database may lose commits, but
 * must still accept writes.
 */
export async function assertDurable(db: Pick<Db, 'execute'>, required: boolean): Promise<void> {
  const fault = faultOf(await readDurability(db));
  if (fault === undefined || fault.kind === 'local') return;
  if (fault.kind === 'read-only') throw new UnsafeDatabase(`the database cannot be used: ${fault.message}`);
  if (required) {
    throw new UnsafeDatabase(
      `the database is not safe: ${fault.message}; for a temporary database, or one whose storage makes commits durable, set DATABASE_DURABILITY=any`,
    );
  }
}

/** Repeats the check while the service runs: a configuration reload can change these settings without a restart. */
export function createDurabilityWatch({ db, log }: { readonly db: Pick<Db, 'execute'>; readonly log: Log }) {
  let last: string | undefined;

  return {
    /** Logs each change of the result once. Rejects if the database does not answer. */
    async check(): Promise<void> {
      const fault = faultOf(await readDurability(db));
      if (fault?.message === last) return;
      last = fault?.message;
      const event = 'database_durability';
      if (fault === undefined) log.info({ event }, 'commits to the database survive a crash again');
      else if (fault.kind === 'local') log.warn({ event }, fault.message);
      else log.error({ event }, fault.message);
    },
  };
}
