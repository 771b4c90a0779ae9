// Mails that are not sent but shown to a developer.
import type { StoredMail } from './composer.js';
import type { Message } from './message.js';
import type { MailsRepository } from './repository.js';
import { UnreadableMail } from './sender.js';

/** A caught mail. */
export interface CaughtMail extends Message {
  readonly id: number;
  readonly kind: string;
}

interface Dependencies {
  readonly repository: Pick<MailsRepository, 'findWithContent'>;
  readonly compose: (mail: StoredMail) => Message;
}

/** How many mails are shown. */
const MAX_SHOWN = 50;

/** Reads the mails that were caught instead of being sent. */
export function createCaughtMails({ repository, compose }: Dependencies) {
  async function find(limit: number, id?: number): Promise<CaughtMail[]> {
    const rows = await repository.findWithContent(limit, id);
    return rows.flatMap((row) => {
      try {
        return [{ ...compose(row), id: row.id, kind: row.kind }];
      } catch (error) {
        // Another secret, or another version.
        if (error instanceof UnreadableMail) return [];
        throw error;
      }
    });
  }

  return {
    /** The latest mails, newest first. */
    list: (): Promise<CaughtMail[]> => find(MAX_SHOWN),

    /** One mail; undefined if there is none with this id. */
    find: async (id: number): Promise<CaughtMail | undefined> => (await find(1, id))[0],
  };
}

export type CaughtMails = ReturnType<typeof createCaughtMails>;
