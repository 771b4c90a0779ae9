// Remembers which access tokens have been verified, so that a signature is checked once and not at each request.
import { hash } from 'node:crypto';

interface Entry<T> {
  /** Seconds since 1970. */
  readonly exp: number;
  /** Of the key that it was verified with. A kid is the thumbprint of its key: it never names another one. */
  readonly kid: string;
  readonly value: T;
}

interface Dependencies {
  readonly keys: { find(kid: string): object | undefined };
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Entries at most. */
  readonly size: number;
}

/**
 * Entries are named by SHA-256 of the whole token: another spelling of the same token is another token, and is verified
 * anew. One is good until the second in which its token expires, and as long as its key is on the ring. Only tokens with
 * a good signature get in, so nobody fills it who cannot log in. Of two halves the older is forgotten when the newer is full.
 */
export function createVerifiedTokens<T>({ keys, now, size }: Dependencies) {
  const half = Math.ceil(size / 2);
  let newer = new Map<string, Entry<T>>();
  let older = new Map<string, Entry<T>>();

  function keep(name: string, entry: Entry<T>): void {
    if (newer.size >= half) {
      older = newer;
      newer = new Map();
    }
    newer.set(name, entry);
  }

  return {
    /** What was remembered with a token that is still good; undefined when it must be verified. */
    find(token: string): T | undefined {
      const name = nameOf(token);
      let entry = newer.get(name);
      if (entry === undefined) {
        entry = older.get(name);
        if (entry === undefined) return undefined;
        keep(name, entry);
      }
      if (entry.exp * 1000 > now() && keys.find(entry.kid) !== undefined) return entry.value;
      newer.delete(name);
      older.delete(name);
      return undefined;
    },

    /** To be called with a token that has just been verified. */
    remember(token: string, entry: Entry<T>): void {
      keep(nameOf(token), entry);
    },

    /** How many entries there are. */
    count: () => newer.size + older.size,
  };
}

export type VerifiedTokens<T> = ReturnType<typeof createVerifiedTokens<T>>;

function nameOf(token: string): string {
  return hash('sha256', token, 'base64');
}
