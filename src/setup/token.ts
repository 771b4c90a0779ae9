// The token in the one-time setup link. The process that prints the link passes on only the token's hash.
import { timingSafeEqual } from 'node:crypto';
import { hashToken, newToken } from '#account-tokens/random-token.js';

/** A new token, base64url, and its hash. */
export function makeSetupToken(): { token: string; hash: string } {
  const token = newToken();
  return { token, hash: setupTokenHash(token) };
}

/** The hash of a token, hex. */
export function setupTokenHash(token: string): string {
  return hashToken(token).toString('hex');
}

/** Whether `token` has this hash. Compares in constant time. */
export function isSetupToken(token: string, hash: string): boolean {
  const expected = Buffer.from(hash, 'hex');
  const given = hashToken(token);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
