// latchkey/client: registers, logs in and stays logged in, in browsers and Node.
import createClient, { type Client } from 'openapi-fetch';
import { createFreshness, now } from './freshness.js';
import { exclusiveBy, type Locks, platformLocks } from './locks.js';
import { markerStorage } from './marker-storage.js';
import type { paths } from './openapi.js';
import {
  type Credentials,
  createService,
  type Fetch,
  type Profile,
  type ProfileChanges,
  type RefreshTokenMode,
  type RegisteredUser,
} from './service.js';
import { createSession } from './session.js';
import { type LatchkeyStorage, memoryStorage, type WebStorage, webStorage } from './storage.js';
import { createStore, type SessionEnd } from './store.js';

export { type FieldError, LatchkeyError } from './errors.js';
export type { Locks } from './locks.js';
export type { components, operations, paths } from './openapi.js';
export type { Credentials, Profile, ProfileChanges, RefreshTokenMode, RegisteredUser } from './service.js';
export { type LatchkeyStorage, memoryStorage, type WebStorage, webStorage } from './storage.js';
export type { SessionEnd } from './store.js';

/** Only `baseUrl` is needed. */
export interface LatchkeyClientOptions {
  /** Where the service is: an absolute URL, such as `https://auth.example.com`. */
  readonly baseUrl: string;
  /**
   * `cookie`: the browser keeps the refresh token in an `HttpOnly` cookie, where no script can read it; the service must have
   * `REFRESH_COOKIE=true`. The session then survives reloads and is shared by all tabs, and no token is stored. Where the service
   * does not do it, or the page is not served by https, the session stays in memory and ends with the page. Default: `body`.
   * `console-cookie`: a second cookie, that of the operator's console.
   */
  readonly refreshToken?: RefreshTokenMode | undefined;
  /**
   * Where the session is kept. Default: `memoryStorage()`; with `refreshToken: 'cookie'` in a browser
   * `webStorage(localStorage)`, which then holds no token.
   */
  readonly storage?: LatchkeyStorage | undefined;
  /**
   * Called once for each session that ends other than by this client's `logout` or `login`: time to show the login page.
   * Never called because of a network or a service that is away.
   */
  readonly onSessionEnd?: ((reason: SessionEnd) => void) | undefined;
  /** Origins beside the service's own that `client.fetch` sends the access token to, such as `https://api.example.com`. */
  readonly tokenOrigins?: readonly string[] | undefined;
  /** Instead of the global `fetch`. */
  readonly fetch?: Fetch | undefined;
  /** Instead of `navigator.locks`; null: none. Used with a storage that has a name. */
  readonly locks?: Locks | null | undefined;
  /** How long one try may take until its answer is there. Default: 10,000. */
  readonly timeoutMilliseconds?: number | undefined;
  /** The pause before the second try; it doubles with each. Default: 500. */
  readonly firstPauseMilliseconds?: number | undefined;
}

/** What the client does with refresh tokens it does itself; register has a method of its own. */
type ApiPaths = Omit<paths, '/api/register/' | '/api/login/' | '/api/refresh/' | '/api/logout/'>;

/** A client for one user at a time. Its methods reject with a LatchkeyError; `fetch` and `api` also as `fetch` does. */
export function createLatchkeyClient({
  baseUrl,
  refreshToken = 'body',
  storage: given = refreshToken === 'body' ? memoryStorage() : platformStorage(),
  onSessionEnd = () => {},
  tokenOrigins = [],
  fetch: send = (request) => globalThis.fetch(request),
  locks = platformLocks() ?? null,
  timeoutMilliseconds = 10_000,
  firstPauseMilliseconds = 500,
}: LatchkeyClientOptions) {
  // Browsers take the cookie over https only, or from localhost.
  const { isSecureContext = true } = globalThis as { isSecureContext?: boolean };
  const mode = isSecureContext ? refreshToken : 'body';
  const storage = refreshToken === 'body' ? given : markerStorage(given);
  const exclusive = exclusiveBy(locks ?? undefined, storage.name, timeoutMilliseconds);
  const freshness = createFreshness();
  const store = createStore({ storage, exclusive, freshness, onSessionEnd });
  const service = createService({ baseUrl, fetch: send, timeoutMilliseconds, mode });
  const session = createSession({
    service,
    store,
    freshness,
    exclusive,
    firstPauseMilliseconds,
    usesCookie: mode !== 'body',
  });
  const origins = new Set([baseUrl, ...tokenOrigins].map((each) => new URL(each).origin));

  /** Sends a request with the access token; once more with a new one when that is refused. */
  async function authorizedFetch(input: Request | string | URL, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    // To no other origin, whatever the caller asks for. Redirects to another one lose the header (Fetch, section 4.4).
    if (!origins.has(new URL(request.url).origin) || request.headers.has('authorization')) return send(request);
    if ((await store.read()) === null) return send(request);
    const again = request.clone();
    const token = await session.accessToken();
    const response = await send(withToken(request, token));
    // RFC 6750 section 3.1. Refused before anything was done: safe to repeat, whatever the method.
    if (response.status !== 401 || !/error="?invalid_token/.test(response.headers.get('www-authenticate') ?? '')) {
      return response;
    }
    await response.body?.cancel();
    freshness.refused(token);
    return send(withToken(again, await session.accessToken()));
  }

  const api = createClient<paths>({ baseUrl, fetch: authorizedFetch });

  return {
    /** Makes an account; it does not log in. Not repeated by itself: a second try would answer `email_taken`. */
    register: (account: Credentials): Promise<RegisteredUser> => service.register(account),

    /** Begins a session, in the place of the one that is here. Not repeated by itself: each try begins a session. */
    async login(credentials: Credentials): Promise<void> {
      await session.logIn(async () => {
        const sent = now();
        await session.begin(await service.login(credentials), sent);
      });
    },

    /**
     * Ends the session. Here it has ended at once, whatever the network does; `revoked` is false when the service could not
     * be told, so that its refresh token stays good there until it expires.
     */
    logout: async (): Promise<{ revoked: boolean }> => ({ revoked: await session.end() }),

    /** The account, as it is now. */
    async me(): Promise<Profile> {
      await session.accessToken();
      return service.call((signal) => api.GET('/api/me/', { signal }));
    },

    /** Changes the account; what is left out stays as it is. */
    async updateMe(changes: ProfileChanges): Promise<Profile> {
      await session.accessToken();
      return service.call((signal) => api.PUT('/api/me/', { body: changes, signal }));
    },

    /** An access token for calls to other services, refreshed when it is due. Ask for it each time; do not keep it. */
    getAccessToken: (): Promise<string> => session.accessToken(),

    /**
     * Like `fetch`, with the access token for the service and `tokenOrigins`, and without for everybody else. Repeats a
     * request once whose token was refused (`WWW-Authenticate: Bearer error="invalid_token"`).
     */
    fetch: authorizedFetch,

    /** Every other operation, typed (openapi-fetch), with the access token when there is a session. */
    api: api as Client<ApiPaths>,
  };
}

export type LatchkeyClient = ReturnType<typeof createLatchkeyClient>;

/** `localStorage`; where there is none, memory. */
function platformStorage(): LatchkeyStorage {
  const { localStorage } = globalThis as { localStorage?: WebStorage };
  return localStorage === undefined ? memoryStorage() : webStorage(localStorage);
}

function withToken(request: Request, accessToken: string): Request {
  request.headers.set('authorization', `Bearer ${accessToken}`);
  return request;
}
