// Caches verified access tokens, so that a signature is checked once and not for every request.
import { hash } from 'node:crypto';

interface Entry<T> {
  /** Seconds since 1970. */
  readonly exp: number;
  /** The key that verified the token. A kid is the thumbprint of its key, so it never refers to another key. */
  readonly kid: string;
  readonly value: T;
}

interface Dependencies {
  readonly keys: { find(kid: string): object | undefined };
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The maximum number of entries. */
  readonly size: number;
}

/**
 * Entries are keyed by the SHA-256 of the whole token, so that another spelling of a token is verified separately. An entry is valid
 * until its token expires and as long as its key verifies. Only tokens with a valid signature are cached, so only users who can log in
 * can fill the cache. It has two generations: when the newer one is full, the older one is dropped.
 */
export function createVerifiedTokens<T>({ keys, now, size }: Dependencies) {
  const half = Math.ceil(size / 2);
  let newer = new Map<string, Entry<T>>();
  let older = new Map<string, Entry<T>>();
  // `remember` nearly always follows `find` for the same token, which is then hashed once.
  let last = { token: '', name: nameOf('') };

  function lookUpName(token: string): string {
    if (token !== last.token) last = { token, name: nameOf(token) };
    return last.name;
  }

  function keep(name: string, entry: Entry<T>): void {
    if (newer.size >= half) {
      older = newer;
      newer = new Map();
    }
    newer.set(name, entry);
  }

  return {
    /** The value cached for a token that is still valid; undefined if the token must be verified. */
    find(token: string): T | undefined {
      const name = lookUpName(token);
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

    /** Adds a token that has just been verified. */
    remember(token: string, entry: Entry<T>): void {
      keep(lookUpName(token), entry);
    },

    /** The number of entries. */
    count: () => newer.size + older.size,
  };
}

function nameOf(token: string): string {
  return hash('sha256', token, 'base64');
}
