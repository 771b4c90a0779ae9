// Random tokens that are handed out once, and of which only the hash is stored.
import { createHash, randomBytes } from 'node:crypto';

const BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** 256 random bits, base64url. */
export function newToken(): string {
  return randomBytes(BYTES).toString('base64url');
}

/** SHA-256. Needs no salt: 256 random bits cannot be guessed. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Whether a text has the form of a token. Any other text need not be looked up. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}
