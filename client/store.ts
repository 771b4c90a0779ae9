// The session as all sharers of a storage see it: what is stored, what may replace it, and who left it.
import { type Aged, type createFreshness, now } from './freshness.js';
import { createQueue, type Exclusive } from './locks.js';
import type { LatchkeyStorage } from './storage.js';

/** What is stored, always in one write: a token without its key cannot be refreshed safely. */
export interface StoredSession extends Aged {
  /** Random, made at login, the same after every refresh: tells a new token from a new login. */
  readonly session: string;
  /** How many refreshes ago the login was: of two writers the one who is further wins. */
  readonly generation: number;
  readonly refreshToken: string;
  /** The Idempotency-Key of every attempt, by anybody, to use this refresh token. */
  readonly key: string;
}

/** Why a session is over: the service said so, or the storage no longer holds it (logout or another login, in another tab). */
export type SessionEnd = 'invalid_refresh_token' | 'refresh_token_reused' | 'ended_elsewhere';

interface Dependencies {
  readonly storage: LatchkeyStorage;
  readonly exclusive: Exclusive;
  readonly freshness: ReturnType<typeof createFreshness>;
  readonly onSessionEnd: (reason: SessionEnd) => void;
}

/** Reads and writes of one client come one after the other; `onSessionEnd` is called once for each session it has seen. */
export function createStore({ storage, exclusive, freshness, onSessionEnd }: Dependencies) {
  const queue = createQueue();
  /** As this client last saw or wrote it. */
  let last: StoredSession | null = null;

  /** Takes note of what is stored, and tells of a session that is no longer, unless the user wants it so. */
  const see = (stored: StoredSession | null, reason: SessionEnd | undefined) => {
    const left = last !== null && stored?.session !== last.session;
    last = stored;
    if (left && reason !== undefined) queueMicrotask(() => onSessionEnd(reason));
  };

  /**
   * Where there is no lock, a sharer that stood still between looking and writing can put an older pair back. Who knows the
   * newer one stays with it, and the next refresh stores it again.
   */
  const newer = (stored: StoredSession | null) =>
    stored !== null && stored.session === last?.session && stored.generation < last.generation ? last : stored;

  /**
   * Writes what `change` makes of what is stored, nothing when that is undefined, and resolves to what is stored then.
   * `reason`: what to tell if it ends a session; nothing when the user wants it so.
   */
  const update = (
    change: (stored: StoredSession | null) => StoredSession | null | undefined,
    reason?: SessionEnd,
  ): Promise<StoredSession | null> =>
    queue(() =>
      exclusive('write', async () => {
        // No await between look and write where the storage needs none: nothing of this process comes between.
        const got = storage.get();
        const stored = newer(parse(got instanceof Promise ? await got : got));
        const next = change(stored);
        if (next === undefined) {
          see(stored, 'ended_elsewhere');
          return stored;
        }
        await storage.set(next && JSON.stringify(next));
        see(next, reason);
        return next;
      }),
    );

  return {
    read: (): Promise<StoredSession | null> =>
      queue(async () => {
        const at = now();
        const stored = newer(parse(await storage.get()));
        see(stored, 'ended_elsewhere');
        freshness.observe(stored, at);
        return stored;
      }),
    update,
  };
}

export type Store = ReturnType<typeof createStore>;

/** What is not ours, or from a version that is not this one, is no session. */
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
