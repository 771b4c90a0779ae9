// Origins of pages, as browsers send them: which a list means, exactly or by a wildcard for one label.
import { createRequire } from 'node:module';

/** Schemes of apps that bring their own pages. Not those whose pages have no origin of their own, or come from anybody. */
const APP_SCHEME = /^(?!(?:https?|wss?|ftp|file|data|blob|filesystem|about|javascript|null):)[a-z][a-z0-9+.-]*:\/\//;
/** `capacitor://localhost`, `app://.`, `chrome-extension://<id>`. */
const APP_ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[A-Za-z0-9._-]+(?::\d{1,5})?$/;
const WILDCARD = /^(https?:\/\/)\*(\.([a-z0-9.-]+)(?::\d{1,5})?)$/;
/** One label of a name, an underscore included, which browsers take. */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** Whether CORS_ORIGINS may hold it: an origin exactly as a browser sends it, or a wildcard for one label of a name. */
export function isOriginPattern(text: string): boolean {
  const [, scheme, , domain] = WILDCARD.exec(text) ?? [];
  if (domain !== undefined) return isWebOrigin(text.replace('*', 'x')) && scheme !== undefined && isOneOwners(domain);
  return APP_SCHEME.test(text) ? APP_ORIGIN.test(text) : isWebOrigin(text);
}

/** No path, no standard port, no capital letters: anything else would never match. */
function isWebOrigin(text: string): boolean {
  return /^https?:\/\/[^*]*$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** Whether all names below a domain belong to whoever owns it. Below `co.uk` or `github.io` anybody can have one. */
function isOneOwners(domain: string): boolean {
  if (domain === 'localhost') return true;
  // Loaded when it is needed only: it holds the Public Suffix List, and takes a tenth of a start.
  const { parse } = createRequire(import.meta.url)('tldts') as typeof import('tldts');
  const { domain: registrable, isIp } = parse(domain, { allowPrivateDomains: true });
  return registrable !== null && isIp !== true;
}

/** Tells origins of a list of patterns that `isOriginPattern` accepts. */
export function createOrigins(patterns: readonly string[]) {
  const exact = new Set(patterns.filter((each) => !WILDCARD.test(each)));
  const wildcards = patterns.flatMap((each) => {
    const [, scheme, rest] = WILDCARD.exec(each) ?? [];
    return scheme !== undefined && rest !== undefined ? [{ scheme, rest }] : [];
  });

  return {
    /** Whether the origin stands on the list word for word. */
    isListed: (origin: string | undefined): boolean => origin !== undefined && exact.has(origin),

    /** Whether it is listed, or is one label in the place of a `*`. Compared from both ends, so that nothing can stand between. */
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

/** What a browser says of the page that a request comes from. */
export interface RequestSource {
  readonly origin?: string | undefined;
  /** `Sec-Fetch-Site`. */
  readonly site?: string | undefined;
  /** `Host`, as the browser has sent it, or a proxy. */
  readonly host?: string | undefined;
}

interface OwnPages {
  /** The origin of PUBLIC_URL. */
  readonly own: string | undefined;
  readonly origins: Pick<Origins, 'isListed'>;
}

/**
 * Whether a cookie may vouch for a request: one of our own origin, or of an origin that is listed word for word. Browsers send `Origin`
 * with each POST; where it is missing their word that the page is ours is enough, and without either no page of ours has asked. Without PUBLIC_URL our
 * origin is not known: then the page must be of the host that the request was sent to.
 */
export function mayUseCookie({ origin, site, host }: RequestSource, { own, origins }: OwnPages): boolean {
  if (origin === undefined) return site === 'same-origin';
  if (origins.isListed(origin) || origin === own) return true;
  if (own !== undefined || host === undefined || (site !== undefined && site !== 'same-origin')) return false;
  return origin === `http://${host}` || origin === `https://${host}`;
}
