// Recovery codes: single-use codes for owners who have lost their authenticator app.
import { createHash, randomBytes } from 'node:crypto';

/** Crockford's Base32: no letter that looks like a digit, and no U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 80 bits: too many to be found from a plain hash, so that the hashes need no key and survive a change of AUTH_SECRET. */
const CODE_CHARACTERS = 16;
const GROUP = /.{4}(?=.)/g;
/** The number of codes in a set. */
export const CODES_IN_SET = 10;

/** A new set of codes, such as `7Q2M-0XKD-9RTA-W3HF`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: CODES_IN_SET }, newCode);
}

/** The SHA-256 of a code, however it was typed: with or without hyphens and spaces, in either case, with O for 0 and I or L for 1. */
export function hashRecoveryCode(code: string): Buffer {
  const canonical = code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return createHash('sha256').update(canonical).digest();
}

function newCode(): string {
  // The alphabet has 32 characters, so that the remainder is unbiased.
  const text = [...randomBytes(CODE_CHARACTERS)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return text.replaceAll(GROUP, '$&-');
}
