// The lifecycle of a session: started by login, kept alive by one refresh at a time, ended by logout or by the service.
import { LatchkeyError, signedOut } from './errors.js';
import { type createFreshness, now, since } from './freshness.js';
import type { Exclusive } from './locks.js';
import { type createService, IN_COOKIE, retry, type TokenPair } from './service.js';
import type { SessionEnd, SessionStore, StoredSession } from './session-store.js';

interface Dependencies {
  readonly service: ReturnType<typeof createService>;
  readonly store: SessionStore;
  readonly freshness: ReturnType<typeof createFreshness>;
  readonly exclusive: Exclusive;
  readonly firstPauseMilliseconds: number;
  /** Whether the refresh token is to be kept in a cookie, if the service supports it. */
  readonly usesCookie: boolean;
}

/** Implements the rules of docs/client.md. */
export function createSession({
  service,
  store,
  freshness,
  exclusive,
  firstPauseMilliseconds,
  usesCookie,
}: Dependencies) {
  let refreshing: Promise<string> | undefined;

  /** Resolves to a valid access token; rejects with `signed_out`, the reason why the session ended, or a temporary error. */
  async function accessToken(): Promise<string> {
    const stored = await store.read();
    if (stored === null) throw signedOut();
    const state = freshness.of(stored);
    if (state === 'fresh') return stored.accessToken;
    refreshing ??= retry(() => exclusive('refresh', refresh), firstPauseMilliseconds).finally(() => {
      refreshing = undefined;
    });
    if (state === 'stale') return refreshing;
    // The current token is still valid: if this refresh fails, a later call tries again.
    refreshing.catch(() => {});
    return stored.accessToken;
  }

  /** One attempt to refresh, unless another client has refreshed meanwhile: then its token is used. */
  async function refresh(): Promise<string> {
    const stored = await store.read();
    if (stored === null) throw signedOut();
    if (freshness.of(stored) === 'fresh') return stored.accessToken;
    const sent = now();
    let pair: TokenPair;
    try {
      pair = isInCookie(stored)
        ? await refreshByCookie(stored)
        : await service.refresh(stored.refreshToken, stored.key);
    } catch (error) {
      if (await hasMovedOn(stored, error)) return refresh();
      throw error;
    }
    const next: StoredSession = {
      ...tokensOf(pair),
      session: stored.session,
      generation: stored.generation + 1,
      age: since(sent),
    };
    // Never overwrites a logout, another login or a newer generation: two clients may have made the same attempt.
    const kept = await store.update((current) =>
      current?.session === next.session && current.generation < next.generation ? next : undefined,
    );
    if (kept !== next) return refresh();
    freshness.received(next, sent);
    return next.accessToken;
  }

  /** All clients on a host share one cookie. After a login as another user it belongs to that session, and is not used for this one. */
  async function refreshByCookie(stored: StoredSession): Promise<TokenPair> {
    const pair = await service.refreshByCookie();
    if (sessionIdOf(pair.access_token) !== stored.session)
      throw new LatchkeyError('ended_elsewhere', 'Your session ended because another login replaced it. Log in again.');
    return pair;
  }

  /** After a refusal: whether the storage now holds another token. If it still holds the refused one and the session is over, clears it. */
  async function hasMovedOn(refused: StoredSession, error: unknown): Promise<boolean> {
    if (!(error instanceof LatchkeyError)) return false;
    const { code } = error;
    const end = endReasonOf(code, refused);
    if (end === undefined && code !== 'refresh_token_used') return false;
    let moved = false;
    await store.update((current) => {
      moved = isInCookie(refused)
        ? current?.session !== refused.session || current.generation !== refused.generation
        : current?.refreshToken !== refused.refreshToken;
      return moved || end === undefined ? undefined : null;
    }, end);
    return moved;
  }

  return {
    accessToken,

    /** Runs a login. In cookie mode it takes the refresh lock, because the answers of refreshes set the same cookie. */
    logIn: (work: () => Promise<void>): Promise<void> => (usesCookie ? exclusive('refresh', work) : work()),

    /** Starts a session, replacing the current one. */
    async begin(pair: TokenPair, sent: ReturnType<typeof now>): Promise<void> {
      const next: StoredSession = {
        ...tokensOf(pair),
        // In cookie mode the session is identified by its token, so that the cookie of another session is recognised.
        session:
          (pair.refresh_token === IN_COOKIE && sessionIdOf(pair.access_token)) ||
          crypto.getRandomValues(new Uint32Array(4)).join('-'),
        generation: 0,
        age: since(sent),
      };
      let replaced: StoredSession | null = null;
      await store.update((current) => {
        replaced = current;
        return next;
      });
      freshness.received(next, sent);
      // In cookie mode the service itself ends the session that a login replaces.
      if (replaced !== null && !isInCookie(replaced)) void endOnService(replaced);
    },

    /** Deletes the session from the storage, after the service has ended it. */
    forget: async (): Promise<void> => void (await store.update(() => null)),

    /** Deletes the session from the storage, then ends it on the service; resolves to false when the service cannot be reached. */
    async end(): Promise<boolean> {
      let ended: StoredSession | null = null;
      await store.update((current) => {
        ended = current;
        return null;
      });
      return ended === null || endOnService(ended);
    },
  };

  async function logout(ended: StoredSession): Promise<void> {
    if (!isInCookie(ended)) {
      await service.logout(ended.refreshToken);
      return;
    }
    // Takes the refresh lock, as the answers of refreshes and logins set the cookie too. A late attempt must not end the session of a later
    // login.
    await exclusive('refresh', async () => {
      if ((await store.read()) === null) await service.logoutByCookie();
    });
  }

  async function endOnService(ended: StoredSession): Promise<boolean> {
    try {
      await retry(() => logout(ended), firstPauseMilliseconds);
      return true;
    } catch (error) {
      if (error instanceof LatchkeyError) return false;
      throw error;
    }
  }
}

/** A globally unique id of the token's session; undefined when the token is not a JWT with `sub` and `sid`. */
function sessionIdOf(accessToken: string): string | undefined {
  try {
    const payload = atob((accessToken.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'));
    const { sub, sid } = JSON.parse(payload) as { sub?: unknown; sid?: unknown };
    return typeof sub === 'string' && typeof sid === 'string' ? `${sub}/${sid}` : undefined;
  } catch {
    return undefined;
  }
}

function isInCookie({ refreshToken }: StoredSession): boolean {
  return refreshToken === IN_COOKIE;
}

/** The reason why a session ended, by the code of the refusal; undefined when it has not ended. */
function endReasonOf(code: string, refused: StoredSession): SessionEnd | undefined {
  if (code === 'invalid_refresh_token' || code === 'refresh_token_reused') return code;
  if (!isInCookie(refused)) return undefined;
  if (code === 'ended_elsewhere') return code;
  // A service on which cookies were switched off requires a body.
  return code === 'validation_failed' ? 'invalid_refresh_token' : undefined;
}

/** The tokens of an answer, with a new Idempotency-Key for the refresh token. */
function tokensOf({ access_token, refresh_token }: TokenPair) {
  return { accessToken: access_token, refreshToken: refresh_token, key: randomKey() };
}

/**
 * Random, never derived from the previous key: a thief who copies the storage once and refreshes gets another key than the
 * user, so the service can tell them apart. 128 bits; `crypto.randomUUID` does not exist on pages without https.
 */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
