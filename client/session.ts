// One session: begun by a login, carried on by refreshing it one at a time, ended by logout or by the service.
import { LatchkeyError, signedOut } from './errors.js';
import { type createFreshness, now, since } from './freshness.js';
import type { Exclusive } from './locks.js';
import { type createService, IN_COOKIE, persist, type TokenPair } from './service.js';
import type { SessionEnd, Store, StoredSession } from './store.js';

interface Dependencies {
  readonly service: ReturnType<typeof createService>;
  readonly store: Store;
  readonly freshness: ReturnType<typeof createFreshness>;
  readonly exclusive: Exclusive;
  readonly firstPauseMilliseconds: number;
  /** Whether refresh tokens are in a cookie, where the service does that. */
  readonly usesCookie: boolean;
}

/** The rules of docs/client.md. */
export function createSession({
  service,
  store,
  freshness,
  exclusive,
  firstPauseMilliseconds,
  usesCookie,
}: Dependencies) {
  let refreshing: Promise<string> | undefined;

  /** An access token that is good; rejects with `signed_out`, with why the session is over, or `unavailable`. */
  async function accessToken(): Promise<string> {
    const stored = await store.read();
    if (stored === null) throw signedOut();
    const state = freshness.of(stored);
    if (state === 'fresh') return stored.accessToken;
    refreshing ??= persist(() => exclusive('refresh', refresh), firstPauseMilliseconds).finally(() => {
      refreshing = undefined;
    });
    if (state === 'stale') return refreshing;
    // The token at hand is good: if the next one cannot be had now, a later call will find out.
    refreshing.catch(() => {});
    return stored.accessToken;
  }

  /** One try to refresh, unless somebody else has meanwhile: then theirs is the token. */
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
      if (await isMovedOn(stored, error)) return refresh();
      throw error;
    }
    const next: StoredSession = {
      ...tokensOf(pair),
      session: stored.session,
      generation: stored.generation + 1,
      age: since(sent),
    };
    // Not over a logout, another login, or somebody who is further: the same try may have been made by two.
    const kept = await store.update((current) =>
      current?.session === next.session && current.generation < next.generation ? next : undefined,
    );
    if (kept !== next) return refresh();
    freshness.received(next, sent);
    return next.accessToken;
  }

  /** The cookie is one for all: when somebody else has logged in on this host by now, it is theirs, and not to be taken for ours. */
  async function refreshByCookie(stored: StoredSession): Promise<TokenPair> {
    const pair = await service.refreshByCookie();
    if (sessionIdOf(pair.access_token) !== stored.session)
      throw new LatchkeyError('ended_elsewhere', 'Somebody else has logged in.');
    return pair;
  }

  /** After a refusal: whether the storage holds something else now. If it holds the refused token, and that is over, clears it. */
  async function isMovedOn(refused: StoredSession, error: unknown): Promise<boolean> {
    if (!(error instanceof LatchkeyError)) return false;
    const { code } = error;
    const end = endOf(code, refused);
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

    /** Logs in by `work`: with a cookie in line with everybody else whose answers set it. */
    logIn: (work: () => Promise<void>): Promise<void> => (usesCookie ? exclusive('refresh', work) : work()),

    /** Begins a session in the place of the one that is here. */
    async begin(pair: TokenPair, sent: ReturnType<typeof now>): Promise<void> {
      const next: StoredSession = {
        ...tokensOf(pair),
        // In a cookie mode the name of the session tells its cookie from that of somebody else.
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
      // The service itself ends the session of a cookie that a login replaces.
      if (replaced !== null && !isInCookie(replaced)) void endOnService(replaced);
    },

    /** Forgets the session at once, then tells the service; false when that could not be reached. */
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
    // In line with refreshes and logins of all tabs: their answers set the cookie too. A late try must not end what a login has begun since.
    await exclusive('refresh', async () => {
      if ((await store.read()) === null) await service.logoutByCookie();
    });
  }

  async function endOnService(ended: StoredSession): Promise<boolean> {
    try {
      await persist(() => logout(ended), firstPauseMilliseconds);
      return true;
    } catch (error) {
      if (error instanceof LatchkeyError) return false;
      throw error;
    }
  }
}

/** The session that an access token belongs to, among those of all users; undefined when it is not a JWT that says so. */
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

/** Why a session is over for the code of a refusal; undefined when it is not. */
function endOf(code: string, refused: StoredSession): SessionEnd | undefined {
  if (code === 'invalid_refresh_token' || code === 'refresh_token_reused') return code;
  if (!isInCookie(refused)) return undefined;
  if (code === 'ended_elsewhere') return code;
  // A service that takes no cookie any more asks for a body.
  return code === 'validation_failed' ? 'invalid_refresh_token' : undefined;
}

/** The tokens of an answer, and the key that belongs to the refresh token from now on. */
function tokensOf({ access_token, refresh_token }: TokenPair) {
  return { accessToken: access_token, refreshToken: refresh_token, key: randomKey() };
}

/**
 * Random and not derived from what came before: whoever copies the storage once and refreshes has another key than
 * the user, and the service tells the two apart. 128 bits; `crypto.randomUUID` is missing on pages without https.
 */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
