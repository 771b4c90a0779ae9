// The cookie that holds a browser's refresh token, which scripts cannot read, and the Idempotency-Key for its use.
import { randomBytes } from 'node:crypto';
import { parse, serialize } from 'cookie';

/**
 * The values of `X-Refresh-Token-Mode`. The console has a cookie of its own: where console and application share a host, logging in to one
 * must not log the user out of the other.
 */
export const refreshTokenModes = ['cookie', 'console-cookie'] as const;
export type RefreshTokenMode = (typeof refreshTokenModes)[number];

/**
 * The cookies, by kind. Browsers accept a `__Host-` cookie only over TLS (or from localhost) and only for this host; a sibling domain cannot
 * set it. Safari does not accept it from http://localhost, so the console has another one for pages without TLS: the default must work there.
 */
const NAMES = {
  cookie: '__Host-latchkey-refresh',
  'console-cookie': '__Host-latchkey-console',
  'console-cookie-without-tls': 'latchkey-console',
} as const;
export type CookieKind = keyof typeof NAMES;
export const cookieKinds = Object.keys(NAMES) as readonly CookieKind[];

const VALUE = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{22})$/;
const KEY_BYTES = 16;

interface Options {
  readonly sameSite: 'strict' | 'lax' | 'none';
  /** How long a refresh token lives, seconds. */
  readonly lifetime: () => number;
}

/** Parses and serializes the cookies. Those of the console are for its own origin, and end with the browser. */
export function createRefreshCookie({ sameSite, lifetime }: Options) {
  const write = (kind: CookieKind, value: string, maxAge: number | undefined) =>
    serialize(NAMES[kind], value, {
      path: '/',
      httpOnly: true,
      secure: kind !== 'console-cookie-without-tls',
      sameSite: kind === 'cookie' ? sameSite : 'strict',
      ...(maxAge !== undefined && { maxAge }),
    });

  return {
    /** The token and key in a `Cookie` header; undefined if the cookie is missing or not one that this service wrote. */
    read(header: string | undefined, kind: CookieKind): { token: string; key: string } | undefined {
      if (header === undefined) return undefined;
      const [, token, key] = VALUE.exec(parse(header)[NAMES[kind]] ?? '') ?? [];
      return token !== undefined && key !== undefined ? { token, key } : undefined;
    },

    /**
     * The `Set-Cookie` for a new refresh token. Its random key is part of the cookie, so that all tabs send a token with the same key,
     * whatever their scripts have stored. Each response has a new key: after a thief who copied the cookie has refreshed, thief and user
     * hold different keys, and the service can tell them apart.
     */
    set: (kind: CookieKind, token: string): string =>
      write(
        kind,
        `${token}.${randomBytes(KEY_BYTES).toString('base64url')}`,
        kind === 'cookie' ? lifetime() : undefined,
      ),

    /** The `Set-Cookie` that removes the cookie. */
    clear: (kind: CookieKind): string => write(kind, '', 0),
  };
}
