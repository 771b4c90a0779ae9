// Whether what is committed stays: the settings of the server that decide it, and what is lost without them.
import { sql } from 'drizzle-orm';
import type { Log } from '#platform/log/log.js';
import type { Db } from './database.js';

/** What a commit means on a server, as one of our connections has it. */
export interface Durability {
  readonly fsync: string;
  readonly fullPageWrites: string;
  readonly synchronousCommit: string;
  /** Whether it only follows another server. */
  readonly standby: boolean;
  /** Whether a transaction may not write: on a standby, or by default_transaction_read_only. */
  readonly readOnly: boolean;
}

/**
 * What is wrong, worst first: nothing can be written; a crash can undo what was answered; a failover can. `message` says what is
 * lost and what to do.
 */
export interface DurabilityFault {
  readonly kind: 'read-only' | 'unsafe' | 'local';
  readonly message: string;
}

/** The database is not one that an answer can rely on. The message is one line for the operator. */
export class UnsafeDatabase extends Error {
  override readonly name = 'UnsafeDatabase';
}

/** Asks the server. */
export async function readDurability(db: Pick<Db, 'execute'>): Promise<Durability> {
  const [found] = await db.execute<{ [name in keyof Durability]: Durability[name] }>(sql`
    select current_setting('fsync') as fsync,
      current_setting('full_page_writes') as "fullPageWrites",
      current_setting('synchronous_commit') as "synchronousCommit",
      pg_is_in_recovery() as standby,
      current_setting('transaction_read_only')::bool as "readOnly"`);
  return found as Durability;
}

/** Undefined: a commit survives a crash. */
export function faultOf(durability: Durability): DurabilityFault | undefined {
  const { fsync, fullPageWrites, synchronousCommit, standby, readOnly } = durability;
  if (standby) {
    return {
      kind: 'read-only',
      message: 'this is a standby, which cannot be written to; let DATABASE_URL name the primary',
    };
  }
  if (readOnly) {
    return {
      kind: 'read-only',
      message: 'default_transaction_read_only is on: nothing can be written; turn it off for this role and database',
    };
  }
  const destroys = [...(fsync === 'off' ? ['fsync'] : []), ...(fullPageWrites === 'off' ? ['full_page_writes'] : [])];
  if (destroys.length > 0) {
    return {
      kind: 'unsafe',
      message: `${destroys.join(' and ')} off: a crash of the machine can destroy the database; turn on (docs/database.md)`,
    };
  }
  if (synchronousCommit === 'off') {
    return {
      kind: 'unsafe',
      message:
        'synchronous_commit off: a crash can undo what was answered, a logout too; turn on, here or for this role (docs/database.md)',
    };
  }
  if (synchronousCommit === 'local') {
    return {
      kind: 'local',
      message: 'synchronous_commit is local: a failover can undo what was answered; set it to on',
    };
  }
  return undefined;
}

/**
 * Throws UnsafeDatabase when the service must not start on this database. `required` false: it may lose what was answered, for
 * one that is thrown away or that keeps it in its own way; it has to take writes all the same.
 */
export async function assertDurable(db: Pick<Db, 'execute'>, required: boolean): Promise<void> {
  const fault = faultOf(await readDurability(db));
  if (fault === undefined || fault.kind === 'local') return;
  if (fault.kind === 'read-only') throw new UnsafeDatabase(`the database cannot be used: ${fault.message}`);
  if (required) {
    throw new UnsafeDatabase(
      `the database is not safe: ${fault.message}; for one that is thrown away, or whose storage keeps it all the same: DATABASE_DURABILITY=any`,
    );
  }
}

/** Looks again and again while the service runs: a reload changes these settings without a restart of anything. */
export function createDurabilityWatch({ db, log }: { readonly db: Pick<Db, 'execute'>; readonly log: Log }) {
  let last: string | undefined;

  return {
    /** Says what has become wrong, once, and what is right again. Rejects when the database does not answer. */
    async check(): Promise<void> {
      const fault = faultOf(await readDurability(db));
      if (fault?.message === last) return;
      last = fault?.message;
      const event = 'database_durability';
      if (fault === undefined) log.info({ event }, 'a commit of the database survives a crash');
      else if (fault.kind === 'local') log.warn({ event }, fault.message);
      else log.error({ event }, fault.message);
    },
  };
}
