// The audit log. Services record events in their own transactions; this lists them with pagination.
import { MAX_INTEGER } from '#platform/database/integer.js';
import { type Cursors, type Page, type PageRequest, readPage } from '#platform/http/pagination.js';
import type { AuditFilter, AuditRepository, AuditRow } from './repository.js';

/** A query of the list: a filter, the id that the events come before, and how many. */
export type FindEvents = (...query: Parameters<AuditRepository['find']>) => Promise<AuditRow[]>;

interface Dependencies {
  readonly repository: Pick<AuditRepository, 'record' | 'find'>;
  /** Runs a query of the list, which may be a moment old. */
  readonly find?: FindEvents;
  /** A position is the id of the last event of a page. */
  readonly cursors: Cursors<number>;
}

/** The audit log as operators read it. */
export function createAudit({
  repository,
  find = async (...query) => repository.find(...query),
  cursors,
}: Dependencies) {
  /** The events, newest first. Throws `validation_failed` for a cursor that is not from this list. */
  async function list(filter: AuditFilter, request: PageRequest): Promise<Page<AuditRow>> {
    // No account has an id beyond the range of the column, and Postgres would reject the parameter.
    if (filter.userId !== undefined && filter.userId > MAX_INTEGER) return { rows: [], nextCursor: null };
    return readPage({
      cursors,
      request,
      start: Number.MAX_SAFE_INTEGER,
      find: (before, limit) => find(filter, before, limit),
      positionOf: ({ id }) => id,
    });
  }

  return { record: repository.record, list };
}

export type Audit = ReturnType<typeof createAudit>;
