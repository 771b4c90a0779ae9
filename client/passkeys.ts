// Passkeys in browsers: creates one, or proves with one who the user is (https://www.w3.org/TR/webauthn-3/).
import { LatchkeyError } from './errors.js';
import {
  type createService,
  type PasskeyAssertion,
  type PasskeyCreationOptions,
  type PasskeyRegistration,
  type PasskeyRequestOptions,
  retry,
} from './service.js';
import type { SessionStore } from './session-store.js';

/**
 * Why the browser did not create or use a passkey: the `code` of a LatchkeyError.
 * - `passkey_cancelled`: the user cancelled or took too long, or there is no passkey (browsers do not say which), or `signal` was aborted.
 * - `passkey_exists`: the device already has a passkey of the account.
 * - `passkey_unsupported`: the browser cannot use passkeys, or the page is not served over https.
 * - `passkey_no_authenticator`: no device that the browser can use creates such passkeys.
 * - `passkey_origin_not_allowed`: the passkeys of the service belong to another host than that of the page.
 * - `passkey_failed`: the device failed; `cause` is the error of the browser.
 */
export type PasskeyErrorCode =
  | 'passkey_cancelled'
  | 'passkey_exists'
  | 'passkey_unsupported'
  | 'passkey_no_authenticator'
  | 'passkey_origin_not_allowed'
  | 'passkey_failed';

interface Dependencies {
  readonly service: ReturnType<typeof createService>;
  readonly store: SessionStore;
  readonly firstPauseMilliseconds: number;
}

/** An offer in the autofill gets a new challenge when the old one has reached this share of its lifetime. */
const RENEWED_AT = 0.8;

/**
 * Browsers ask for one passkey at a time: a dialog interrupts the offer in the autofill, which continues when the answer has been used. Before
 * that, the answer to both could start two sessions.
 */
export function createPasskeys({ service, store, firstPauseMilliseconds }: Dependencies) {
  let interruptOffer = () => {};
  let lastDialog: Promise<unknown> = Promise.resolve();

  function showDialog<T>(show: () => Promise<T>): Promise<T> {
    interruptOffer();
    const shown = show();
    lastDialog = shown.catch(() => {});
    return shown;
  }

  return {
    /** Whether the browser can use passkeys on this page, and the service offers them. */
    async areAvailable(conditional: boolean): Promise<boolean> {
      const { PublicKeyCredential: api, location } = browser;
      if (api === undefined) return false;
      if (conditional && !(await api.isConditionalMediationAvailable?.())) return false;
      const options = await service.createPasskeyChallenge().catch(() => undefined);
      return options !== undefined && `.${location?.hostname}`.endsWith(`.${options.rpId}`);
    },

    /** Creates a passkey. */
    create: (options: () => Promise<PasskeyCreationOptions>): Promise<PasskeyRegistration> =>
      showDialog(async () => {
        const credentials = credentialsOfBrowser();
        return create(credentials, await options());
      }),

    /** Asks the user for a passkey, and resolves to what `use` makes of the answer. */
    ask: <T>(use: (answer: PasskeyAssertion) => Promise<T>, signal?: AbortSignal): Promise<T> =>
      showDialog(async () => {
        const credentials = credentialsOfBrowser();
        return use(await get(credentials, await service.createPasskeyChallenge(), { signal }));
      }),

    /** Offers passkeys in the autofill of a form, until the user chooses one, `signal` is aborted, or a session begins in another way. */
    async offer(signal?: AbortSignal): Promise<PasskeyAssertion> {
      const credentials = credentialsOfBrowser();
      let isOver = signal?.aborted ?? false;
      const end = () => {
        isOver = true;
        interruptOffer();
      };
      signal?.addEventListener('abort', end);
      const stopListening = store.onChange((change) => {
        if (change === 'signed_in') end();
      });
      try {
        for (;;) {
          await lastDialog;
          if (isOver) throw cancelled();
          const round = new AbortController();
          const interrupt = () => round.abort();
          interruptOffer = interrupt;
          let timer: ReturnType<typeof setTimeout> | undefined;
          try {
            const options = await retry(() => service.createPasskeyChallenge(), firstPauseMilliseconds);
            timer = setTimeout(interrupt, options.timeout * RENEWED_AT);
            return await get(credentials, options, { mediation: 'conditional', signal: round.signal });
          } catch (error) {
            if (!round.signal.aborted) throw error;
          } finally {
            clearTimeout(timer);
          }
        }
      } finally {
        stopListening();
        signal?.removeEventListener('abort', end);
      }
    },
  };
}

/** The parts of a browser that are used. */
interface Browser {
  /** Missing on pages without https, too. */
  readonly PublicKeyCredential?: { isConditionalMediationAvailable?(): Promise<boolean> };
  readonly navigator?: { readonly credentials: CredentialsOfBrowser };
  readonly location?: { readonly hostname: string };
}

interface CredentialsOfBrowser {
  create(options: object): Promise<Credential | null>;
  get(options: object): Promise<Credential | null>;
}

interface Credential {
  readonly id: string;
  readonly authenticatorAttachment?: string | null;
  readonly response: Readonly<Record<string, ArrayBuffer | null>> & { getTransports?(): string[] };
  getClientExtensionResults(): object;
}

const browser = globalThis as Browser;

function credentialsOfBrowser(): CredentialsOfBrowser {
  const { PublicKeyCredential, navigator } = browser;
  if (PublicKeyCredential === undefined || navigator === undefined) {
    throw new LatchkeyError(
      'passkey_unsupported',
      'This browser cannot use passkeys here. They need https, or localhost.',
    );
  }
  return navigator.credentials;
}

async function create(
  credentials: CredentialsOfBrowser,
  options: PasskeyCreationOptions,
): Promise<PasskeyRegistration> {
  const { challenge, user, excludeCredentials } = options;
  const publicKey = {
    ...options,
    challenge: bytesOf(challenge),
    user: withBytes(user),
    excludeCredentials: excludeCredentials.map(withBytes),
  };
  const credential = await answerOf(credentials.create({ publicKey }));
  return toJson(credential, ['clientDataJSON', 'attestationObject']);
}

async function get(
  credentials: CredentialsOfBrowser,
  options: PasskeyRequestOptions,
  how: { readonly mediation?: 'conditional'; readonly signal: AbortSignal | undefined },
): Promise<PasskeyAssertion> {
  const publicKey = { ...options, challenge: bytesOf(options.challenge) };
  const credential = await answerOf(credentials.get({ publicKey, ...how }), how.signal);
  return toJson(credential, ['clientDataJSON', 'authenticatorData', 'signature', 'userHandle']);
}

/**
 * Like `PublicKeyCredential.toJSON`, which browsers have had since 2024 only, and which fails on the credentials that some password
 * managers return.
 */
function toJson<Name extends string>(credential: Credential, names: readonly Name[]) {
  const { id, authenticatorAttachment, response } = credential;
  const members = names.flatMap((name) => {
    const bytes = response[name];
    return bytes ? [[name, base64url(bytes)] as const] : [];
  });
  return {
    id,
    rawId: id,
    type: 'public-key' as const,
    ...(authenticatorAttachment && { authenticatorAttachment }),
    clientExtensionResults: credential.getClientExtensionResults(),
    response: {
      ...(Object.fromEntries(members) as Record<Name, string>),
      ...(response.getTransports && { transports: response.getTransports() }),
    },
  };
}

/** What the user answers, as a credential or a LatchkeyError. */
async function answerOf(asked: Promise<Credential | null>, signal?: AbortSignal): Promise<Credential> {
  let credential: Credential | null;
  try {
    credential = await asked;
  } catch (cause) {
    // The caller can abort with any reason.
    if (signal?.aborted) throw cancelled();
    const name = cause instanceof Error ? cause.name : '';
    throw new LatchkeyError(...(FAILURES[name] ?? FAILED), { cause });
  }
  if (credential === null) throw cancelled();
  return credential;
}

type Failure = readonly [code: PasskeyErrorCode, message: string];

const CANCELLED: Failure = [
  'passkey_cancelled',
  'No passkey was used: the dialog was cancelled or took too long, or there is none.',
];
const NO_AUTHENTICATOR: Failure = [
  'passkey_no_authenticator',
  'No device that the browser can use creates such passkeys.',
];
const FAILED: Failure = ['passkey_failed', 'The device with the passkey reported an error.'];

/** The errors of browsers, by name. They say little on purpose, so that pages do not learn which passkeys a device has. */
const FAILURES: Readonly<Record<string, Failure>> = {
  NotAllowedError: CANCELLED,
  InvalidStateError: ['passkey_exists', 'This device already has a passkey of the account.'],
  NotSupportedError: NO_AUTHENTICATOR,
  ConstraintError: NO_AUTHENTICATOR,
  SecurityError: [
    'passkey_origin_not_allowed',
    'The passkeys of the service belong to another host than this page: check PASSKEY_RP_ID.',
  ],
};

function cancelled(): LatchkeyError {
  return new LatchkeyError(...CANCELLED);
}

/** An object with its `id` in bytes. */
function withBytes(object: Readonly<Record<string, unknown>>) {
  return { ...object, id: bytesOf(String(object.id)) };
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (each) => each.charCodeAt(0));
}

function base64url(bytes: ArrayBuffer): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
