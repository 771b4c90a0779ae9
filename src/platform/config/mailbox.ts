// Parses MAIL_FROM, the sender of mails.

/** An address and a name to show with it. */
export interface Mailbox {
  /** Empty if there is none. */
  readonly name: string;
  readonly address: string;
}

const MAX_NAME_LENGTH = 100;
const MAX_ADDRESS_LENGTH = 254;
// The dot-atom of RFC 5322. A host without a domain is allowed, for a relay on the same machine.
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const ADDRESS = new RegExp(`^${ATOM}(\\.${ATOM})*@${LABEL}(\\.${LABEL})*$`);

/** Undefined unless the text is `address` or `name <address>`, with nothing that could become a further header. */
export function parseMailbox(text: string): Mailbox | undefined {
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) return undefined;
  const match = /^(?<name>[^<>]*)<(?<inner>[^<>]*)>$/.exec(text.trim());
  const address = (match?.groups?.inner ?? text).trim();
  const name = (match?.groups?.name ?? '').trim().replace(/^"(.*)"$/, '$1');
  if (address.length > MAX_ADDRESS_LENGTH || !ADDRESS.test(address)) return undefined;
  return name.length > MAX_NAME_LENGTH || name.includes('"') ? undefined : { name, address };
}
