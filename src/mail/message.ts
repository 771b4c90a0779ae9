// A mail as it is sent: its text, and the headers that stay the same in every attempt.
import { createHash } from 'node:crypto';
import type { Mailbox } from '#platform/config/mailbox.js';

/** The text of a mail in one language. */
export interface MailText {
  readonly subject: string;
  readonly text: string;
  /** Undefined: the mail has no HTML part. */
  readonly html: string | undefined;
}

/** A mail that is ready to be sent. */
export interface Message extends MailText {
  readonly to: string;
  readonly messageId: string;
  readonly date: Date;
}

/**
 * The `Message-ID` of a mail. It is the same in every attempt, so that a recipient's server can recognize a mail that was accepted
 * before the connection was lost. Derived from what is fixed when the mail is stored, and unique across databases.
 */
export function messageIdOf(mail: { id: number; createdAt: Date; recipient: string }, from: Mailbox): string {
  const fixed = ['latchkey-mail', mail.id, mail.createdAt.getTime(), mail.recipient, from.address].join('\0');
  const digest = createHash('sha256').update(fixed).digest('hex').slice(0, 40);
  return `<${digest}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`;
}
