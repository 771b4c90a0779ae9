// Argon2id and argon2i hashes in PHC string format, of other systems: bare, or with the prefix of Django's hasher.
import { verify } from '@node-rs/argon2';
import { type ForeignHash, INTEGER, MAX_MEMORY_BYTES } from './foreign-hash.js';

const MAX_MEMORY_KIB = MAX_MEMORY_BYTES / 1024;
/** The largest memory (KiB) times passes: half a second on one core. Django uses 204,800. */
const MAX_WORK = 2 ** 20;
const MAX_LANES = 16;

const TEXT = new RegExp(
  `^(?:argon2)?(\\$argon2id?)(\\$v=(?:16|19))?(\\$m=(${INTEGER}),t=(${INTEGER}),p=(${INTEGER})\\$([A-Za-z0-9+/]{11,64})\\$([A-Za-z0-9+/]{16,86}))$`,
);

/** Undefined if the text is not such a hash. */
export function parseArgon2(text: string): ForeignHash | undefined {
  const [, algorithm, version = '$v=16', rest, memory, passes, lanes, salt = '', key = ''] = TEXT.exec(text) ?? [];
  if (algorithm === undefined) return undefined;
  const cost = { m: Number(memory), t: Number(passes), p: Number(lanes) };
  // RFC 9106 section 3.1. The library throws for text that is not canonical Base64, where the result must be a wrong password.
  if (cost.m < 8 * cost.p || ![salt, key].every(isCanonical)) return undefined;
  // Without a version, a hash has the one from before versions were written.
  const hash = `${algorithm}${version}${rest}`;
  return { isAffordable: isAffordable(cost), verify: (password) => verify(hash, password) };
}

/** Whether a text is what an encoder writes, without padding: the last character has no bits that decoding would ignore. */
export function isCanonical(base64: string): boolean {
  return Buffer.from(base64, 'base64').toString('base64').replace(/=+$/, '') === base64;
}

/** Whether the cost (`m` in KiB) is within the limits on memory, work and lanes. */
export function isAffordable({ m, t, p }: { m: number; t: number; p: number }): boolean {
  return m <= MAX_MEMORY_KIB && m * t <= MAX_WORK && p <= MAX_LANES;
}
