// Decides when to refresh an access token, without trusting the device's clock.

/** `fresh`: use the token. `due`: use it, and refresh in the background. `stale`: refresh before use. */
export type Freshness = 'fresh' | 'due' | 'stale';

/** The part of a stored session that decides its freshness. */
export interface AgedToken {
  readonly accessToken: string;
  /** The greatest age that the access token can have had when it was stored (milliseconds). */
  readonly age: number;
}

/** A point in time on two clocks: the monotonic one, and the wall clock that users can set (milliseconds). */
export interface Moment {
  readonly steady: number;
  readonly wall: number;
}

/** The current time on both clocks. */
export function now(): Moment {
  return { steady: performance.now(), wall: Date.now() };
}

/**
 * Milliseconds since `moment`. On some systems the monotonic clock stops while the device sleeps, so the wall clock counts
 * too, but it can only make a token older: setting it forward costs one refresh, setting it back costs nothing.
 */
export function since(moment: Moment): number {
  const { steady, wall } = now();
  return Math.max(steady - moment.steady, wall - moment.wall);
}

// A fraction of the lifetime, random for each token, so that clients that logged in together do not refresh together.
const REFRESH_FROM = 0.6;
const REFRESH_TO = 0.8;
/** Covers the way to the verifier, and `iat` and `exp` being whole seconds. A short lifetime has a proportional margin. */
const MARGIN_MILLISECONDS = 2000;
const MARGIN_SHARE = 0.2;

interface TrackedToken {
  readonly accessToken: string;
  /** The earliest time at which it can have been issued; undefined when nothing is tracked. */
  readonly issuedAfter: Moment | undefined;
  /** Milliseconds after `issuedAfter`. */
  readonly dueAfter: number;
  readonly staleAfter: number;
}

/**
 * Tracks the access token of one session. `exp` and `iat` are only subtracted from each other, so a device whose clock is a
 * day wrong does not see an expired token. The lifetime is counted from a moment of this process at which the token cannot
 * have existed yet: when its request was sent, or when the storage still held another token. A token that was in the storage
 * from the start has no such moment (a stored time would depend on a clock), so it is refreshed once before use.
 */
export function createFreshness() {
  let tracked: TrackedToken | undefined;
  let lastRead: Moment | undefined;

  const track = (accessToken: string, issuedAfter: Moment | undefined) => {
    const lifetime = lifetimeOf(accessToken);
    tracked = {
      accessToken,
      issuedAfter,
      dueAfter: lifetime * (REFRESH_FROM + Math.random() * (REFRESH_TO - REFRESH_FROM)),
      staleAfter: lifetime - Math.min(MARGIN_MILLISECONDS, lifetime * MARGIN_SHARE),
    };
  };

  return {
    /** Records what a read of the storage that began at `at` found. */
    observe(found: AgedToken | null, at: Moment): void {
      // In cookie mode, a marker written by another page has no token.
      if (found !== null && found.accessToken !== '' && found.accessToken !== tracked?.accessToken) {
        const { age } = found;
        track(found.accessToken, lastRead && { steady: lastRead.steady - age, wall: lastRead.wall - age });
      }
      lastRead = at;
    },

    /** Records that this process stored a token that it requested at `sent`. */
    received({ accessToken }: Pick<AgedToken, 'accessToken'>, sent: Moment): void {
      track(accessToken, sent);
      // Any other token found in the storage from now on is newer.
      lastRead = sent;
    },

    /** Records that a service rejected the token as invalid or expired. */
    refused(accessToken: string): void {
      if (tracked?.accessToken === accessToken) track(accessToken, undefined);
    },

    of({ accessToken }: Pick<AgedToken, 'accessToken'>): Freshness {
      if (tracked?.accessToken !== accessToken || tracked.issuedAfter === undefined) return 'stale';
      const age = since(tracked.issuedAfter);
      if (age >= tracked.staleAfter) return 'stale';
      return age >= tracked.dueAfter ? 'due' : 'fresh';
    },
  };
}

/** `exp - iat` in milliseconds. Infinity when the token is not a JWT with both: it is then used until it is rejected. */
function lifetimeOf(accessToken: string): number {
  try {
    const payload = atob((accessToken.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'));
    const { exp, iat } = JSON.parse(payload) as { exp?: unknown; iat?: unknown };
    return typeof exp === 'number' && typeof iat === 'number' ? (exp - iat) * 1000 : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
