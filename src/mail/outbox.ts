// The outbox: mails are stored in the transaction that causes them, and sent after its commit.
import type { Encryption } from '#platform/config/encryption.js';
import type { Db } from '#platform/database/database.js';
import { Problem } from '#platform/errors/problem.js';
import { isUrgent, type Mail, type MailData, type MailKind } from './kinds.js';
import type { MailsRepository } from './repository.js';

interface Dependencies {
  readonly repository: Pick<MailsRepository, 'insert'>;
  readonly encryption: Pick<Encryption, 'encrypt'>;
  /** Whether mails can be sent, or are caught for development. */
  readonly enabled: boolean;
}

/** Mails to users. Without a way to send mails nothing is stored. */
export function createOutbox({ repository, encryption, enabled }: Dependencies) {
  /** The values of a mail as they are stored; for a statement that stores the mail itself. */
  function encryptContent<Kind extends MailKind>(kind: Kind, to: string, data: MailData[Kind]): Buffer {
    return encryption.encrypt(Buffer.from(JSON.stringify(data)), associatedData(kind, to));
  }

  return {
    encryptContent,

    /** Whether this service sends mails. */
    enabled,

    /** Throws `mail_unavailable` if this service sends no mails. */
    assertEnabled(): void {
      if (!enabled) throw new Problem('mail_unavailable');
    },

    /** Stores a mail in the caller's transaction; does nothing if this service sends no mails. */
    async enqueue({ kind, userId, to, locale, expiresAt, data }: Mail, on: Db): Promise<void> {
      if (!enabled) return;
      const content = encryptContent(kind, to, data);
      const urgent = isUrgent(kind);
      await repository.insert({ kind, userId, recipient: to, locale, urgent, content, expiresAt }, on);
    },
  };
}

export type Outbox = ReturnType<typeof createOutbox>;

/** Authenticated with the content, so that a row cannot be changed to send a token to another address. */
export function associatedData(kind: string, recipient: string): string {
  return `${kind}\0${recipient}`;
}
