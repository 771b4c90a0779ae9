// Canonical e-mail addresses: each mailbox has one spelling, so that a unique index prevents two accounts for it.
import { domainToASCII, domainToUnicode } from 'node:url';
import { invalidField } from '#platform/errors/problem.js';

/** RFC 5321 section 4.5.3.1. */
const MAX_LENGTH = 254;
const MAX_LOCAL_LENGTH = 64;

// The ASCII "dot-atom" of RFC 5322. Quoted local parts and comments are refused, as all large providers do.
const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
// Checked first, because Node's domainToASCII parses a URL's host: it drops tabs and newlines, decodes `%65`, and stops at `/`, `?` or `#`.
const DOMAIN = /^[a-z0-9.\u0080-\u{10FFFF}-]+$/iu;

const NON_ASCII = /[^\0-\x7F]/;

/**
 * The canonical form: trimmed, lower case, ASCII local part, the domain in its IDNA form (`bücher.example` becomes
 * `xn--bcher-kva.example`). Undefined if the text is not an address. Takes linear time, and checks the length first.
 *
 * The text is checked before it is folded: Unicode folds U+212A (Kelvin sign) to `k`, and IDNA maps `ｅ` to `e` and drops soft hyphens, so
 * checking only the result would give two different addresses one account.
 */
export function canonicalEmail(input: string): string | undefined {
  if (input.length > 4 * MAX_LENGTH) return undefined;
  const [typedLocal, typedDomain] = split(input);
  if (NON_ASCII.test(typedLocal)) return undefined;
  const local = typedLocal.toLowerCase();
  const domain = canonicalDomain(typedDomain);
  if (domain === undefined || local.length > MAX_LOCAL_LENGTH || !LOCAL_PART.test(local)) return undefined;
  const email = `${local}@${domain}`;
  return email.length <= MAX_LENGTH ? email : undefined;
}

/** The canonical form of an address in a request body. Throws `validation_failed`. */
export function requireEmail(input: string): string {
  const email = canonicalEmail(input);
  if (email === undefined) throw invalidField('/email', messageFor(input));
  return email;
}

/**
 * The canonical form of the beginning of an address, for a search: ASCII letters become lower case. A complete address may also have an
 * international domain.
 */
export function canonicalEmailPrefix(input: string): string {
  return canonicalEmail(input) ?? input.trim().replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function messageFor(input: string): string {
  const [local, domain] = split(input);
  if (local !== '' && domain !== '' && NON_ASCII.test(local)) {
    return 'must be an e-mail address with only ASCII characters before the @';
  }
  if (canonicalDomain(domain) === undefined && NON_ASCII.test(domain)) {
    return 'must be an e-mail address; its domain has characters that IDNA converts to others, so type it in lower case or in its xn-- form';
  }
  return 'must be an e-mail address';
}

function split(input: string): [local: string, domain: string] {
  const trimmed = input.trim();
  const at = trimmed.lastIndexOf('@');
  return [trimmed.slice(0, Math.max(at, 0)), trimmed.slice(at + 1)];
}

/** Undefined if the text is not a domain, or if IDNA changes more of it than letter case and NFC. */
function canonicalDomain(typed: string): string | undefined {
  if (typed.length > MAX_LENGTH || !DOMAIN.test(typed)) return undefined;
  const domain = domainToASCII(typed);
  if (!isDomain(domain)) return undefined;
  const letters = [...typed];
  if (letters.some((letter) => NON_ASCII.test(letter) && becomesAscii(letter))) return undefined;
  // Each letter on its own: lower-casing a whole word turns a last sigma into a final sigma, which is a different domain.
  const folded = letters
    .map((letter) => letter.toLowerCase())
    .join('')
    .normalize('NFC');
  // Labels in xn-- form are compared in their Unicode form.
  return domain === folded || domainToUnicode(domain) === domainToUnicodeOfAscii(folded) ? domain : undefined;
}

/** True for letters such as the Kelvin sign, which becomes `k`, and the dotted capital I, which becomes `i` and a combining dot. */
function becomesAscii(letter: string): boolean {
  return /[\0-\x7F]/.test(letter.toLowerCase().normalize('NFC'));
}

/** Decodes only labels that are ASCII already; the others must not be mapped. */
function domainToUnicodeOfAscii(domain: string): string {
  return domain
    .split('.')
    .map((label) => (label.startsWith('xn--') && !NON_ASCII.test(label) ? domainToUnicode(label) : label))
    .join('.');
}

/** At least two labels, not an IPv4 address, and no invalid xn-- label, which later versions of Node let through. */
function isDomain(domain: string): boolean {
  const labels = domain.split('.');
  const isAddress = /^\d+$/.test(labels.at(-1) ?? '');
  const isUndecoded = /(^|\.)xn--/.test(domainToUnicode(domain));
  return labels.length >= 2 && labels.every((label) => LABEL.test(label)) && !isAddress && !isUndecoded;
}
