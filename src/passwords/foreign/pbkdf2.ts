// Django's PBKDF2 hashes: `pbkdf2_sha256$<iterations>$<salt>$<hash>`, and the same with SHA-1.
import { pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type ForeignHash, INTEGER } from './foreign-hash.js';

const derive = promisify(pbkdf2);

const TEXT = new RegExp(`^pbkdf2_(sha1|sha256)\\$(${INTEGER})\\$([!-#%-~]{1,128})\\$([A-Za-z0-9+/]{27,43}=)$`);

/** The length of the hash in bytes, and the most iterations: about a second on one core. Django 6 uses 1,200,000. */
const DIGESTS = {
  sha1: { length: 20, maxIterations: 1_500_000 },
  sha256: { length: 32, maxIterations: 3_000_000 },
};

/** Undefined if the text is not such a hash. */
export function parsePbkdf2(text: string): ForeignHash | undefined {
  const [, digest, iterations, salt = '', encoded = ''] = TEXT.exec(text) ?? [];
  if (digest === undefined) return undefined;
  const { length, maxIterations } = DIGESTS[digest as keyof typeof DIGESTS];
  const expected = Buffer.from(encoded, 'base64');
  if (expected.length !== length) return undefined;
  return {
    isAffordable: Number(iterations) <= maxIterations,
    verify: async (password) =>
      timingSafeEqual(await derive(password, salt, Number(iterations), length, digest), expected),
  };
}
