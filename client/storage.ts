// Where a session is stored: one string that contains the tokens and the key of the next refresh together.

/**
 * Stores one string. Both methods may return a value or a promise. Once `set` has resolved, `get` must return the new value to
 * every client that shares the storage.
 */
export interface LatchkeyStorage {
  get(): string | null | Promise<string | null>;
  /** `null` removes the value. */
  set(value: string | null): unknown;
  /**
   * Identifies the storage: equal for all clients that share it, different for all others. Names the lock under which they
   * refresh one at a time. Without a name, no lock is used.
   */
  readonly name?: string | undefined;
  /** Whether the session is in memory only, although the storage has a name. Then no lock is used. */
  isPrivate?(): boolean;
  /**
   * Calls `listener` when another page or process may have changed the value, and returns a function that stops this. Without it, a
   * client notices such a change at its next call.
   */
  subscribe?(listener: () => void): () => void;
}

/** Keeps the session in memory, until the process or the page ends: the default. A reload logs the user out. */
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
 * `webStorage(localStorage)`: the session survives reloads and is shared by all tabs of the origin. The cost: **any script that
 * runs on the origin, including an injected one (XSS), can read the tokens and use the session elsewhere**. With
 * `memoryStorage` such a script can still act as the user, but only while the page is open. Rotation limits the damage: the
 * session ends once both the thief and the user have refreshed. Serve a strict Content-Security-Policy either way.
 *
 * Do not use `sessionStorage`: browsers copy it when a tab is duplicated, and two copies of a session look like theft.
 */
export function webStorage(storage: WebStorage, key = 'latchkey'): LatchkeyStorage {
  return {
    name: key,
    get: () => storage.getItem(key),
    set: (value) => (value === null ? storage.removeItem(key) : storage.setItem(key, value)),
    subscribe: (listener) => {
      const page = globalThis as Partial<Page>;
      // Sent to all other pages of the origin. `key` is null after `localStorage.clear()`.
      const onStorage = (event: StorageChange) => {
        if (event.storageArea === storage && (event.key === key || event.key === null)) listener();
      };
      // A page that comes back from the back/forward cache has missed these events.
      const onPageShow = () => listener();
      page.addEventListener?.('storage', onStorage);
      page.addEventListener?.('pageshow', onPageShow);
      return () => {
        page.removeEventListener?.('storage', onStorage);
        page.removeEventListener?.('pageshow', onPageShow);
      };
    },
  };
}

/** The part of a `StorageEvent` that is used. */
interface StorageChange {
  readonly key: string | null;
  readonly storageArea: unknown;
}

/** The part of `window` that is used. */
interface Page {
  addEventListener(type: string, listener: (event: StorageChange) => void): void;
  removeEventListener(type: string, listener: (event: StorageChange) => void): void;
}
