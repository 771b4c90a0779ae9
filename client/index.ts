// The package `latchkey-client`: registers users, logs in and keeps the session alive, in browsers and in Node.
import createClient, { type Client } from 'openapi-fetch';
import { createFreshness, now } from './freshness.js';
import { exclusiveBy, type Locks, platformLocks } from './locks.js';
import { markerStorage } from './marker-storage.js';
import type { paths } from './openapi.js';
import { createPasskeys } from './passkeys.js';
import {
  type Account,
  type AccountExport,
  type Credentials,
  createService,
  type Factor,
  type FactorList,
  type Fetch,
  type PasskeyAssertion,
  type PasswordChange,
  type Profile,
  type ProfileChanges,
  type RefreshTokenMode,
  type RegisteredUser,
  type SecondFactorProof,
  type Session,
  type SignInProof,
  type SignInRequest,
  type StepUpProof,
  type TotpEnrolment,
} from './service.js';
import { createSession } from './session.js';
import { createSessionStore, type SessionChange, type SessionEnd } from './session-store.js';
import { type LatchkeyStorage, memoryStorage, type WebStorage, webStorage } from './storage.js';

export { errorTexts, textOf } from './error-texts.js';
export { type FieldError, LatchkeyError, type SecondFactorChallenge, type StepUpRequest } from './errors.js';
export type { Locks } from './locks.js';
export type { components, operations, paths } from './openapi.js';
export type { PasskeyErrorCode } from './passkeys.js';
export type {
  Account,
  AccountExport,
  Credentials,
  Factor,
  FactorList,
  PasswordChange,
  Profile,
  ProfileChanges,
  RefreshTokenMode,
  RegisteredUser,
  SecondFactorProof,
  Session,
  SignInProof,
  SignInRequest,
  StepUpProof,
  TotpEnrolment,
} from './service.js';
export type { SessionChange, SessionEnd } from './session-store.js';
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
  | '/api/login/passkey/'
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
  const passkeys = createPasskeys({ service, store, firstPauseMilliseconds });
  const origins = new Set([baseUrl, ...tokenOrigins].map((each) => new URL(each).origin));

  /** Sends a request with the access token if `takesToken`; if the token is rejected, sends it again once with a new one. */
  async function sendAuthorized(
    request: Request,
    takesToken: boolean,
    isRejected: (response: Response, token: string) => boolean,
    onRenewal: (token: string) => void = () => {},
  ): Promise<Response> {
    // The token goes to no other origin, whatever the caller asks for. On a cross-origin redirect, fetch drops the header (Fetch, section 4.4).
    if (!takesToken || request.headers.has('authorization')) return send(request);
    if ((await store.read()) === null) return send(request);
    const again = request.clone();
    const token = await session.accessToken();
    const response = await send(withToken(request, token));
    // The request was rejected before it took effect, so every method is safe to repeat.
    if (response.status !== 401 || !isRejected(response, token)) return response;
    await response.body?.cancel();
    freshness.refused(token);
    const renewed = await session.accessToken();
    onRenewal(renewed);
    return send(withToken(again, renewed));
  }

  function authorizedFetch(input: Request | string | URL, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    return sendAuthorized(request, origins.has(new URL(request.url).origin), isInvalidToken);
  }

  /** Runs a call that needs a session. */
  async function withSession<T>(call: () => Promise<T>): Promise<T> {
    await session.accessToken();
    return call();
  }

  /** Runs a call with a proof, in which the answer of the user takes the place of `passkey: true`. */
  function withPasskey<Proof extends { passkey?: true }, T>(
    { passkey, ...proof }: Proof,
    call: (body: Omit<Proof, 'passkey'> & { passkey?: PasskeyAssertion }) => Promise<T>,
  ): Promise<T> {
    return passkey ? passkeys.ask((answer) => call({ ...proof, passkey: answer })) : call(proof);
  }

  /** Begins a session with the tokens that a call returns. */
  function beginWith(call: () => ReturnType<typeof service.login>): Promise<void> {
    return session.logIn(async () => {
      const sent = now();
      await session.begin(await call(), sent);
    });
  }

  const api = createClient<paths>({ baseUrl, fetch: authorizedFetch });

  /** Makes the next call refresh, because the service has changed what an access token says. All tabs get the new one that way. */
  async function renewToken(): Promise<void> {
    const stored = await store.read();
    if (stored !== null) freshness.refused(stored.accessToken);
  }

  return {
    /** Creates an account, without logging in. Never retried automatically: a second attempt could answer `email_taken`. */
    register: (account: Credentials): Promise<RegisteredUser> => service.register(account),

    /**
     * Logs in, replacing the current session if there is one. Never retried automatically: each attempt starts a session. For an account with a
     * second factor it rejects with `second_factor_required`; pass the `challenge` of the error's `secondFactor` to `completeLogin`.
     */
    async login(credentials: Credentials): Promise<void> {
      await beginWith(() => service.login(credentials));
    },

    /**
     * Completes a login that was rejected with `second_factor_required`: with its `challenge`, and a `code` of the user's authenticator app, a
     * `recovery_code`, or `passkey: true`. Never retried automatically: a code works once.
     */
    async completeLogin(proof: SecondFactorProof): Promise<void> {
      await withPasskey(proof, (body) => beginWith(() => service.completeLogin(body)));
    },

    /**
     * Whether this browser can use passkeys on this page, and the service offers them; with `conditional`, also in the autofill of a form.
     * Asks the service. False in Node.
     */
    passkeysAvailable: ({ conditional = false }: { conditional?: boolean } = {}): Promise<boolean> =>
      passkeys.areAvailable(conditional),

    /**
     * Logs in with a passkey, replacing the current session if there is one; no address and no password are needed. The browser shows a
     * dialog. With `conditional` it shows none, but offers passkeys in the autofill of a field with `autocomplete="username webauthn"`:
     * call it when the page opens. The promise then waits until the user chooses a passkey; it rejects with `passkey_cancelled` when `signal`
     * is aborted or a session begins in another way.
     */
    async logInWithPasskey({
      conditional = false,
      signal,
    }: {
      conditional?: boolean;
      signal?: AbortSignal;
    } = {}): Promise<void> {
      const begin = (credential: PasskeyAssertion) => beginWith(() => service.logInWithPasskey(credential));
      await (conditional ? begin(await passkeys.offer(signal)) : passkeys.ask(begin, signal));
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
      await beginWith(() => service.signIn(proof));
    },

    /**
     * Ends the session. In this client it ends immediately, whatever the network does. `revoked` is false when the service could
     * not be reached: the refresh token then stays valid until it expires.
     */
    logout: async (): Promise<{ revoked: boolean }> => ({ revoked: await session.end() }),

    /** Reads the account of the user. */
    me: (): Promise<Profile> => withSession(() => service.call((signal) => api.GET('/api/me/', { signal }))),

    /** Changes the account; omitted fields keep their values. */
    updateMe: (changes: ProfileChanges): Promise<Profile> =>
      withSession(() => service.call((signal) => api.PUT('/api/me/', { body: changes, signal }))),

    /** Changes the password, which ends all other sessions. `current_password` is required unless the service is set otherwise. */
    async changePassword(change: PasswordChange): Promise<void> {
      await withSession(() => service.call((signal) => api.PUT('/api/me/', { body: change, signal })));
    },

    /** Reads what else the service knows about the account: whether its address is verified, a change of address that waits, and so on. */
    account: (): Promise<Account> =>
      withSession(() => service.call((signal) => api.GET('/api/me/account/', { signal }))),

    /** Reads everything that the service stores about the account. */
    exportAccount: (): Promise<AccountExport> =>
      withSession(() => service.call((signal) => api.GET('/api/me/export/', { signal }))),

    /** Deletes the account and all its sessions. Without a password only if the account has none, soon after it has signed in. */
    async deleteAccount(currentPassword?: string): Promise<void> {
      const body = passwordOf(currentPassword);
      await withSession(() => service.callWithoutAnswer((signal) => api.DELETE('/api/me/', { body, signal })));
      await session.forget();
    },

    /** Lists the second factors of the account, and how many recovery codes are left. */
    factors: (): Promise<FactorList> =>
      withSession(() => service.call((signal) => api.GET('/api/me/factors/', { signal }))),

    /** Begins to add an authenticator app: show the user `qr_svg` or `secret`, and call `confirmTotp` with the first code. */
    addTotp: (app: { current_password?: string; name?: string }): Promise<TotpEnrolment> =>
      withSession(() => service.call((signal) => api.POST('/api/me/factors/totp/', { body: app, signal }))),

    /** Confirms an authenticator app with its first code. From then on a login asks for one. */
    confirmTotp: (id: number, code: string): Promise<Factor> =>
      withSession(async () => {
        const params = { path: { id: String(id) } };
        const added = await service.call((signal) =>
          api.POST('/api/me/factors/totp/{id}/confirm/', { params, body: { code }, signal }),
        );
        await renewToken();
        return added;
      }),

    /**
     * Adds a passkey: the browser asks the user where to create it. From then on a login with the password asks for a second factor. Rejects
     * with a `PasskeyErrorCode` if the browser creates none.
     */
    addPasskey: ({ name = '', ...proof }: { current_password?: string; name?: string } = {}): Promise<Factor> =>
      withSession(async () => {
        const credential = await passkeys.create(() =>
          service.call((signal) => api.POST('/api/me/factors/passkeys/options/', { body: proof, signal })),
        );
        const body = { name, credential };
        const added = await service.call((signal) => api.POST('/api/me/factors/passkeys/', { body, signal }));
        await renewToken();
        return added;
      }),

    /** Renames a second factor. */
    renameFactor: (id: number, name: string): Promise<Factor> =>
      withSession(() => {
        const params = { path: { id: String(id) } };
        return service.call((signal) => api.PUT('/api/me/factors/{id}/', { params, body: { name }, signal }));
      }),

    /** Removes a second factor. With the last one, the recovery codes are removed too. */
    removeFactor: (id: number, currentPassword?: string): Promise<void> =>
      withSession(() => {
        const params = { path: { id: String(id) } };
        return service.callWithoutAnswer((signal) =>
          api.DELETE('/api/me/factors/{id}/', { params, body: passwordOf(currentPassword), signal }),
        );
      }),

    /** Makes ten recovery codes, which replace all older ones. */
    createRecoveryCodes: (currentPassword?: string): Promise<readonly string[]> =>
      withSession(async () => {
        const made = await service.call((signal) =>
          api.POST('/api/me/factors/recovery-codes/', { body: passwordOf(currentPassword), signal }),
        );
        return made.recovery_codes;
      }),

    /**
     * Proves the identity of the user again, after an operation was rejected with `insufficient_user_authentication`: with the password or, if
     * the account has one, a second factor. Then call the operation again. Never retried automatically: a code works once.
     */
    stepUp: (proof: StepUpProof): Promise<void> =>
      withSession(async () => {
        await withPasskey(proof, (body) => service.call((signal) => api.POST('/api/me/step-up/', { body, signal })));
        await renewToken();
      }),

    /** Lists the sessions of the account, the newest first; `current` marks this one. */
    sessions: (): Promise<readonly Session[]> =>
      withSession(async () => {
        const { sessions } = await service.call((signal) => api.GET('/api/me/sessions/', { signal }));
        return sessions;
      }),

    /** Ends one session of the account. To end the session of this client, use `logout`. */
    endSession: (id: string): Promise<void> =>
      withSession(() =>
        service.callWithoutAnswer((signal) =>
          api.DELETE('/api/me/sessions/{id}/', { params: { path: { id } }, signal }),
        ),
      ),

    /** Ends all sessions of the account but this one. */
    endOtherSessions: (): Promise<void> =>
      withSession(() => service.callWithoutAnswer((signal) => api.DELETE('/api/me/sessions/', { signal }))),

    /** Ends all sessions of the account, this one too. */
    async logoutEverywhere(): Promise<void> {
      await withSession(() => service.call((signal) => api.POST('/api/logout/all/', { signal })));
      await session.forget();
    },

    /** Sends a mail with a link to choose a new password, if the address belongs to an account; the answer is the same if it does not. */
    async forgotPassword(email: string): Promise<void> {
      await service.call((signal) => api.POST('/api/password/forgot/', { body: { email }, signal }));
    },

    /** Sets a new password with the token of the link, which ends all sessions of the account. Does not log in. */
    resetPassword: (reset: { token: string; password: string }): Promise<void> =>
      service.callWithoutAnswer((signal) => api.POST('/api/password/reset/', { body: reset, signal })),

    /** Verifies the e-mail address with the token of the link. */
    verifyEmail: (proof: { token: string; current_password?: string }): Promise<void> =>
      service.callWithoutAnswer((signal) => api.POST('/api/email/verify/', { body: proof, signal })),

    /** Sends the mail that verifies an address again, if an account waits for it; the answer is the same if none does. */
    async resendVerification(email: string): Promise<void> {
      await service.call((signal) => api.POST('/api/email/verify/resend/', { body: { email }, signal }));
    },

    /** Confirms a change of the e-mail address with the token of the link. */
    confirmEmailChange: (proof: { token: string; current_password: string }): Promise<void> =>
      service.callWithoutAnswer((signal) => api.POST('/api/email/change/confirm/', { body: proof, signal })),

    /** Undoes a change of the e-mail address with the token of the link that went to the old one. */
    undoEmailChange: (token: string): Promise<void> =>
      service.callWithoutAnswer((signal) => api.POST('/api/email/change/undo/', { body: { token }, signal })),

    /** Whether there is a session, without asking the service: it may have ended there. */
    isSignedIn: async (): Promise<boolean> => (await store.read()) !== null,

    /**
     * Calls `listener` for each sign-in, sign-out and refresh, in this tab or, with a storage that tabs share, in another one. Returns a
     * function that stops this. Call `isSignedIn` for the state at the beginning.
     */
    onChange: (listener: (change: SessionChange) => void): (() => void) => store.onChange(listener),

    /** Returns an access token for calls to other services, refreshed when necessary. Call it each time; do not store the token. */
    getAccessToken: (): Promise<string> => session.accessToken(),

    /**
     * Like `fetch`, but adds the access token to requests to the service and to `tokenOrigins`, and to no others. If the token is
     * rejected (`WWW-Authenticate: Bearer error="invalid_token"`), the request is sent again once with a new token.
     */
    fetch: authorizedFetch,

    /**
     * Creates a `fetch` for one of your own APIs. A path such as `/orders/` is appended to `apiUrl`. Requests to the origin of `apiUrl`
     * have the access token while there is a session. On a 401 the request is sent again with a new token, once for each token.
     */
    createFetch(apiUrl: string | URL): (input: Request | string | URL, init?: RequestInit) => Promise<Response> {
      const base = String(apiUrl).replace(/\/+$/, '');
      const { origin } = new URL(base);
      // An API that rejects a new token would otherwise cost a refresh with each request.
      let renewed: string | undefined;
      return (input, init) => {
        const isPath = typeof input === 'string' && /^\/(?!\/)/.test(input);
        const request = new Request(isPath ? base + input : input, init);
        return sendAuthorized(
          request,
          new URL(request.url).origin === origin,
          (_, token) => token !== renewed,
          (token) => {
            renewed = token;
          },
        );
      };
    },

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

/** The body of an operation that asks for the password, if the account has one. */
function passwordOf(password: string | undefined): { current_password?: string } {
  return password === undefined ? {} : { current_password: password };
}

/** RFC 6750 section 3.1. */
function isInvalidToken(response: Response): boolean {
  return /error="?invalid_token/.test(response.headers.get('www-authenticate') ?? '');
}

function withToken(request: Request, accessToken: string): Request {
  request.headers.set('authorization', `Bearer ${accessToken}`);
  return request;
}
