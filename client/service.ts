// Calls the service: a call resolves to a documented answer or rejects with a LatchkeyError.
import createClient from 'openapi-fetch';
import {
  type FieldError,
  isTemporary,
  LatchkeyError,
  type SecondFactorChallenge,
  type StepUpRequest,
} from './errors.js';
import type { components, paths } from './openapi.js';

type Schemas = components['schemas'];
export type Credentials = Schemas['LoginBody'];
/** `passkey: true` asks the user for a passkey. */
export type SecondFactorProof = WithPasskey<Schemas['SecondFactorBody']>;
export type Factor = Schemas['Factor'];
export type FactorList = Schemas['FactorList'];
export type TotpEnrolment = Schemas['TotpEnrolment'];
/** The password, a second factor, or both. `passkey: true` asks the user for a passkey. */
export type StepUpProof = WithPasskey<Schemas['StepUpBody']>;
/** A body in which the client replaces `passkey` by what the browser returns. */
type WithPasskey<Body> = Omit<Body, 'passkey'> & { passkey?: true };
export type PasskeyCreationOptions = Schemas['PasskeyCreationOptions'];
export type PasskeyRequestOptions = Schemas['PasskeyRequestOptions'];
export type PasskeyRegistration = Schemas['PasskeyRegistration'];
export type PasskeyAssertion = Schemas['PasskeyAssertion'];
export type SignInProof = Schemas['VerifySignInBody'];
export type SignInRequest = Schemas['SignInRequest'];
export type RegisteredUser = Schemas['RegisteredUser'];
export type Profile = Schemas['Profile'];
export type ProfileChanges = Schemas['UpdateMeBody'];
export type Account = Schemas['AccountDetails'];
export type AccountExport = Schemas['AccountExport'];
export type Session = Schemas['SessionList']['sessions'][number];
export type PasswordChange = Required<Pick<Schemas['UpdateMeBody'], 'password'>> &
  Pick<Schemas['UpdateMeBody'], 'current_password'>;
export type TokenPair = Schemas['TokenPair'];

/** Where the refresh token is kept: in the client's storage, or in a cookie that scripts cannot read. */
export type RefreshTokenMode = 'body' | 'cookie' | 'console-cookie';

export type Fetch = (request: Request) => Promise<Response>;

interface Options {
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly timeoutMilliseconds: number;
  readonly mode: RefreshTokenMode;
}

interface Result<T> {
  readonly data?: T | undefined;
  readonly error?: unknown;
  readonly response: Response;
}

/** The operations on accounts and sessions; none of them retries. */
export function createService({ baseUrl, fetch, timeoutMilliseconds, mode }: Options) {
  // The service never redirects. Following a redirect would send the passwords and tokens of the bodies to its target.
  const api = createClient<paths>({ baseUrl, fetch, redirect: 'error' });

  /** Runs a call with the time limit; rejects with a LatchkeyError unless it is answered with success and a body. */
  async function call<T>(send: (signal: AbortSignal) => Promise<Result<T>>): Promise<T> {
    const { data, error, response } = await attempt(send);
    if (response.ok && typeof data === 'object' && data !== null) return data;
    throw errorOf(response, error);
  }

  /** The same for an operation that is answered with 204. */
  async function callWithoutAnswer(send: (signal: AbortSignal) => Promise<Result<unknown>>): Promise<void> {
    const { error, response } = await attempt(send);
    if (response.status !== 204) throw errorOf(response, error);
  }

  async function attempt<T>(send: (signal: AbortSignal) => Promise<Result<T>>): Promise<Result<T>> {
    try {
      return await send(AbortSignal.timeout(timeoutMilliseconds));
    } catch (cause) {
      // The token was rejected, and the refresh that this caused has an answer of its own.
      if (cause instanceof LatchkeyError) throw cause;
      // The message of a SyntaxError quotes its input, which may contain part of a token.
      const known = cause instanceof SyntaxError ? undefined : cause;
      throw new LatchkeyError(
        'unavailable',
        'The service did not answer. It is not known whether the operation took effect; try again later.',
        { cause: known },
      );
    }
  }

  // `include`: the page and the service may have different origins.
  const cookie = mode === 'body' ? {} : { headers: { 'x-refresh-token-mode': mode }, credentials: 'include' as const };
  // For undefined, openapi-fetch sends no body. The types come from a service without REFRESH_COOKIE and require one.
  const withoutBody = { body: undefined as never };

  return {
    call,
    callWithoutAnswer,
    register: (body: Schemas['RegisterBody']) => call((signal) => api.POST('/api/register/', { body, signal })),
    login: async (body: Credentials) =>
      pairOf(await call((signal) => api.POST('/api/login/', { body, signal, ...cookie })), mode),
    requestSignIn: (email: string) => call((signal) => api.POST('/api/login/email/', { body: { email }, signal })),
    signIn: async (body: SignInProof) =>
      pairOf(await call((signal) => api.POST('/api/login/email/verify/', { body, signal, ...cookie })), mode),
    /** What `navigator.credentials.get` needs, for every use of a passkey. */
    createPasskeyChallenge: () => call((signal) => api.POST('/api/login/passkey/options/', { signal })),
    logInWithPasskey: async (credential: PasskeyAssertion) =>
      pairOf(
        await call((signal) => api.POST('/api/login/passkey/', { body: { credential }, signal, ...cookie })),
        mode,
      ),
    completeLogin: async (body: Schemas['SecondFactorBody']) =>
      pairOf(await call((signal) => api.POST('/api/login/second-factor/', { body, signal, ...cookie })), mode),
    refresh: async (refreshToken: string, key: string) =>
      pairOf(
        await call((signal) =>
          api.POST('/api/refresh/', {
            body: { refresh_token: refreshToken },
            params: { header: { 'idempotency-key': key } },
            signal,
          }),
        ),
        'body',
      ),
    /** Refreshes with the token in the cookie; the cookie contains the Idempotency-Key too. */
    refreshByCookie: async () =>
      pairOf(await call((signal) => api.POST('/api/refresh/', { ...withoutBody, signal, ...cookie })), mode),
    logoutByCookie: () =>
      call((signal) => api.POST('/api/logout/', { ...withoutBody, signal, keepalive: true, ...cookie })),
    /** The request continues when the page is closed. */
    logout: (refreshToken: string) =>
      call((signal) => api.POST('/api/logout/', { body: { refresh_token: refreshToken }, signal, keepalive: true })),
  };
}

const ATTEMPTS = 5;
const LONGEST_PAUSE_MILLISECONDS = 8000;
/** If the service asks for a longer wait, the error is thrown at once. */
const LONGEST_WAIT_SECONDS = 30;

/** Repeats `work` until it succeeds or fails permanently: at most five attempts, with exponential backoff and jitter. */
export async function retry<T>(work: () => Promise<T>, firstPauseMilliseconds: number): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const asked = isTemporary(error) ? (error.retryAfterSeconds ?? 0) : 0;
      if (!isTemporary(error) || attempt === ATTEMPTS || asked > LONGEST_WAIT_SECONDS) throw error;
      const pause = Math.min(firstPauseMilliseconds * 2 ** (attempt - 1), LONGEST_PAUSE_MILLISECONDS);
      await new Promise((resolve) => setTimeout(resolve, asked * 1000 + pause * (0.5 + Math.random() / 2)));
    }
  }
}

/** The stored value of a refresh token that the browser keeps in a cookie. */
export const IN_COOKIE = '';

/** The token pair of an answer. An answer without one does not come from the service, but for instance from a captive portal. */
function pairOf(answer: Partial<TokenPair>, mode: RefreshTokenMode): TokenPair {
  const { access_token, refresh_token } = answer;
  if (mode !== 'body' && typeof access_token === 'string' && refresh_token === undefined) {
    return { access_token, refresh_token: IN_COOKIE };
  }
  if (typeof access_token === 'string' && typeof refresh_token === 'string') return { access_token, refresh_token };
  throw unexpected(undefined);
}

/** The error that a response stands for. `body`: its parsed JSON. */
export function errorOf(response: Response, body: unknown): LatchkeyError {
  const problem = (typeof body === 'object' && body ? body : {}) as Partial<Record<string, unknown>>;
  const { code, detail, request_id, errors } = problem;
  // A proxy in between can answer 401 too, so only the service's own problem documents count.
  if (typeof code !== 'string' || typeof detail !== 'string') return unexpected(response);
  return new LatchkeyError(code, detail, {
    status: response.status,
    requestId: typeof request_id === 'string' ? request_id : undefined,
    errors: Array.isArray(errors) ? (errors as FieldError[]) : undefined,
    retryAfterSeconds: retryAfterOf(response),
    secondFactor: secondFactorOf(problem),
    stepUp: stepUpOf(problem),
  });
}

function secondFactorOf({ challenge, expires_in, factors }: Partial<Record<string, unknown>>) {
  if (typeof challenge !== 'string') return undefined;
  return {
    challenge,
    expiresInSeconds: Number(expires_in),
    factors: Array.isArray(factors) ? factors.map(String) : [],
  } satisfies SecondFactorChallenge;
}

function stepUpOf({ code, factors, max_age: maxAge }: Partial<Record<string, unknown>>) {
  if (code !== 'insufficient_user_authentication') return undefined;
  return {
    factors: Array.isArray(factors) ? factors.map(String) : [],
    maxAgeSeconds: typeof maxAge === 'number' ? maxAge : undefined,
  } satisfies StepUpRequest;
}

function unexpected(response: Response | undefined): LatchkeyError {
  return new LatchkeyError(
    'unexpected_answer',
    'The answer did not come from the service. It is not known whether the operation took effect; check the network and try again.',
    {
      status: response?.status,
      retryAfterSeconds: response && retryAfterOf(response),
    },
  );
}

/** In seconds. A date, which proxies may send, is ignored: it would depend on the clock. */
function retryAfterOf(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return seconds >= 0 ? seconds : undefined;
}
