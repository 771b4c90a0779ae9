// Reads and replaces the stored session, which several clients may share, and reports when it ends.
import { type AgedToken, type createFreshness, now } from './freshness.js';
import { createQueue, type Exclusive } from './locks.js';
import type { LatchkeyStorage } from './storage.js';

/** The stored value. It is always written as a whole: a token without its key cannot be refreshed safely. */
export interface StoredSession extends AgedToken {
  /** Chosen at login and kept by every refresh: distinguishes a new token from a new login. */
  readonly session: string;
  /** The number of refreshes since the login: of two writers, the one with the higher number wins. */
  readonly generation: number;
  readonly refreshToken: string;
  /** The Idempotency-Key of every attempt to use this refresh token, by any client. */
  readonly key: string;
}

/** Why a session ended: the code of the service, or `ended_elsewhere`: a logout or another login, in another tab, replaced it. */
export type SessionEnd = 'invalid_refresh_token' | 'refresh_token_reused' | 'ended_elsewhere';

/**
 * What changed. `signed_in`: a session began, here or in another tab; it may be the session of another user. `signed_out`: it ended.
 * `refreshed`: its tokens were replaced, so a changed role or name may be in the new access token.
 */
export type SessionChange = 'signed_in' | 'signed_out' | 'refreshed';

interface Dependencies {
  readonly storage: LatchkeyStorage;
  readonly exclusive: Exclusive;
  readonly freshness: ReturnType<typeof createFreshness>;
  readonly onSessionEnd: (reason: SessionEnd) => void;
}

/** Reads and writes of one client never overlap; `onSessionEnd` is called at most once for each session. */
export function createSessionStore({ storage, exclusive, freshness, onSessionEnd }: Dependencies) {
  const queue = createQueue();
  const listeners = new Set<(change: SessionChange) => void>();
  /** The session that this client last read or wrote; undefined before the first time. */
  let last: StoredSession | null | undefined;

  /** Remembers the stored session, reports what changed, and the end of the previous one unless the user asked for it (no reason). */
  const remember = (stored: StoredSession | null, reason: SessionEnd | undefined) => {
    const before = last;
    last = stored;
    // The first read finds a state, which is no change.
    if (before === undefined) return;
    if (before !== null && stored?.session !== before.session && reason !== undefined) {
      queueMicrotask(() => onSessionEnd(reason));
    }
    const change = changeOf(before, stored);
    if (change === undefined) return;
    for (const listener of listeners) queueMicrotask(() => listener(change));
  };

  /**
   * Without a lock, a client that was suspended between its read and its write can put an older pair back. A client that has seen
   * the newer pair keeps it, and its next refresh stores it again.
   */
  const newer = (stored: StoredSession | null) =>
    stored !== null && stored.session === last?.session && stored.generation < last.generation ? last : stored;

  /**
   * Writes what `change` returns for the stored session, or nothing when it returns undefined; resolves to the session stored
   * afterwards. `reason` is reported if the change ends a session; omitted when the user asked for it.
   */
  const update = (
    change: (stored: StoredSession | null) => StoredSession | null | undefined,
    reason?: SessionEnd,
  ): Promise<StoredSession | null> =>
    queue(() =>
      // A session in memory belongs to this page alone. Without a lock its logout is sent before the page is gone.
      (storage.isPrivate?.() ? runAlone : exclusive)('write', async () => {
        // With a synchronous storage there is no await between read and write, so no other code of this process runs in between.
        const got = storage.get();
        const stored = newer(parse(got instanceof Promise ? await got : got));
        if (last === undefined) last = stored;
        const next = change(stored);
        if (next === undefined) {
          remember(stored, 'ended_elsewhere');
          return stored;
        }
        await storage.set(next && JSON.stringify(next));
        remember(next, reason);
        return next;
      }),
    );

  const read = (): Promise<StoredSession | null> =>
    queue(async () => {
      const at = now();
      const stored = newer(parse(await storage.get()));
      remember(stored, 'ended_elsewhere');
      freshness.observe(stored, at);
      return stored;
    });

  // An error of the storage is reported by the next call.
  const readQuietly = () => void read().catch(() => {});
  storage.subscribe?.(readQuietly);

  return {
    read,
    update,

    /** Calls `listener` for each change from now on; returns a function that stops this. */
    onChange(listener: (change: SessionChange) => void): () => void {
      // Each call adds a listener of its own, also for a function that is listening already.
      const own = (change: SessionChange) => listener(change);
      listeners.add(own);
      // A change is a difference from a known state.
      readQuietly();
      return () => listeners.delete(own);
    },
  };
}

function changeOf(before: StoredSession | null, stored: StoredSession | null): SessionChange | undefined {
  if (stored === null) return before === null ? undefined : 'signed_out';
  if (stored.session !== before?.session) return 'signed_in';
  return stored.generation > before.generation ? 'refreshed' : undefined;
}

/** For a session that no other client can reach. */
const runAlone: Exclusive = (_kind, work) => work();

export type SessionStore = ReturnType<typeof createSessionStore>;

/** The stored session; null for anything that this version of the client did not write. */
function parse(text: string | null): StoredSession | null {
  if (text === null) return null;
  try {
    const value = JSON.parse(text) as StoredSession | null;
    const { session, generation, accessToken, refreshToken, key, age } = value ?? ({} as Partial<StoredSession>);
    const isGood =
      [session, accessToken, refreshToken, key].every((each) => typeof each === 'string') &&
      [generation, age].every((each) => typeof each === 'number');
    return isGood ? value : null;
  } catch {
    return null;
  }
}
