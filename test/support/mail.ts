// The mails that the service has stored for sending, as a test reads them.
import type postgres from 'postgres';
import type { App } from '#app.js';
import type { Mail } from '#mail/kinds.js';
import { associatedData } from '#mail/outbox.js';
import { createEncryption } from '#platform/config/encryption.js';
import { TEST_SECRET } from './app.js';

/** The mails to an address, or all, oldest first, with the values of their templates. */
export async function mailsOf(rows: postgres.Sql, address?: string): Promise<Mail[]> {
  const encryption = createEncryption([TEST_SECRET], 'mail/v1');
  const stored = await rows`
    select * from mails where content is not null and ${address === undefined ? rows`true` : rows`recipient = ${address}`} order by id`;
  return stored.map(({ kind, user_id: userId, recipient: to, locale, content, expires_at: expiresAt }) => {
    const decrypted = encryption.decrypt(Buffer.from(content), associatedData(kind, to));
    if (decrypted === undefined) throw new Error(`mail to ${to} cannot be decrypted`);
    return { kind, userId, to, locale, expiresAt, data: JSON.parse(String(decrypted.plaintext)) };
  });
}

/** Stores a mail for sending: one that asks to verify an address, unless `changes` say otherwise. */
export function enqueueMail(app: App, changes: Partial<Mail> = {}): Promise<void> {
  const data = { url: 'https://auth.example.com/account/verify-email/?token=secret', expiresAt: MAIL_EXPIRES_AT };
  const mail = { kind: 'verify_email', userId: 1, to: 'mia@example.com', locale: null, data, ...changes } as Mail;
  return app.db.transaction((tx) => app.mail.enqueue(mail, tx));
}

export const MAIL_EXPIRES_AT = '2026-11-28T14:30:00.000Z';

/** The token in a link of a mail. */
export function tokenIn({ url }: { readonly url: string }): string {
  const token = new URL(url).searchParams.get('token');
  if (token === null) throw new Error(`no token in ${url}`);
  return token;
}
