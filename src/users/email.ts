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

const NON_ASCII = /[^\0-\x7F]/;

/**
 * The canonical form: trimmed, lower case, ASCII local part, the domain in its IDNA form (`bücher.example` becomes
 * `xn--bcher-kva.example`). Undefined for what is not an address. Linear time; the length is checked first.
 *
 * The text is judged before it is folded: Unicode folds U+212A (Kelvin sign) to `k` and IDNA maps `ｅ` to `e` and drops soft
 * hyphens, so that a check of the result would give two different addresses one account.
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

/** The canonical form of the address in a body. Throws `validation_failed`. */
export function requireEmail(input: string): string {
  const email = canonicalEmail(input);
  if (email === undefined) throw invalidField('/email', faultOf(input));
  return email;
}

/**
 * The canonical form of the beginning of an address, for a search: the ASCII letters in lower case. A whole address is found
 * by its international spelling too.
 */
export function canonicalEmailPrefix(input: string): string {
  return canonicalEmail(input) ?? input.trim().replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function faultOf(input: string): string {
  const [local, domain] = split(input);
  if (local !== '' && domain !== '' && NON_ASCII.test(local)) {
    return 'must be an e-mail address with only ASCII characters before the @; international local parts are not supported';
  }
  if (canonicalDomain(domain) === undefined && NON_ASCII.test(domain)) {
    return 'must be an e-mail address whose domain has no characters that IDNA maps to others; type the domain in lower case, or in its xn-- form';
  }
  return 'must be an e-mail address';
}

function split(input: string): [local: string, domain: string] {
  const trimmed = input.trim();
  const at = trimmed.lastIndexOf('@');
  return [trimmed.slice(0, Math.max(at, 0)), trimmed.slice(at + 1)];
}

/** Undefined for what is not a domain, and for a spelling that IDNA maps in other ways than letter case and NFC. */
function canonicalDomain(typed: string): string | undefined {
  if (typed.length > MAX_LENGTH || !DOMAIN.test(typed)) return undefined;
  const domain = domainToASCII(typed);
  if (!isDomain(domain)) return undefined;
  const letters = [...typed];
  if (letters.some((letter) => NON_ASCII.test(letter) && becomesAscii(letter))) return undefined;
  // Letter by letter: the lower case of a whole word has a final sigma, which is another domain.
  const folded = letters
    .map((letter) => letter.toLowerCase())
    .join('')
    .normalize('NFC');
  // A label in its xn-- form is compared with what it stands for.
  return domain === folded || domainToUnicode(domain) === domainToUnicodeOfAscii(folded) ? domain : undefined;
}

/** The Kelvin sign becomes `k`, and the dotted capital I an `i` with a mark. */
function becomesAscii(letter: string): boolean {
  return /[\0-\x7F]/.test(letter.toLowerCase().normalize('NFC'));
}

/** Only the labels that are ASCII already are decoded: the others must not be mapped. */
function domainToUnicodeOfAscii(domain: string): string {
  return domain
    .split('.')
    .map((label) => (label.startsWith('xn--') && !NON_ASCII.test(label) ? domainToUnicode(label) : label))
    .join('.');
}

/** At least two labels, not an IPv4 address, and no label that only looks like IDNA, which later versions of Node let through. */
function isDomain(domain: string): boolean {
  const labels = domain.split('.');
  const isAddress = /^\d+$/.test(labels.at(-1) ?? '');
  const isUndecoded = /(^|\.)xn--/.test(domainToUnicode(domain));
  return labels.length >= 2 && labels.every((label) => LABEL.test(label)) && !isAddress && !isUndecoded;
}
