// The cookie that holds a browser's refresh token, which scripts cannot read, and the Idempotency-Key for its use.
import { randomBytes } from 'node:crypto';
import { parse, serialize } from 'cookie';

/**
 * The values of `X-Refresh-Token-Mode`. The console has a cookie of its own: where console and application share a host, logging in to one
 * must not log the user out of the other.
 */
export const refreshTokenModes = ['cookie', 'console-cookie'] as const;
export type RefreshTokenMode = (typeof refreshTokenModes)[number];

/** Browsers accept a `__Host-` cookie only over TLS (or from localhost) and only for this host; a sibling domain cannot set it. */
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

/** Parses and serializes the cookie. */
export function createRefreshCookie({ sameSite, lifetime }: Options) {
  const write = (mode: RefreshTokenMode, value: string, maxAge: number) =>
    serialize(NAMES[mode], value, { path: '/', httpOnly: true, secure: true, sameSite, maxAge });

  return {
    /** The token and key in a `Cookie` header; undefined if the cookie is missing or not one that this service wrote. */
    read(header: string | undefined, mode: RefreshTokenMode): { token: string; key: string } | undefined {
      if (header === undefined) return undefined;
      const [, token, key] = VALUE.exec(parse(header)[NAMES[mode]] ?? '') ?? [];
      return token !== undefined && key !== undefined ? { token, key } : undefined;
    },

    /**
     * The `Set-Cookie` for a new refresh token. Its random key is part of the cookie, so that all tabs send a token with the same key,
     * whatever their scripts have stored. Each response has a new key: after a thief who copied the cookie has refreshed, thief and user
     * hold different keys, and the service can tell them apart.
     */
    set: (mode: RefreshTokenMode, token: string): string =>
      write(mode, `${token}.${randomBytes(KEY_BYTES).toString('base64url')}`, lifetime()),

    /** The `Set-Cookie` that removes the cookie. */
    clear: (mode: RefreshTokenMode): string => write(mode, '', 0),
  };
}
