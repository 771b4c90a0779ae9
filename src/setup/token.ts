// The token in the one-time setup link. The process that prints the link passes on only the token's hash.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const TOKEN_BYTES = 32;

/** A new token, base64url, and its hash. */
export function makeSetupToken(): { token: string; hash: string } {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  return { token, hash: setupTokenHash(token) };
}

/** SHA-256, hex. Needs no salt: 256 random bits cannot be guessed. */
export function setupTokenHash(token: string): string {
  return digest(token).toString('hex');
}

/** Whether `token` has this hash. Compares in constant time. */
export function isSetupToken(token: string, hash: string): boolean {
  const expected = Buffer.from(hash, 'hex');
  const given = digest(token);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
