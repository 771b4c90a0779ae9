// The storage in cookie mode: it records that there is a session, but contains no token.
import { IN_COOKIE } from './service.js';
import type { StoredSession } from './session-store.js';
import type { LatchkeyStorage } from './storage.js';

/**
 * Wraps `storage` so that no token reaches it. Clients that share it read which session there is and its generation; each keeps
 * an access token of its own in memory. If the refresh token arrives in the body after all (the service has REFRESH_COOKIE
 * off), the whole session stays in memory and ends with the page.
 */
export function markerStorage(storage: LatchkeyStorage): LatchkeyStorage {
  let own: StoredSession | null = null;

  /** The marker, completed with the access token that this page has for the session. */
  const completed = (text: string | null): string | null => {
    const marker = parse(text);
    if (marker === null || own === null || marker.session !== own.session) return text;
    return JSON.stringify({ ...marker, accessToken: own.accessToken, age: own.age });
  };

  return {
    name: storage.name,
    ...(storage.subscribe && { subscribe: (listener: () => void) => storage.subscribe?.(listener) ?? (() => {}) }),
    isPrivate: () => own !== null && own.refreshToken !== IN_COOKIE,
    get: () => {
      if (own !== null && own.refreshToken !== IN_COOKIE) return JSON.stringify(own);
      const got = storage.get();
      return got instanceof Promise ? got.then(completed) : completed(got);
    },
    set: (value) => {
      own = parse(value);
      const isMarker = own !== null && own.refreshToken === IN_COOKIE;
      return storage.set(isMarker ? JSON.stringify({ ...own, accessToken: '', key: '' }) : null);
    },
  };
}

function parse(text: string | null): StoredSession | null {
  try {
    return text === null ? null : (JSON.parse(text) as StoredSession | null);
  } catch {
    return null;
  }
}
