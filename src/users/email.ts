// E-mail addresses: one spelling for each mailbox, so that a unique index can tell two accounts apart.
import { domainToASCII, domainToUnicode } from 'node:url';
import { invalidField } from '#platform/errors/problem.js';

/** RFC 5321 section 4.5.3.1. */
const MAX_LENGTH = 254;
const MAX_LOCAL_LENGTH = 64;

// "Dot-atom" of RFC 5322, ASCII: quoted local parts and comments are refused, as every large provider refuses them.
const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
// Node's domainToASCII reads a host out of a URL: it drops tabs and newlines, decodes `%65`, and stops at `/`, `?` or `#`.
const DOMAIN = /^[a-z0-9.\u0080-\u{10FFFF}-]+$/iu;

/**
 * The canonical form: trimmed, lower case, ASCII local part, the domain in its IDNA form (`bücher.example` becomes
 * `xn--bcher-kva.example`). Undefined for what is no address. Linear time; the length is checked first.
 */
export function canonicalEmail(input: string): string | undefined {
  if (input.length > 4 * MAX_LENGTH) return undefined;
  const trimmed = input.trim();
  const at = trimmed.lastIndexOf('@');
  const local = trimmed.slice(0, Math.max(at, 0)).toLowerCase();
  const typed = trimmed.slice(at + 1);
  const domain = DOMAIN.test(typed) ? domainToASCII(typed) : '';
  const email = `${local}@${domain}`;
  const good =
    local.length <= MAX_LOCAL_LENGTH && email.length <= MAX_LENGTH && LOCAL_PART.test(local) && isDomain(domain);
  return good ? email : undefined;
}

/** The canonical form of the address in a body. Throws `validation_failed`. */
export function requireEmail(input: string): string {
  const email = canonicalEmail(input);
  if (email === undefined) throw invalidField('/email', 'must be an e-mail address');
  return email;
}

/** At least two labels, not an IPv4 address, and nothing that only looks like IDNA: later versions of node let that through. */
function isDomain(domain: string): boolean {
  const labels = domain.split('.');
  const isAddress = /^\d+$/.test(labels.at(-1) ?? '');
  const isUndecoded = /(^|\.)xn--/.test(domainToUnicode(domain));
  return labels.length >= 2 && labels.every((label) => LABEL.test(label)) && !isAddress && !isUndecoded;
}
