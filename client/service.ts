// The service, called: every answer is what was documented or a LatchkeyError.
import createClient from 'openapi-fetch';
import { type FieldError, isTemporary, LatchkeyError } from './errors.js';
import type { components, paths } from './openapi.js';

type Schemas = components['schemas'];
export type Credentials = Schemas['LoginBody'];
export type RegisteredUser = Schemas['RegisteredUser'];
export type Profile = Schemas['Profile'];
export type ProfileChanges = Schemas['UpdateMeBody'];
export type TokenPair = Schemas['TokenPair'];

/** Where refresh tokens are kept: in the storage of the client, or by the browser in a cookie that scripts cannot read. */
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

/** The operations on sessions; none of them tries twice. */
export function createService({ baseUrl, fetch, timeoutMilliseconds, mode }: Options) {
  // The service never redirects; whoever does would get the passwords and tokens of the bodies.
  const api = createClient<paths>({ baseUrl, fetch, redirect: 'error' });

  /** Gives a call its time-out, and makes errors of what is not a good answer. */
  async function call<T>(send: (signal: AbortSignal) => Promise<Result<T>>): Promise<T> {
    let result: Result<T>;
    try {
      result = await send(AbortSignal.timeout(timeoutMilliseconds));
    } catch (cause) {
      // A parser's complaint quotes what it read, which may be half an answer with half a token.
      const known = cause instanceof SyntaxError ? undefined : cause;
      throw new LatchkeyError(
        'unavailable',
        'The service did not answer. Whether the operation took effect is not known.',
        { cause: known },
      );
    }
    const { data, error, response } = result;
    if (response.ok && typeof data === 'object' && data !== null) return data;
    throw errorOf(response, error);
  }

  // `include`: the service may be on another origin than the page.
  const cookie = mode === 'body' ? {} : { headers: { 'x-refresh-token-mode': mode }, credentials: 'include' as const };
  // openapi-fetch sends no body at all for undefined; the document of a service without REFRESH_COOKIE asks for one.
  const withoutBody = { body: undefined as never };

  return {
    call,
    register: (body: Schemas['RegisterBody']) => call((signal) => api.POST('/api/register/', { body, signal })),
    login: async (body: Credentials) =>
      pairOf(await call((signal) => api.POST('/api/login/', { body, signal, ...cookie })), mode),
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
    /** With the token in the cookie, whose key the browser sends along too. */
    refreshByCookie: async () =>
      pairOf(await call((signal) => api.POST('/api/refresh/', { ...withoutBody, signal, ...cookie })), mode),
    logoutByCookie: () =>
      call((signal) => api.POST('/api/logout/', { ...withoutBody, signal, keepalive: true, ...cookie })),
    /** Goes on when the page is left. */
    logout: (refreshToken: string) =>
      call((signal) => api.POST('/api/logout/', { body: { refresh_token: refreshToken }, signal, keepalive: true })),
  };
}

const TRIES = 5;
const LONGEST_PAUSE_MILLISECONDS = 8000;
/** Who is asked to wait for longer gives up, and says so. */
const LONGEST_WAIT_SECONDS = 30;

/** Does `work` until it succeeds or fails for good, at most five times, with growing pauses of random length. */
export async function persist<T>(work: () => Promise<T>, firstPauseMilliseconds: number): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const asked = isTemporary(error) ? (error.retryAfterSeconds ?? 0) : 0;
      if (!isTemporary(error) || tries === TRIES || asked > LONGEST_WAIT_SECONDS) throw error;
      const pause = Math.min(firstPauseMilliseconds * 2 ** (tries - 1), LONGEST_PAUSE_MILLISECONDS);
      await new Promise((resolve) => setTimeout(resolve, asked * 1000 + pause * (0.5 + Math.random() / 2)));
    }
  }
}

/** Stands for a refresh token that the browser keeps in a cookie. */
export const IN_COOKIE = '';

/** What is not a pair comes from somebody else, such as the login page of a network. */
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
  const { code, detail, request_id, errors } = (typeof body === 'object' && body ? body : {}) as Partial<
    Record<string, unknown>
  >;
  // Anybody between can answer 401: only the service's own problems are believed.
  if (typeof code !== 'string' || typeof detail !== 'string') return unexpected(response);
  return new LatchkeyError(code, detail, {
    status: response.status,
    requestId: typeof request_id === 'string' ? request_id : undefined,
    errors: Array.isArray(errors) ? (errors as FieldError[]) : undefined,
    retryAfterSeconds: retryAfterOf(response),
  });
}

function unexpected(response: Response | undefined): LatchkeyError {
  return new LatchkeyError(
    'unexpected_answer',
    'Something that is not the service answered. Whether the operation took effect is not known.',
    {
      status: response?.status,
      retryAfterSeconds: response && retryAfterOf(response),
    },
  );
}

/** In seconds; a date, which proxies may send, would need a clock. */
function retryAfterOf(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return seconds >= 0 ? seconds : undefined;
}
