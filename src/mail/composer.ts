// Composes the mail that is sent from a row of the outbox.
import type { Encryption } from '#platform/config/encryption.js';
import type { Mailbox } from '#platform/config/mailbox.js';
import type { MailData, MailKind } from './kinds.js';
import { type Message, messageIdOf } from './message.js';
import { associatedData } from './outbox.js';
import { UnreadableMail } from './sender.js';
import type { RenderMail } from './templates/render.js';
import { mailKinds } from './templates/values.js';

interface Dependencies {
  readonly encryption: Pick<Encryption, 'decrypt'>;
  readonly render: RenderMail;
  readonly from: Mailbox;
}

/** The columns that a mail is composed from. */
export interface StoredMail {
  readonly id: number;
  readonly kind: string;
  readonly recipient: string;
  readonly locale: string | null;
  readonly content: Buffer | null;
  readonly createdAt: Date;
}

/** Throws UnreadableMail. */
export function createComposer({ encryption, render, from }: Dependencies) {
  return (mail: StoredMail): Message => {
    const { kind, recipient, locale, content, createdAt } = mail;
    const decrypted = content === null ? undefined : encryption.decrypt(content, associatedData(kind, recipient));
    if (decrypted === undefined) throw new UnreadableMail('AUTH_SECRET does not decrypt it');
    if (!isKind(kind)) throw new UnreadableMail(`this version has no template ${kind}`);
    const data: MailData[MailKind] = JSON.parse(String(decrypted.plaintext));
    return { ...render(kind, data, locale), to: recipient, messageId: messageIdOf(mail, from), date: createdAt };
  };
}

function isKind(kind: string): kind is MailKind {
  return mailKinds.some((name) => name === kind);
}
