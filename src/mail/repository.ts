// Queries on the outbox of mails.
import { sql } from 'drizzle-orm';
import { mails } from '#drizzle/schema.js';
import type { Db } from '#platform/database/database.js';

/** The NOTIFY channel for new mails. */
export const MAILS_CHANNEL = 'latchkey_mails';

/** A mail whose content is encrypted. */
export interface NewMail {
  readonly kind: string;
  readonly userId: number | null;
  readonly recipient: string;
  readonly locale: string | null;
  readonly content: Buffer;
  readonly expiresAt: Date | undefined;
}

/** A method that takes `on` runs in the transaction it is given. */
export function createMailsRepository() {
  return {
    /** Adds a mail in the caller's transaction. When that commits, all instances are notified of it. */
    insert: async (mail: NewMail, on: Db): Promise<void> => {
      await on.insert(mails).values(mail);
      await on.execute(sql`select pg_notify(${MAILS_CHANNEL}, '')`);
    },
  };
}

export type MailsRepository = ReturnType<typeof createMailsRepository>;
