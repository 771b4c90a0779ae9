// Random names for what must not be mixed up: 96 bits each, too many for two of them to meet.
import { randomBytes } from 'node:crypto';

const BYTES = 12;
/** To ask for random bytes costs more than the bytes. */
const DRAWN_AT_ONCE = 256;

/** Makes ids of 16 letters of base64url. */
export function createRandomIds(): () => string {
  let drawn = Buffer.alloc(0);
  return () => {
    if (drawn.length === 0) drawn = randomBytes(BYTES * DRAWN_AT_ONCE);
    const id = drawn.toString('base64url', 0, BYTES);
    drawn = drawn.subarray(BYTES);
    return id;
  };
}
