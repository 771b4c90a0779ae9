// The operator's session: login, logout, permissions, and calls to the API.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { isTemporary } from '../client/errors.js';
import {
  createLatchkeyClient,
  type LatchkeyClient,
  LatchkeyError,
  type StepUpRequest,
  webStorage,
} from '../client/index.js';
import { errorOf } from '../client/service.js';

/** What the access token says about the operator. */
interface Rights {
  readonly permissions: readonly string[];
  /** Whether the account has to add a second factor before it can do anything else. */
  readonly mustAddFactor: boolean;
}

/** The logged-in operator. */
export interface Operator extends Rights {
  readonly userId: number;
  readonly email: string;
}

/** How operators prove their identity: with what they type, or with a passkey, for which the browser asks. */
export type Proof = { readonly type: 'password' | 'code'; readonly text: string } | { readonly type: 'passkey' };

export interface Service {
  /** Creates the first administrator. Rejects with a LatchkeyError. */
  setUp: (token: string, email: string, password: string) => Promise<void>;
  logIn: (email: string, password: string) => Promise<Operator>;
  /** Completes a login that needs a second factor. */
  completeLogIn: (challenge: string, proof: Proof) => Promise<Operator>;
  /** Whether the browser and the service can use passkeys on this page. */
  passkeysAvailable: LatchkeyClient['passkeysAvailable'];
  logInWithPasskey: (...options: Parameters<LatchkeyClient['logInWithPasskey']>) => Promise<Operator>;
  /** Whether a session from before a reload may still be active. */
  mayResume: () => boolean;
  /** Resumes the session from before a reload. Resolves to undefined if there is none; rejects if the service does not say. */
  resume: () => Promise<Operator | undefined>;
  /** Resolves to whether the service has ended the session. */
  logOut: () => Promise<boolean>;
  /** Sends the e-mail that verifies an address again. */
  resendVerification: LatchkeyClient['resendVerification'];
  /** Confirms an authenticator app with its first code. */
  confirmTotp: (id: number, code: string) => Promise<void>;
  /** Adds a passkey to the account of the operator. */
  addPasskey: LatchkeyClient['addPasskey'];
  /** Proves the operator's identity again. */
  stepUp: (proof: Proof) => Promise<void>;
  /** Calls the API. Resolves to the body, undefined for an empty one; rejects with a LatchkeyError. */
  call: <T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object) => Promise<T>;
}

interface Options {
  /** Called when the session ends other than by a logout. */
  readonly onEnd: () => void;
  /** Called when a new access token may give other rights than the one before. */
  readonly onRights: (rights: Rights) => void;
  /** Called when the API asks for a recent proof of identity. Resolves to whether the operator has given it, with `stepUp`. */
  readonly onStepUp: (request: StepUpRequest) => Promise<boolean>;
}

/** The URL of the service: one folder above the console's script, under whatever path prefix a proxy serves it. */
const SERVICE = new URL('..', import.meta.url).href.replace(/\/$/, '');

/**
 * The console's connection to the service. The client refreshes tokens before they expire. Access tokens are in memory only, and the
 * refresh token is in a cookie, which no script can read; where the service sets none, it is in memory too.
 */
export function createService({ onEnd, onRights, onStepUp }: Options): Service {
  const storage = webStorage(localStorage, 'latchkey-console');
  const client = createLatchkeyClient({
    baseUrl: SERVICE,
    refreshToken: 'console-cookie',
    storage,
    onSessionEnd: onEnd,
  });
  /** Whether the refresh token is in a cookie. The client then stores a marker, which survives a reload. */
  const isInCookie = () => storage.get() !== null;
  let lastToken = '';

  // A closed page has lost the tokens in its memory. Without a logout, its session would stay active until the refresh token expires.
  addEventListener('pagehide', () => {
    if (!isInCookie()) void client.logout();
  });

  async function loadOperator(): Promise<Operator> {
    const token = await client.getAccessToken();
    lastToken = token;
    const me = await client.me();
    return { userId: me.id, email: me.email, ...rightsOf(token) };
  }

  /** Reads the rights of the access token that the next request will carry, if it is a new one. */
  async function updateRights(): Promise<void> {
    const token = await client.getAccessToken();
    if (token === lastToken) return;
    lastToken = token;
    onRights(rightsOf(token));
  }

  /** Runs a call to the API. If it needs a recent proof of identity, asks the operator for one and repeats it. */
  async function withStepUp<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      const asked = error instanceof LatchkeyError ? error.stepUp : undefined;
      if (asked === undefined || asked.factors.length === 0 || !(await onStepUp(asked))) throw error;
      return send();
    }
  }

  return {
    // Sent without an access token: no operator is logged in yet.
    setUp: (token, email, password) =>
      request((init) => fetch(`${SERVICE}/api/admin/setup/`, init), 'POST', { token, email, password }),

    async logIn(email, password) {
      await client.login({ email, password });
      return loadOperator();
    },

    async completeLogIn(challenge, proof) {
      await client.completeLogin({ challenge, ...bodyOf(proof) });
      return loadOperator();
    },

    passkeysAvailable: client.passkeysAvailable,

    async logInWithPasskey(options) {
      await client.logInWithPasskey(options);
      return loadOperator();
    },

    mayResume: isInCookie,
    async resume() {
      if (!isInCookie()) return undefined;
      try {
        return await loadOperator();
      } catch (error) {
        if (isTemporary(error)) throw error;
        return undefined;
      }
    },

    logOut: async () => (await client.logout()).revoked,

    resendVerification: client.resendVerification,
    confirmTotp: async (id, code) => void (await client.confirmTotp(id, code)),
    addPasskey: (passkey) => withStepUp(() => client.addPasskey(passkey)),
    stepUp: (proof) => client.stepUp(bodyOf(proof)),

    async call<T>(method: string, path: string, body?: object): Promise<T> {
      await updateRights();
      return withStepUp(() => request<T>((init) => client.fetch(`${SERVICE}${path}`, init), method, body));
    },
  };
}

function bodyOf(proof: Proof) {
  if (proof.type === 'passkey') return { passkey: true } as const;
  if (proof.type === 'password') return { current_password: proof.text };
  // Six digits are a code of an authenticator app; a recovery code is longer.
  const code = proof.text.replaceAll(/[\s-]/g, '');
  return /^\d{6}$/.test(code) ? { code } : { recovery_code: proof.text };
}

/** Sends a JSON request and parses the response. Rejects with a LatchkeyError. */
async function request<T>(send: (init: RequestInit) => Promise<Response>, method: string, body?: object): Promise<T> {
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
  throw errorOf(response, answer);
}

/** What pages use of the frame around them. */
export interface Console {
  readonly operator: Operator;
  readonly call: Service['call'];
  readonly resendVerification: Service['resendVerification'];
  readonly confirmTotp: Service['confirmTotp'];
  readonly passkeysAvailable: Service['passkeysAvailable'];
  readonly addPasskey: Service['addPasskey'];
  /** Decides only what the console offers; the service checks every request itself. */
  readonly hasPermission: (permission: string) => boolean;
  /** Shows a status message, and announces it to screen readers. */
  readonly notify: (text: string) => void;
}

export const ConsoleContext = createContext<Console | undefined>(undefined);

export function useConsole(): Console {
  const value = useContext(ConsoleContext);
  if (value === undefined) throw new Error('useConsole is called outside of ConsoleContext');
  return value;
}

/** What the audience of a token ends with that is only good for adding a second factor. */
const ENROLMENT = '#second-factor-enrolment';

/** Reads the claims without verifying the token: the service checks permissions itself. */
function rightsOf(token: string): Rights {
  const [, payload = ''] = token.split('.');
  const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (each) => each.charCodeAt(0));
  const { permissions, aud } = JSON.parse(new TextDecoder().decode(bytes)) as { permissions?: unknown; aud?: unknown };
  return {
    permissions: Array.isArray(permissions) ? permissions.filter((each) => typeof each === 'string') : [],
    mustAddFactor: typeof aud === 'string' && aud.endsWith(ENROLMENT),
  };
}
