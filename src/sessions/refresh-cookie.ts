// The refresh token of a browser's session as a cookie that no script can read, and the Idempotency-Key of its use beside it.
import { randomBytes } from 'node:crypto';
import { parse, serialize } from 'cookie';

/**
 * What `X-Refresh-Token-Mode` may say. The console has a cookie of its own: on a host where the application is served too, logging in to
 * one must not log out of the other.
 */
export const refreshTokenModes = ['cookie', 'console-cookie'] as const;
export type RefreshTokenMode = (typeof refreshTokenModes)[number];

/** `__Host-`: browsers take such a cookie only over TLS (or from localhost), for this host alone, and from no sibling domain. */
const NAMES: Readonly<Record<RefreshTokenMode, string>> = {
  cookie: '__Host-latchkey-refresh',
  'console-cookie': '__Host-latchkey-console',
};

const VALUE = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{22})$/;
const KEY_BYTES = 16;

interface Options {
  readonly sameSite: 'strict' | 'lax' | 'none';
  /** How long a refresh token lives, seconds. */
  readonly lifetime: () => number;
}

/** Reads and writes the cookie. */
export function createRefreshCookie({ sameSite, lifetime }: Options) {
  const write = (mode: RefreshTokenMode, value: string, maxAge: number) =>
    serialize(NAMES[mode], value, { path: '/', httpOnly: true, secure: true, sameSite, maxAge });

  return {
    /** What a `Cookie` header holds; undefined for none, and for one that we have not written. */
    read(header: string | undefined, mode: RefreshTokenMode): { token: string; key: string } | undefined {
      if (header === undefined) return undefined;
      const [, token, key] = VALUE.exec(parse(header)[NAMES[mode]] ?? '') ?? [];
      return token !== undefined && key !== undefined ? { token, key } : undefined;
    },

    /**
     * The `Set-Cookie` for a new refresh token. Its key is random, and stands in the cookie: all tabs send a token with its one key,
     * whatever a script has stored by then. Made anew for each answer: a thief who copied the cookie once and refreshes has another key
     * than the user, and the service tells the two apart.
     */
    set: (mode: RefreshTokenMode, token: string): string =>
      write(mode, `${token}.${randomBytes(KEY_BYTES).toString('base64url')}`, lifetime()),

    /** The `Set-Cookie` that removes it. */
    clear: (mode: RefreshTokenMode): string => write(mode, '', 0),
  };
}

export type RefreshCookie = ReturnType<typeof createRefreshCookie>;
