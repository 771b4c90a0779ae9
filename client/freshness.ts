// How long an access token is still good, without a clock that can be trusted.

/** `fresh`: use it. `due`: use it, and refresh meanwhile. `stale`: refresh first. */
export type Freshness = 'fresh' | 'due' | 'stale';

/** As much of a stored session as is judged. */
export interface Aged {
  readonly accessToken: string;
  /** How old the access token may have been when it was stored (milliseconds). */
  readonly age: number;
}

/** A moment, by the clock that only goes forward and by the one that people set (milliseconds). */
export interface Moment {
  readonly steady: number;
  readonly wall: number;
}

/** This moment. */
export function now(): Moment {
  return { steady: performance.now(), wall: Date.now() };
}

/**
 * Milliseconds since `moment`. The steady clock of some systems stands still while the device sleeps, so the wall clock
 * counts too, but only to make a token older: set forward it costs one refresh, set back nothing.
 */
export function since(moment: Moment): number {
  const { steady, wall } = now();
  return Math.max(steady - moment.steady, wall - moment.wall);
}

// A share of the lifetime, chosen anew for each token: clients that logged in together do not refresh together.
const REFRESH_FROM = 0.6;
const REFRESH_TO = 0.8;
/** For the way to whoever checks it, and because `iat` and `exp` are whole seconds; of a short life a share. */
const MARGIN_MILLISECONDS = 2000;
const MARGIN_SHARE = 0.2;

interface Known {
  readonly accessToken: string;
  /** When it can have been issued at the earliest; undefined when nothing is known. */
  readonly issuedAfter: Moment | undefined;
  /** Of its life, counted from then (milliseconds). */
  readonly dueAfter: number;
  readonly staleAfter: number;
}

/**
 * Judges the access token of one session. `exp` and `iat` are only subtracted from each other: a device whose clock is a day
 * wrong does not see an expired token. What is left is counted from a moment of this process at which the token cannot have
 * been there yet: when its request was sent, or when the storage still held another one. A token that was in the
 * storage from the first has no such moment (a time written beside it would be a clock's word), so it is refreshed once
 * before it is used.
 */
export function createFreshness() {
  let known: Known | undefined;
  let lastRead: Moment | undefined;

  const know = (accessToken: string, issuedAfter: Moment | undefined) => {
    const lifetime = lifetimeOf(accessToken);
    known = {
      accessToken,
      issuedAfter,
      dueAfter: lifetime * (REFRESH_FROM + Math.random() * (REFRESH_TO - REFRESH_FROM)),
      staleAfter: lifetime - Math.min(MARGIN_MILLISECONDS, lifetime * MARGIN_SHARE),
    };
  };

  return {
    /** Tells what a read of the storage that began at `at` has found. */
    observe(found: Aged | null, at: Moment): void {
      // In a cookie mode another page's marker comes without a token.
      if (found !== null && found.accessToken !== '' && found.accessToken !== known?.accessToken) {
        const { age } = found;
        know(found.accessToken, lastRead && { steady: lastRead.steady - age, wall: lastRead.wall - age });
      }
      lastRead = at;
    },

    /** Tells that this process has stored a token whose request it sent at `sent`. */
    received({ accessToken }: Pick<Aged, 'accessToken'>, sent: Moment): void {
      know(accessToken, sent);
      // Whatever is found there from now on came later.
      lastRead = sent;
    },

    /** Tells that a service refused a token as invalid or expired. */
    refused(accessToken: string): void {
      if (known?.accessToken === accessToken) know(accessToken, undefined);
    },

    of({ accessToken }: Pick<Aged, 'accessToken'>): Freshness {
      if (known?.accessToken !== accessToken || known.issuedAfter === undefined) return 'stale';
      const age = since(known.issuedAfter);
      if (age >= known.staleAfter) return 'stale';
      return age >= known.dueAfter ? 'due' : 'fresh';
    },
  };
}

/** `exp - iat` in milliseconds; Infinity, so until it is refused, when the token is not a JWT that has them. */
function lifetimeOf(accessToken: string): number {
  try {
    const payload = atob((accessToken.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'));
    const { exp, iat } = JSON.parse(payload) as { exp?: unknown; iat?: unknown };
    return typeof exp === 'number' && typeof iat === 'number' ? (exp - iat) * 1000 : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
