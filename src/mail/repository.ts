// Queries on the outbox of mails.
import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { mails, users } from '#drizzle/schema.js';
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

    /** Where and in which language mails to an account go, as the transaction sees it. Undefined if it does not exist or is deleted. */
    findRecipient: async (userId: number, on: Db): Promise<{ to: string; locale: string | null } | undefined> =>
      (
        await on
          .select({ to: users.email, locale: users.locale })
          .from(users)
          .where(and(eq(users.id, userId), isNull(users.deletedAt)))
      )[0],

    /** How many mails of a kind were stored for an account within the last hour. */
    countOfLastHour: async (userId: number, kind: string, on: Db): Promise<number> =>
      on.$count(
        mails,
        and(eq(mails.userId, userId), eq(mails.kind, kind), gt(mails.createdAt, sql`now() - interval '1 hour'`)),
      ),

    /** Deletes the mails about an account, sent or not: they contain its address. */
    deleteOfUser: async (userId: number, on: Db): Promise<void> => {
      await on.delete(mails).where(eq(mails.userId, userId));
    },
  };
}

export type MailsRepository = ReturnType<typeof createMailsRepository>;
