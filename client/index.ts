// The package `latchkey/client`: registers users, logs in and keeps the session alive, in browsers and in Node.
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
  type SecondFactorProof,
  type SignInProof,
  type SignInRequest,
} from './service.js';
import { createSession } from './session.js';
import { createSessionStore, type SessionEnd } from './session-store.js';
import { type LatchkeyStorage, memoryStorage, type WebStorage, webStorage } from './storage.js';

export { type FieldError, LatchkeyError, type SecondFactorChallenge } from './errors.js';
export type { Locks } from './locks.js';
export type { components, operations, paths } from './openapi.js';
export type {
  Credentials,
  Profile,
  ProfileChanges,
  RefreshTokenMode,
  RegisteredUser,
  SecondFactorProof,
  SignInProof,
  SignInRequest,
} from './service.js';
export type { SessionEnd } from './session-store.js';
export { type LatchkeyStorage, memoryStorage, type WebStorage, webStorage } from './storage.js';

/** Only `baseUrl` is required. */
export interface LatchkeyClientOptions {
  /** The URL of the service, absolute, such as `https://auth.example.com`. */
  readonly baseUrl: string;
  /**
   * Where the refresh token is kept. Default: `body`, in `storage`.
   * `cookie`: in an `HttpOnly` cookie, which no script can read; the service needs `REFRESH_COOKIE=true`. The session survives
   * reloads, all tabs share it, and no token is stored. If the service does not set the cookie, or the page is not served over
   * https, the session stays in memory and ends with the page.
   * `console-cookie`: the same with another cookie, the one of the operator's console.
   */
  readonly refreshToken?: RefreshTokenMode | undefined;
  /**
   * Where the session is stored. Default: `memoryStorage()`; with `refreshToken: 'cookie'` in a browser
   * `webStorage(localStorage)`, which then contains no token.
   */
  readonly storage?: LatchkeyStorage | undefined;
  /**
   * Called once for each session that ends other than by this client's `logout` or `login`; show the login page then.
   * Never called because the network or the service is unavailable.
   */
  readonly onSessionEnd?: ((reason: SessionEnd) => void) | undefined;
  /** Other origins to which `client.fetch` sends the access token, such as `https://api.example.com`. */
  readonly tokenOrigins?: readonly string[] | undefined;
  /** Replaces the global `fetch`. */
  readonly fetch?: Fetch | undefined;
  /** Replaces `navigator.locks`; null: no locks. Used only with a storage that has a name. */
  readonly locks?: Locks | null | undefined;
  /** The time limit of one attempt, including the body of the answer. Default: 10,000. */
  readonly timeoutMilliseconds?: number | undefined;
  /** The pause before the second attempt; it doubles with each further one. Default: 500. */
  readonly firstPauseMilliseconds?: number | undefined;
}

/** The operations of `client.api`. The client handles refresh tokens itself, and `register` is a method of its own. */
type ApiPaths = Omit<
  paths,
  | '/api/register/'
  | '/api/login/'
  | '/api/login/email/verify/'
  | '/api/login/second-factor/'
  | '/api/refresh/'
  | '/api/logout/'
>;

/** Creates a client for one user at a time. Its methods reject with a LatchkeyError; `fetch` and `api` can also reject as `fetch` does. */
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
  // Browsers accept the cookie only over https or from localhost.
  const { isSecureContext = true } = globalThis as { isSecureContext?: boolean };
  const mode = isSecureContext ? refreshToken : 'body';
  const storage = refreshToken === 'body' ? given : markerStorage(given);
  const exclusive = exclusiveBy(locks ?? undefined, storage.name, timeoutMilliseconds);
  const freshness = createFreshness();
  const store = createSessionStore({ storage, exclusive, freshness, onSessionEnd });
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

  /** Sends a request with the access token; if the token is rejected, sends it again once with a new one. */
  async function authorizedFetch(input: Request | string | URL, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    // The token goes to no other origin, whatever the caller asks for. On a cross-origin redirect, fetch drops the header (Fetch, section 4.4).
    if (!origins.has(new URL(request.url).origin) || request.headers.has('authorization')) return send(request);
    if ((await store.read()) === null) return send(request);
    const again = request.clone();
    const token = await session.accessToken();
    const response = await send(withToken(request, token));
    // RFC 6750 section 3.1. The request was rejected before it took effect, so every method is safe to repeat.
    if (response.status !== 401 || !/error="?invalid_token/.test(response.headers.get('www-authenticate') ?? '')) {
      return response;
    }
    await response.body?.cancel();
    freshness.refused(token);
    return send(withToken(again, await session.accessToken()));
  }

  const api = createClient<paths>({ baseUrl, fetch: authorizedFetch });

  return {
    /** Creates an account, without logging in. Never retried automatically: a second attempt could answer `email_taken`. */
    register: (account: Credentials): Promise<RegisteredUser> => service.register(account),

    /**
     * Logs in, replacing the current session if there is one. Never retried automatically: each attempt starts a session. For an account with a
     * second factor it rejects with `second_factor_required`; pass the `challenge` of the error's `secondFactor` to `completeLogin`.
     */
    async login(credentials: Credentials): Promise<void> {
      await session.logIn(async () => {
        const sent = now();
        await session.begin(await service.login(credentials), sent);
      });
    },

    /**
     * Completes a login that was rejected with `second_factor_required`: with its `challenge`, and a `code` of the user's authenticator app or a
     * `recovery_code`. Never retried automatically: a code works once.
     */
    async completeLogin(proof: SecondFactorProof): Promise<void> {
      await session.logIn(async () => {
        const sent = now();
        await session.begin(await service.completeLogin(proof), sent);
      });
    },

    /**
     * Sends a mail to sign in with, if the address belongs to an account; the answer is the same if it does not. Keep `sign_in_token` on this
     * device, for `signIn`. Never retried automatically: each attempt can send a mail.
     */
    requestSignIn: (email: string): Promise<SignInRequest> => service.requestSignIn(email),

    /**
     * Logs in with the code of a mail and the `sign_in_token` of this device, or with the `token` of a link. Never retried automatically: a
     * link works once.
     */
    async signIn(proof: SignInProof): Promise<void> {
      await session.logIn(async () => {
        const sent = now();
        await session.begin(await service.signIn(proof), sent);
      });
    },

    /**
     * Ends the session. In this client it ends immediately, whatever the network does. `revoked` is false when the service could
     * not be reached: the refresh token then stays valid until it expires.
     */
    logout: async (): Promise<{ revoked: boolean }> => ({ revoked: await session.end() }),

    /** Reads the account of the user. */
    async me(): Promise<Profile> {
      await session.accessToken();
      return service.call((signal) => api.GET('/api/me/', { signal }));
    },

    /** Changes the account; omitted fields keep their values. */
    async updateMe(changes: ProfileChanges): Promise<Profile> {
      await session.accessToken();
      return service.call((signal) => api.PUT('/api/me/', { body: changes, signal }));
    },

    /** Returns an access token for calls to other services, refreshed when necessary. Call it each time; do not store the token. */
    getAccessToken: (): Promise<string> => session.accessToken(),

    /**
     * Like `fetch`, but adds the access token to requests to the service and to `tokenOrigins`, and to no others. If the token is
     * rejected (`WWW-Authenticate: Bearer error="invalid_token"`), the request is sent again once with a new token.
     */
    fetch: authorizedFetch,

    /** All other operations, typed (openapi-fetch), with the access token when there is a session. */
    api: api as Client<ApiPaths>,
  };
}

export type LatchkeyClient = ReturnType<typeof createLatchkeyClient>;

/** `localStorage`, or memory where there is none. */
function platformStorage(): LatchkeyStorage {
  const { localStorage } = globalThis as { localStorage?: WebStorage };
  return localStorage === undefined ? memoryStorage() : webStorage(localStorage);
}

function withToken(request: Request, accessToken: string): Request {
  request.headers.set('authorization', `Bearer ${accessToken}`);
  return request;
}
