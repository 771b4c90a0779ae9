// Keeps the user of the page authorized: takes over the tokens of a login, refreshes them when they have expired, and forgets them at
// logout.
import type { IncomingResponse, OutgoingRequest } from './swagger-ui.js';

/** The tokens of one session. A token that was pasted into the page has neither a refresh token nor a key. */
interface Session {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** The Idempotency-Key of every attempt to use the refresh token. */
  readonly key?: string;
  /** Time in milliseconds at which the tokens were received, by the clock of this device. */
  readonly receivedAt: number;
}

/** The part of `sessionStorage` that is used. */
interface Storage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

interface Dependencies {
  /** The URL of the service, with a slash at its end. */
  readonly serviceUrl: string;
  /** Where the tokens survive a reload; undefined: nowhere. */
  readonly storage: Storage | undefined;
  /** Called with the token that the page sends from now on; null: none. */
  readonly onChange: (accessToken: string | null) => void;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly now: () => number;
}

const STORAGE_KEY = 'latchkey-docs';
/** A token is refreshed this long before it expires, so that it is valid when it arrives. */
const MARGIN_MILLISECONDS = 2000;
/** Their success ends the session, whose tokens are of no use then. */
const ENDS_SESSION = /\/api\/(logout|logout\/all|me)\/?$/;

export function createAuthorization({ serviceUrl, storage, onChange, fetch, now }: Dependencies) {
  let session = read(storage);
  let refreshing: Promise<void> | undefined;
  /** The requests that end this session if they succeed, by URL. */
  const ending = new Set<string>();

  function become(next: Session | null): void {
    if (next?.accessToken === session?.accessToken) return;
    session = next;
    if (next === null) storage?.removeItem(STORAGE_KEY);
    else storage?.setItem(STORAGE_KEY, JSON.stringify(next));
    onChange(next?.accessToken ?? null);
  }

  function receive(pair: { access_token?: unknown; refresh_token?: unknown }): void {
    const { access_token: accessToken, refresh_token: refreshToken } = pair;
    if (typeof accessToken !== 'string') return;
    const receivedAt = now();
    if (typeof refreshToken === 'string') become({ accessToken, refreshToken, key: randomKey(), receivedAt });
    // A step-up answers with an access token, and leaves the refresh token as it is.
    else if (session !== null && isOfSession(accessToken, session)) become({ ...session, accessToken, receivedAt });
    else become({ accessToken, receivedAt });
  }

  /** Resolves in any case: without a new token the request is sent with the old one, and its answer says what is wrong. */
  async function refresh({ refreshToken, key }: Session): Promise<void> {
    if (refreshToken === undefined || key === undefined) return;
    try {
      const response = await fetch(new URL('api/refresh/', serviceUrl).href, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ refresh_token: refreshToken }),
      });
      if (response.ok) receive((await response.json()) as object);
      else if (response.status === 401) become(null);
    } catch {
      // The network is not available.
    }
  }

  return {
    /** The token that was kept over a reload. */
    current: (): string | null => session?.accessToken ?? null,

    /** A token that the user has pasted, or null after the button that removes it. */
    set(accessToken: string | null): void {
      become(accessToken === null ? null : { accessToken, receivedAt: now() });
    },

    /** To be called before a request is sent: brings its tokens up to date. */
    async prepare(request: OutgoingRequest): Promise<OutgoingRequest> {
      if (request.loadSpec || session === null) return request;
      const header = `Bearer ${session.accessToken}`;
      if (request.headers.Authorization === header && isOver(session, now())) {
        refreshing ??= refresh(session).finally(() => {
          refreshing = undefined;
        });
        await refreshing;
        if (session === null) delete request.headers.Authorization;
        else request.headers.Authorization = `Bearer ${session.accessToken}`;
      }
      const sent = parsed(request.body);
      const { pathname } = new URL(request.url);
      if (sent?.refresh_token === EXAMPLE_TOKEN && session?.refreshToken !== undefined) {
        request.body = JSON.stringify({ ...sent, refresh_token: session.refreshToken });
      }
      const isOwn =
        sent === undefined ||
        sent.refresh_token === undefined ||
        parsed(request.body)?.refresh_token === session?.refreshToken;
      if (ENDS_SESSION.test(pathname) && request.method !== 'GET' && request.method !== 'PUT' && isOwn)
        ending.add(request.url);
      return request;
    },

    /** To be called with every response. */
    observe(response: IncomingResponse): void {
      const ended = ending.delete(response.url);
      if (response.status < 200 || response.status > 299) return;
      if (ended) become(null);
      else receive(parsed(response.text) ?? {});
    },
  };
}

/** The refresh token in the examples of the document. The page sends that of the session in its place. */
const EXAMPLE_TOKEN = 'e7631c0b-926b-4d3e-a85f-dc725aa5d6c9';

/** Whether the access token has expired. Its lifetime counts from when it was received, because clocks differ. */
function isOver({ accessToken, receivedAt }: Session, time: number): boolean {
  try {
    const { iat = 0, exp = Number.NaN } = claimsOf(accessToken);
    return time - receivedAt > (exp - iat) * 1000 - MARGIN_MILLISECONDS;
  } catch {
    return false;
  }
}

function isOfSession(accessToken: string, session: Session): boolean {
  try {
    const [one, other] = [claimsOf(accessToken), claimsOf(session.accessToken)];
    return one.sid !== undefined && one.sid === other.sid && one.sub === other.sub;
  } catch {
    return false;
  }
}

/** Throws for a text that is no JWT. */
function claimsOf(accessToken: string): { sub?: string; sid?: string; iat?: number; exp?: number } {
  const [, claims = ''] = accessToken.split('.');
  return JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')));
}

function read(storage: Storage | undefined): Session | null {
  const kept = parsed(storage?.getItem(STORAGE_KEY));
  return typeof kept?.accessToken === 'string' && typeof kept.receivedAt === 'number' ? (kept as never) : null;
}

function parsed(text: unknown): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(String(text));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** crypto.randomUUID exists only on pages with https or on localhost. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
