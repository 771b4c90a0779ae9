// Where a session is kept: one text, which holds the tokens and the key of their next refresh together.

/**
 * Keeps one text. Both methods may answer at once or by a promise; what `set` was given must be what every sharer's `get`
 * answers as soon as it has resolved.
 */
export interface LatchkeyStorage {
  get(): string | null | Promise<string | null>;
  /** `null` removes it. */
  set(value: string | null): unknown;
  /**
   * The same for all who share the storage, and for nobody else: names the lock under which they refresh, one at a time.
   * Without it each client refreshes for itself.
   */
  readonly name?: string | undefined;
}

/** For as long as the process or page lives: the default. A reload logs out. */
export function memoryStorage(): LatchkeyStorage {
  let kept: string | null = null;
  return {
    get: () => kept,
    set: (value) => {
      kept = value;
    },
  };
}

/** The part of `localStorage` that is used. */
export interface WebStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/**
 * `webStorage(localStorage)`: survives reloads and is shared by all tabs of the origin. The price: **any script that runs
 * on the origin, an injected one (XSS) too, can read the tokens and take the session elsewhere**. With `memoryStorage` such a
 * script can still act as the user, but only while the page is open. Rotation limits the harm: the session ends when both
 * the thief and the user have refreshed. Serve a strict Content-Security-Policy either way.
 *
 * Not for `sessionStorage`: a browser copies it when a tab is duplicated, and two copies of a session look like theft.
 */
export function webStorage(storage: WebStorage, key = 'latchkey'): LatchkeyStorage {
  return {
    name: key,
    get: () => storage.getItem(key),
    set: (value) => (value === null ? storage.removeItem(key) : storage.setItem(key, value)),
  };
}
