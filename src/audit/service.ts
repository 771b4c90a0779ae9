// The audit log: written in the transactions of others, read here, page by page.

import { MAX_INTEGER } from '#platform/database/integer.js';
import { type Cursors, type Page, type PageRequest, readPage } from '#platform/http/pagination.js';
import type { AuditFilter, AuditRepository, AuditRow } from './repository.js';

interface Dependencies {
  readonly repository: AuditRepository;
  /** Of the list: the id of the last event of a page. */
  readonly cursors: Cursors<number>;
}

/** The audit log. */
export function createAudit({ repository, cursors }: Dependencies) {
  /** The newest first. Throws `validation_failed` for a cursor that is not one of this list. */
  async function list(filter: AuditFilter, request: PageRequest): Promise<Page<AuditRow>> {
    // No account has an id that the column cannot hold.
    if (filter.userId !== undefined && filter.userId > MAX_INTEGER) return { rows: [], nextCursor: null };
    return readPage({
      cursors,
      request,
      start: Number.MAX_SAFE_INTEGER,
      find: (before, limit) => repository.find(filter, before, limit),
      positionOf: ({ id }) => id,
    });
  }

  return { record: repository.record, deleteOlder: repository.deleteOlder, list };
}

export type Audit = ReturnType<typeof createAudit>;
