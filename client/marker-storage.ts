// What a client stores when the browser keeps the refresh token: that there is a session, and no token.
import { IN_COOKIE } from './service.js';
import type { LatchkeyStorage } from './storage.js';
import type { StoredSession } from './store.js';

/**
 * A storage that lets no token reach `storage`: sharers read there which session there is and how far it is, and each has an access token
 * of its own, in memory. A session whose refresh token came in an answer all the same (the service has REFRESH_COOKIE off) stays in
 * memory as a whole, and ends with the page.
 */
export function markerStorage(storage: LatchkeyStorage): LatchkeyStorage {
  let own: StoredSession | null = null;

  /** The marker, with the access token that this page has for the session. */
  const completed = (text: string | null): string | null => {
    const marker = parse(text);
    if (marker === null || own === null || marker.session !== own.session) return text;
    return JSON.stringify({ ...marker, accessToken: own.accessToken, age: own.age });
  };

  return {
    name: storage.name,
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
