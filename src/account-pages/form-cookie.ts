// Binds the form of a page to the browser that got it, for browsers that do not say which site sends a form (`Sec-Fetch-Site`). A page of
// another site could otherwise sign its visitors in to an account of its own (login CSRF). `Origin` does not help: a page with
// `Referrer-Policy: no-referrer` sends `Origin: null` with its own forms too.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { parse, serialize } from 'cookie';

/** Other sites, also sibling domains, cannot set a `__Host-` cookie. */
const NAME = '__Host-latchkey-form';
const KEY_BYTES = 32;
const KEY = /^[A-Za-z0-9_-]{43}$/;
/** Seconds: a form that is open for longer is refused, and has to be opened again. */
const LIFETIME = 3600;

/** The key in a `Cookie` header; undefined if the browser has none. */
function read(header: string | undefined): string | undefined {
  const key = header === undefined ? undefined : parse(header)[NAME];
  return key !== undefined && KEY.test(key) ? key : undefined;
}

export const formCookie = {
  /** The key of a browser, which its forms contain: the one that it has, so that several open pages work, or a new one. */
  keyFor: (header: string | undefined): string => read(header) ?? randomBytes(KEY_BYTES).toString('base64url'),

  /** The `Set-Cookie` for a key. */
  set: (key: string): string =>
    serialize(NAME, key, { path: '/', httpOnly: true, secure: true, sameSite: 'strict', maxAge: LIFETIME }),

  /** Whether the browser that sends a form with this key has got it from this service. */
  matches(header: string | undefined, key: unknown): boolean {
    const own = read(header);
    if (own === undefined || typeof key !== 'string' || !KEY.test(key)) return false;
    return timingSafeEqual(Buffer.from(own), Buffer.from(key));
  },
};
