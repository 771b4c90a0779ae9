// Firebase's modified scrypt. The key that scrypt derives from the password encrypts the signer key of the project, and the result is the
// hash. The text form is that of Supabase Auth, `$fbscrypt$v=1,n=14,r=8,p=1,ss=<salt separator>[,sk=<signer key>]$<salt>$<hash>`, but the
// signer key is never stored: it is a secret that all hashes share, and the environment has it. `sk256=` identifies it instead.
import { createCipheriv, createHash, timingSafeEqual } from 'node:crypto';
import { type ForeignHash, INTEGER } from './foreign-hash.js';
import { deriveScrypt, isAffordable, isValidCost, type ScryptCost } from './scrypt.js';

const AES_KEY_BYTES = 32;
const ZERO_IV = Buffer.alloc(16);
/** Firebase allows at most 14. */
const MAX_MEM_COST = 20;

const BASE64 = '[A-Za-z0-9+/_-]+={0,2}';
const TEXT = new RegExp(
  `^\\$fbscrypt\\$v=1,n=(${INTEGER}),r=(${INTEGER}),p=(${INTEGER})(?:,ss=(${BASE64})?)?(?:,sk=(${BASE64})|,sk256=([0-9a-f]{16}))?\\$(${BASE64})\\$(${BASE64})$`,
);

/** A Firebase hash and the signer key that it needs. */
export interface FirebaseHash extends ForeignHash {
  /** Whether the signer key is missing, or is a different one than that which the text names. */
  readonly keyProblem: 'missing' | 'different' | undefined;
  /** The text with the signer key replaced by its identification. */
  readonly withoutKey: string;
}

/** Undefined if the text is not such a hash. */
export function parseFirebase(text: string, signerKey: Buffer | undefined): FirebaseHash | undefined {
  const [, n, r, p, separator = '', sk, keyId, salt = '', encoded = ''] = TEXT.exec(text) ?? [];
  if (n === undefined || Number(n) > MAX_MEM_COST) return undefined;
  const cost: ScryptCost = { N: 2 ** Number(n), r: Number(r), p: Number(p) };
  const expected = Buffer.from(encoded, 'base64');
  if (!isValidCost(cost) || expected.length < 16 || expected.length > 1024) return undefined;
  const wholeSalt = Buffer.concat([Buffer.from(salt, 'base64'), Buffer.from(separator, 'base64')]);
  const named = sk === undefined ? keyId : idOf(Buffer.from(sk, 'base64'));
  const isDifferent =
    signerKey !== undefined &&
    // The cipher keeps the length.
    ((named !== undefined && named !== idOf(signerKey)) || expected.length !== signerKey.length);
  return {
    isAffordable: isAffordable(cost),
    keyProblem: signerKey === undefined ? 'missing' : isDifferent ? 'different' : undefined,
    withoutKey:
      signerKey === undefined
        ? text
        : `$fbscrypt$v=1,n=${n},r=${r},p=${p},ss=${separator},sk256=${idOf(signerKey)}$${salt}$${encoded}`,
    verify: async (password) => {
      if (signerKey === undefined || isDifferent) return false;
      const key = await deriveScrypt(password, wholeSalt, AES_KEY_BYTES, cost);
      const cipher = createCipheriv('aes-256-ctr', key, ZERO_IV);
      return timingSafeEqual(Buffer.concat([cipher.update(signerKey), cipher.final()]), expected);
    },
  };
}

/** 64 bits of SHA-256. They reveal nothing of a random key. */
function idOf(signerKey: Buffer): string {
  return createHash('sha256').update(signerKey).digest('hex').slice(0, 16);
}
