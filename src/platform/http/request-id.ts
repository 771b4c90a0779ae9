// Names for requests: unique, short, and cheap to make.
import { randomBytes } from 'node:crypto';

/** Makes ids like `k3v9x2a-1f`: random for each process, then counted. Clients cannot choose them. */
export function createRequestIds(): () => string {
  const process = randomBytes(6).readUIntBE(0, 6).toString(36);
  let count = 0;
  return () => {
    count += 1;
    return `${process}-${count.toString(36)}`;
  };
}
