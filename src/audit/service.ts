// The audit log: written in the transactions of others, read here, page by page.
import type { Cursors } from '../cursor.js';
import { invalidField } from '../errors/problem.js';
import { MAX_USER_ID } from '../users/id.js';
import type { AuditFilter, AuditRepository, AuditRow } from './repository.js';

/** A part of the log, the newest first, and where the next one begins; null: this was the last. */
export interface AuditPage {
  readonly events: readonly AuditRow[];
  readonly nextCursor: string | null;
}

interface Dependencies {
  readonly repository: AuditRepository;
  /** Of the list: the id of the last event of a page. */
  readonly cursors: Cursors<number>;
}

/** The audit log. */
export function createAudit({ repository, cursors }: Dependencies) {
  /** The newest first. Throws `validation_failed` for a cursor that is not one of this list. */
  async function list(filter: AuditFilter, limit: number, cursor?: string): Promise<AuditPage> {
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : cursors.read(cursor);
    if (before === undefined) throw invalidField('/query/cursor', 'is not a cursor of this list');
    // No account has a number that the column cannot hold.
    if (filter.userId !== undefined && filter.userId > MAX_USER_ID) return { events: [], nextCursor: null };
    const found = await repository.find(filter, before, limit + 1);
    const events = found.slice(0, limit);
    const last = events.at(-1);
    return { events, nextCursor: found.length > limit && last !== undefined ? cursors.write(last.id) : null };
  }

  return { record: repository.record, deleteOlder: repository.deleteOlder, list };
}

export type Audit = ReturnType<typeof createAudit>;
