// Random ids of 96 bits, which makes a collision negligible.
import { randomBytes } from 'node:crypto';

const BYTES = 12;
/** Random bytes are generated for many ids at a time, because each call costs more than the bytes. */
const IDS_PER_CALL = 256;

/** Generates ids of 16 base64url characters. */
export function createRandomIds(): () => string {
  let pool = Buffer.alloc(0);
  return () => {
    if (pool.length === 0) pool = randomBytes(BYTES * IDS_PER_CALL);
    const id = pool.toString('base64url', 0, BYTES);
    pool = pool.subarray(BYTES);
    return id;
  };
}
