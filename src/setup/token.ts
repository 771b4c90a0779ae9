// The token of the one-time link that makes the first administrator: only its hash leaves the hands of who prints it.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const TOKEN_BYTES = 32;

/** A new token, base64url, and its hash. */
export function makeSetupToken(): { token: string; hash: string } {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  return { token, hash: setupTokenHash(token) };
}

/** SHA-256, hex. Without a salt: nobody guesses 256 random bits. */
export function setupTokenHash(token: string): string {
  return digest(token).toString('hex');
}

/** Whether it is the token of this hash, in a time that tells nothing. */
export function isSetupToken(token: string, hash: string): boolean {
  const expected = Buffer.from(hash, 'hex');
  const given = digest(token);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
