// The mails that the service has stored for sending, as a test reads them.
import type postgres from 'postgres';
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

/** The token in a link of a mail. */
export function tokenIn({ url }: { readonly url: string }): string {
  const token = new URL(url).searchParams.get('token');
  if (token === null) throw new Error(`no token in ${url}`);
  return token;
}
