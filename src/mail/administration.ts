// The outbox as operators see it: which mails wait, were sent or are dead, but never what they contain.
import type { Act } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Db } from '#platform/database/database.js';
import { Problem } from '#platform/errors/problem.js';
import { type Cursors, type Page, type PageRequest, readPage } from '#platform/http/pagination.js';
import type { MailFilter, MailRow, MailsRepository } from './repository.js';

interface Dependencies {
  readonly repository: Pick<MailsRepository, 'find' | 'findOne' | 'resend'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  /** A position is the id of the last mail of a page. */
  readonly cursors: Cursors<number>;
  readonly db: Pick<Db, 'transaction'>;
}

const MAIL_ID = /^[1-9]\d{0,14}$/;

/** A refusal is a Problem. */
export function createMailAdministration({ repository, audit, cursors, db }: Dependencies) {
  return {
    /** Mails, newest first. Throws `validation_failed` for a cursor that does not belong to this list. */
    list: (filter: MailFilter, request: PageRequest): Promise<Page<MailRow>> =>
      readPage({
        cursors,
        request,
        start: Number.MAX_SAFE_INTEGER,
        find: (before, limit) => repository.find(filter, before, limit),
        positionOf: ({ id }) => id,
      }),

    /** Makes a waiting or dead mail due now. Throws `mail_not_found` and `mail_not_sendable`. */
    async resend(id: string, act: Act): Promise<MailRow> {
      if (!MAIL_ID.test(id)) throw new Problem('mail_not_found');
      const mailId = Number(id);
      const resent = await db.transaction(async (tx) => {
        const row = await repository.resend(mailId, tx);
        if (row === undefined) return undefined;
        const details = { kind: row.kind };
        await audit.record({ ...act, event: 'mail.resent', target: { type: 'mail', id: mailId }, details }, tx);
        return row;
      });
      if (resent !== undefined) return resent;
      throw new Problem((await repository.findOne(mailId)) === undefined ? 'mail_not_found' : 'mail_not_sendable');
    },
  };
}

export type MailAdministration = ReturnType<typeof createMailAdministration>;
