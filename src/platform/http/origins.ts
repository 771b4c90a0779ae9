// Matches the origins of pages, as browsers send them, against a list of exact origins and single-label wildcards.
import { createRequire } from 'node:module';

/** Schemes of apps that bundle their pages. Excludes schemes whose pages have no distinct origin, or may come from anywhere. */
const APP_SCHEME = /^(?!(?:https?|wss?|ftp|file|data|blob|filesystem|about|javascript|null):)[a-z][a-z0-9+.-]*:\/\//;
/** `capacitor://localhost`, `app://.`, `chrome-extension://<id>`. */
const APP_ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[A-Za-z0-9._-]+(?::\d{1,5})?$/;
const WILDCARD = /^(https?:\/\/)\*(\.([a-z0-9.-]+)(?::\d{1,5})?)$/;
/** One label of a domain name; browsers allow underscores. */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** Whether the text is valid in CORS_ORIGINS: an origin exactly as a browser sends it, or one with a wildcard for one label. */
export function isOriginPattern(text: string): boolean {
  const [, scheme, , domain] = WILDCARD.exec(text) ?? [];
  if (domain !== undefined) return isWebOrigin(text.replace('*', 'x')) && scheme !== undefined && hasOneOwner(domain);
  return APP_SCHEME.test(text) ? APP_ORIGIN.test(text) : isWebOrigin(text);
}

/** An origin with a path, the default port, or capital letters would never match. */
function isWebOrigin(text: string): boolean {
  return /^https?:\/\/[^*]*$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** Whether the owner of a domain also owns all its subdomains. Under `co.uk` or `github.io` anyone can register one. */
function hasOneOwner(domain: string): boolean {
  if (domain === 'localhost') return true;
  // Loaded on demand: it contains the Public Suffix List, and loading it takes a tenth of the start-up time.
  const { parse } = createRequire(import.meta.url)('tldts') as typeof import('tldts');
  const { domain: registrable, isIp } = parse(domain, { allowPrivateDomains: true });
  return registrable !== null && isIp !== true;
}

/** Matches origins against patterns that `isOriginPattern` accepts. */
export function createOrigins(patterns: readonly string[]) {
  const exact = new Set(patterns.filter((each) => !WILDCARD.test(each)));
  const wildcards = patterns.flatMap((each) => {
    const [, scheme, rest] = WILDCARD.exec(each) ?? [];
    return scheme !== undefined && rest !== undefined ? [{ scheme, rest }] : [];
  });

  return {
    /** Whether the list contains the origin literally. */
    isListed: (origin: string | undefined): boolean => origin !== undefined && exact.has(origin),

    /** Whether the origin is listed or matches a wildcard. Prefix, suffix and the label between them are compared separately. */
    includes: (origin: string | undefined): boolean =>
      origin !== undefined &&
      (exact.has(origin) ||
        wildcards.some(
          ({ scheme, rest }) =>
            origin.startsWith(scheme) &&
            origin.endsWith(rest) &&
            LABEL.test(origin.slice(scheme.length, origin.length - rest.length)),
        )),
  };
}

export type Origins = ReturnType<typeof createOrigins>;

/** Headers in which a browser identifies the page that sends a request. */
export interface RequestSource {
  readonly origin?: string | undefined;
  /** `Sec-Fetch-Site`. */
  readonly site?: string | undefined;
  /** `Host`, as sent by the browser or a proxy. */
  readonly host?: string | undefined;
}

interface OwnPages {
  /** The origin of PUBLIC_URL. */
  readonly own: string | undefined;
  readonly origins: Pick<Origins, 'isListed'>;
}

/**
 * Whether a request may use the cookie: its page must be of our own origin, or of an origin that is listed literally. Browsers send
 * `Origin` with each POST; if it is missing, `Sec-Fetch-Site: same-origin` is sufficient. Without PUBLIC_URL our origin is not known,
 * and the origin must match the host that the request was sent to.
 */
export function mayUseCookie({ origin, site, host }: RequestSource, { own, origins }: OwnPages): boolean {
  if (origin === undefined) return site === 'same-origin';
  if (origins.isListed(origin) || origin === own) return true;
  if (own !== undefined || host === undefined || (site !== undefined && site !== 'same-origin')) return false;
  return origin === `http://${host}` || origin === `https://${host}`;
}
