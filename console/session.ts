// Who is logged in, what they may do, and how the service is called for them.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { createLatchkeyClient, LatchkeyError, webStorage } from '../client/index.js';

/** Who is logged in, as their access token says. */
export interface Operator {
  readonly userId: number;
  readonly email: string;
  readonly permissions: readonly string[];
}

export interface Service {
  /** Makes the first administrator; rejects with a LatchkeyError. */
  setUp: (token: string, email: string, password: string) => Promise<void>;
  logIn: (email: string, password: string) => Promise<Operator>;
  /** Whether there may be a session from before a reload. */
  mayResume: () => boolean;
  /** Who was logged in before a reload, and still is; undefined: nobody. */
  resume: () => Promise<Operator | undefined>;
  /** Whether the service could be told. */
  logOut: () => Promise<boolean>;
  /** Calls the API; rejects with a LatchkeyError. Undefined: an answer without a body. */
  call: <T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object) => Promise<T>;
}

interface Options {
  /** The session is over, and nobody here wanted it so. */
  readonly onEnd: () => void;
  /** A new access token may let its bearer do more or less than the one before. */
  readonly onPermissions: (permissions: readonly string[]) => void;
}

/** Where the service is: one folder above its script, whatever the prefix that a proxy serves it under. */
const SERVICE = new URL('..', import.meta.url).href.replace(/\/$/, '');

/**
 * The service behind the console. Tokens are in memory only, but for the refresh token where the service keeps it in a cookie; the client
 * refreshes them ahead of their end.
 */
export function createService({ onEnd, onPermissions }: Options): Service {
  const storage = webStorage(localStorage, 'latchkey-console');
  const client = createLatchkeyClient({
    baseUrl: SERVICE,
    refreshToken: 'console-cookie',
    storage,
    onSessionEnd: onEnd,
  });
  /** Whether the refresh token is in the cookie: what the client stores then survives a reload. */
  const isKept = () => storage.get() !== null;
  let last = '';

  // A page that is gone cannot come back to a session in its memory: it would live on for nobody, for a month.
  addEventListener('pagehide', () => {
    if (!isKept()) void client.logout();
  });

  async function operator(): Promise<Operator> {
    const token = await client.getAccessToken();
    last = token;
    const me = await client.me();
    return { userId: me.id, email: me.email, permissions: permissionsOf(token) };
  }

  /** Looks at the token that the next request will carry. */
  async function look(): Promise<void> {
    const token = await client.getAccessToken();
    if (token === last) return;
    last = token;
    onPermissions(permissionsOf(token));
  }

  return {
    // Without a token: nobody is logged in yet.
    setUp: (token, email, password) =>
      ask((init) => fetch(`${SERVICE}/api/admin/setup/`, init), 'POST', { token, email, password }),

    async logIn(email, password) {
      await client.login({ email, password });
      return operator();
    },

    mayResume: isKept,
    resume: async () => (isKept() ? operator().catch(() => undefined) : undefined),

    logOut: async () => (await client.logout()).revoked,

    async call<T>(method: string, path: string, body?: object): Promise<T> {
      await look();
      return ask<T>((init) => client.fetch(`${SERVICE}${path}`, init), method, body);
    },
  };
}

/** Sends a request and takes its answer apart; rejects with a LatchkeyError. */
async function ask<T>(send: (init: RequestInit) => Promise<Response>, method: string, body?: object): Promise<T> {
  const init: RequestInit = { method, redirect: 'error', signal: AbortSignal.timeout(15_000) };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { 'content-type': 'application/json' };
  }
  let response: Response;
  let answer: unknown;
  try {
    response = await send(init);
    const text = await response.text();
    answer = text === '' ? undefined : JSON.parse(text);
  } catch (error) {
    if (error instanceof LatchkeyError) throw error;
    throw new LatchkeyError('unavailable', 'The service did not answer.', { cause: error });
  }
  if (response.ok) return answer as T;
  throw problemOf(response, answer);
}

/** What a page needs of the shell around it. */
export interface Console {
  readonly operator: Operator;
  readonly call: Service['call'];
  readonly may: (permission: string) => boolean;
  /** Says that something has been done, to eyes and to screen readers. */
  readonly say: (text: string) => void;
}

export const ConsoleContext = createContext<Console | undefined>(undefined);

export function useConsole(): Console {
  const value = useContext(ConsoleContext);
  if (value === undefined) throw new Error('outside of the console');
  return value;
}

function problemOf(response: Response, answer: unknown): LatchkeyError {
  const { code, detail, request_id, errors } = (answer ?? {}) as Record<string, unknown>;
  if (typeof code !== 'string' || typeof detail !== 'string') {
    return new LatchkeyError('unexpected_answer', 'Something that is not the service answered.', {
      status: response.status,
    });
  }
  return new LatchkeyError(code, detail, {
    status: response.status,
    requestId: typeof request_id === 'string' ? request_id : undefined,
    errors: Array.isArray(errors) ? errors : undefined,
  });
}

/** For what is offered only: what is allowed the service decides. */
function permissionsOf(token: string): readonly string[] {
  const [, payload = ''] = token.split('.');
  const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (each) => each.charCodeAt(0));
  const { permissions } = JSON.parse(new TextDecoder().decode(bytes)) as { permissions?: unknown };
  return Array.isArray(permissions) ? permissions.filter((each) => typeof each === 'string') : [];
}
