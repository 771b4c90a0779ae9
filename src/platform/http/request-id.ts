// Generates request ids that are unique, short, and cheap.
import { randomBytes } from 'node:crypto';

/** Generates ids such as `k3v9x2a-1f`: a random prefix per process and a counter. Clients cannot choose them. */
export function createRequestIds(): () => string {
  const prefix = randomBytes(6).readUIntBE(0, 6).toString(36);
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}-${count.toString(36)}`;
  };
}
