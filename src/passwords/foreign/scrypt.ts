// Scrypt hashes of Django (`scrypt$<N>$<salt>$<r>$<p>$<hash>`) and of better-auth (`<salt>:<hash>`, in hexadecimal).
import { scrypt, timingSafeEqual } from 'node:crypto';
import { type ForeignHash, INTEGER, MAX_MEMORY_BYTES } from './foreign-hash.js';

/** The cost parameters of RFC 7914. */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** The largest N · r · p: about a second on one core. Django 5 uses 655,360. */
const MAX_WORK = 2 ** 21;

const DJANGO = new RegExp(
  `^scrypt\\$(${INTEGER})\\$([!-#%-~]{1,128})\\$(${INTEGER})\\$(${INTEGER})\\$([A-Za-z0-9+/]{86}==)$`,
);
const BETTER_AUTH = /^([0-9a-f]{32}):([0-9a-f]{128})$/;
/** better-auth has no other cost, so its hashes do not name it. */
const BETTER_AUTH_COST = { N: 2 ** 14, r: 16, p: 1 };

/** Undefined if the text is not a hash of Django's scrypt hasher. */
export function parseDjangoScrypt(text: string): ForeignHash | undefined {
  const [, N, salt = '', r, p, encoded = ''] = DJANGO.exec(text) ?? [];
  if (N === undefined) return undefined;
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  return isValidCost(cost) ? scryptHash(cost, salt, Buffer.from(encoded, 'base64'), (password) => password) : undefined;
}

/** Undefined if the text is not a hash of better-auth. */
export function parseBetterAuth(text: string): ForeignHash | undefined {
  // The salt is the hexadecimal text itself, not the bytes that it denotes.
  const [, salt, encoded = ''] = BETTER_AUTH.exec(text) ?? [];
  if (salt === undefined) return undefined;
  return scryptHash(BETTER_AUTH_COST, salt, Buffer.from(encoded, 'hex'), (password) => password.normalize('NFKC'));
}

function scryptHash(
  cost: ScryptCost,
  salt: string,
  expected: Buffer,
  prepare: (password: string) => string,
): ForeignHash {
  return {
    isAffordable: isAffordable(cost),
    verify: async (password) =>
      timingSafeEqual(await deriveScrypt(prepare(password), salt, expected.length, cost), expected),
  };
}

/** Whether OpenSSL accepts the cost: N must be a power of two. */
export function isValidCost({ N }: ScryptCost): boolean {
  return N > 1 && Number.isInteger(Math.log2(N));
}

/** Whether the cost is within the limits on memory and work. */
export function isAffordable({ N, r, p }: ScryptCost): boolean {
  return 128 * r * (N + p) <= MAX_MEMORY_BYTES && N * r * p <= MAX_WORK;
}

/** Derives a key on the thread pool. */
export function deriveScrypt(
  password: string,
  salt: string | Buffer,
  length: number,
  cost: ScryptCost,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // OpenSSL adds a few kilobytes to the memory that `isAffordable` counts.
    scrypt(password, salt, length, { ...cost, maxmem: 2 * MAX_MEMORY_BYTES }, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}
