// Verifies the answers of authenticators (WebAuthn sections 7.1 and 7.2): whose they are is not known here.
import { createHash } from 'node:crypto';
import type { RelyingParty } from '#platform/config/passkeys.js';
import type { KnownChallenge } from './challenges.js';
import type { StoredPasskey } from './repository.js';

/** A new passkey, as `PublicKeyCredential.toJSON()` returns it. */
export interface Registration {
  readonly id: string;
  readonly response: {
    readonly clientDataJSON: string;
    readonly attestationObject: string;
    readonly transports?: readonly string[] | undefined;
  };
}

/** A proof with a passkey, as `PublicKeyCredential.toJSON()` returns it. */
export interface Assertion {
  readonly id: string;
  readonly response: {
    readonly clientDataJSON: string;
    readonly authenticatorData: string;
    readonly signature: string;
    readonly userHandle?: string | null | undefined;
  };
}

/** Why a passkey is refused: for the log and the audit log. A client gets one error for all of them. */
export type PasskeyRefusal =
  | 'malformed'
  /** The challenge has expired, is for something else, or is not of this service. */
  | 'challenge_unknown'
  | 'challenge_used'
  | 'origin_wrong'
  | 'rp_id_wrong'
  | 'user_not_verified'
  | 'passkey_unknown'
  /** The passkey belongs to another account than the one that has to prove its identity. */
  | 'account_wrong'
  | 'signature_wrong'
  /** The passkey may have been copied. */
  | 'counter_went_back'
  /** Only when one is added. */
  | 'already_registered';

/** An answer that is not accepted. */
export interface Refused {
  readonly type: 'refused';
  readonly cause: PasskeyRefusal;
}

/** A right answer, whose challenge has not been used up yet. */
export interface Accepted {
  readonly type: 'accepted';
  readonly challenge: KnownChallenge;
  readonly counter: number;
  /** Whether the passkey can have copies outside its device. */
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
}

/** A new passkey that is accepted. */
export interface AcceptedRegistration extends Accepted {
  readonly credentialId: Buffer;
  readonly publicKey: Buffer;
  readonly transports: readonly string[];
}

/** Recognises a challenge of this service. */
export type Recognise = (challenge: string) => KnownChallenge | undefined;

/** ES256, EdDSA and RS256 (RFC 9053, RFC 8812): the first for nearly all authenticators, the last for Windows Hello. */
export const ALGORITHMS = [-7, -8, -257];
/** WebAuthn has a few short names; others may come. */
const MAX_TRANSPORTS = 8;
const TRANSPORT = /^[a-z-]{1,32}$/;
/** WebAuthn section 7.1. The index of the table could not hold much more. */
const MAX_CREDENTIAL_ID_BYTES = 1023;
const FLAGS = { userPresent: 0x01, userVerified: 0x04, backupEligible: 0x08, backedUp: 0x10 };
const RP_ID_HASH_BYTES = 32;
const COUNTER_OFFSET = RP_ID_HASH_BYTES + 1;
const LENGTH_WITHOUT_EXTENSIONS = COUNTER_OFFSET + 4;

/** `relyingParty`: see src/platform/config/passkeys.ts. */
export function createPasskeyResponses(relyingParty: RelyingParty) {
  const rpIdHash = createHash('sha256').update(relyingParty.id).digest();

  /** The origin and the challenge of an answer, or why it is refused. */
  function checkClientData(
    encoded: string,
    type: 'webauthn.create' | 'webauthn.get',
    recognise: Recognise,
  ):
    | Refused
    | {
        readonly type: 'accepted';
        readonly origin: string;
        readonly text: string;
        readonly challenge: KnownChallenge;
      } {
    const data = parseClientData(encoded);
    if (data === undefined || data.type !== type) return refused('malformed');
    const challenge = recognise(data.challenge);
    if (challenge === undefined) return refused('challenge_unknown');
    if (data.crossOrigin || !isAllowed(data.origin)) return refused('origin_wrong');
    return { type: 'accepted', origin: data.origin, text: data.challenge, challenge };
  }

  function isAllowed(origin: string): boolean {
    const { origins } = relyingParty;
    return origins.length > 0 ? origins.includes(origin) : /^http:\/\/localhost(:\d{1,5})?$/.test(origin);
  }

  /** What the authenticator itself says, or why that is refused. */
  function checkAuthenticatorData(data: Buffer) {
    if (data.length < LENGTH_WITHOUT_EXTENSIONS) return refused('malformed');
    if (!data.subarray(0, RP_ID_HASH_BYTES).equals(rpIdHash)) return refused('rp_id_wrong');
    const flags = data.readUInt8(RP_ID_HASH_BYTES);
    const has = (flag: number) => (flags & flag) !== 0;
    if (!has(FLAGS.userPresent) || !has(FLAGS.userVerified)) return refused('user_not_verified');
    return {
      type: 'accepted' as const,
      counter: data.readUInt32BE(COUNTER_OFFSET),
      backupEligible: has(FLAGS.backupEligible),
      backedUp: has(FLAGS.backedUp),
    };
  }

  return {
    /** Verifies the answer to a request for a new passkey. */
    async verifyRegistration(credential: Registration, recognise: Recognise): Promise<Refused | AcceptedRegistration> {
      const client = checkClientData(credential.response.clientDataJSON, 'webauthn.create', recognise);
      if (client.type === 'refused') return client;
      const { helpers, verifyRegistrationResponse } = await webAuthn();
      try {
        const attestation = helpers.decodeAttestationObject(
          new Uint8Array(bytesOf(credential.response.attestationObject)),
        );
        const authData = attestation.get('authData');
        const authenticator = checkAuthenticatorData(Buffer.from(authData));
        if (authenticator.type === 'refused') return authenticator;
        // Which device made the passkey is not asked (`attestation: 'none'`). The library must not read a statement about it: the certificates
        // in it name URLs, which the library would fetch, before it knows who signed them.
        const unattested = helpers.isoCBOR.encode(
          new Map<string, string | Map<string, string> | Uint8Array>([
            ['fmt', 'none'],
            ['attStmt', new Map<string, string>()],
            ['authData', authData],
          ]),
        );
        const attestationObject = Buffer.from(unattested).toString('base64url');
        const { verified, registrationInfo } = await verifyRegistrationResponse({
          response: forLibrary({ ...credential, response: { ...credential.response, attestationObject } }),
          expectedChallenge: client.text,
          expectedOrigin: client.origin,
          expectedRPID: relyingParty.id,
          requireUserVerification: true,
          supportedAlgorithmIDs: ALGORITHMS,
        });
        if (!verified) return refused('signature_wrong');
        const { id, publicKey } = registrationInfo.credential;
        const credentialId = bytesOf(id);
        if (credentialId.length > MAX_CREDENTIAL_ID_BYTES) return refused('malformed');
        return {
          ...authenticator,
          challenge: client.challenge,
          credentialId,
          publicKey: Buffer.from(publicKey),
          transports: transportsOf(credential),
        };
      } catch {
        return refused('malformed');
      }
    },

    /** Verifies a proof with a passkey. `passkey`: the one that the proof names; undefined if there is no such passkey. */
    async verifyAssertion(
      credential: Assertion,
      passkey: StoredPasskey | undefined,
      recognise: Recognise,
    ): Promise<Refused | Accepted> {
      const { clientDataJSON, authenticatorData } = credential.response;
      const client = checkClientData(clientDataJSON, 'webauthn.get', recognise);
      if (client.type === 'refused') return client;
      const authenticator = checkAuthenticatorData(bytesOf(authenticatorData));
      if (authenticator.type === 'refused') return authenticator;
      if (passkey === undefined) return refused('passkey_unknown');
      const { verifyAuthenticationResponse } = await webAuthn();
      try {
        const { verified } = await verifyAuthenticationResponse({
          response: forLibrary(credential),
          expectedChallenge: client.text,
          expectedOrigin: client.origin,
          expectedRPID: relyingParty.id,
          requireUserVerification: true,
          // The counter is compared when the use is recorded, in one statement: of concurrent uses one succeeds.
          credential: { id: credential.id, publicKey: new Uint8Array(passkey.publicKey), counter: 0 },
        });
        return verified ? { ...authenticator, challenge: client.challenge } : refused('signature_wrong');
      } catch {
        return refused('malformed');
      }
    },
  };
}

/** Loaded with the first passkey: it has parsers of certificates, which a service without passkeys need not load. */
async function webAuthn() {
  const [{ verifyAuthenticationResponse, verifyRegistrationResponse }, helpers] = await Promise.all([
    import('@simplewebauthn/server'),
    import('@simplewebauthn/server/helpers'),
  ]);
  return { verifyAuthenticationResponse, verifyRegistrationResponse, helpers };
}

interface ClientData {
  readonly type: string;
  readonly challenge: string;
  readonly origin: string;
  readonly crossOrigin: boolean;
}

function parseClientData(encoded: string): ClientData | undefined {
  try {
    const { type, challenge, origin, crossOrigin = false } = JSON.parse(bytesOf(encoded).toString('utf8'));
    const isText = [type, challenge, origin].every((member) => typeof member === 'string');
    return isText ? { type, challenge, origin, crossOrigin: crossOrigin !== false } : undefined;
  } catch {
    return undefined;
  }
}

/** Only what a browser needs to find the passkey again. */
function transportsOf({ response: { transports = [] } }: Registration): string[] {
  return transports.filter((each) => TRANSPORT.test(each)).slice(0, MAX_TRANSPORTS);
}

const refused = (cause: PasskeyRefusal): Refused => ({ type: 'refused', cause });

/** The bytes of a text in base64url. */
function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}

/** The same with members that the library requires, and that say nothing more. */
function forLibrary({ id, response }: Registration | Assertion) {
  return { id, rawId: id, type: 'public-key' as const, response: response as never, clientExtensionResults: {} };
}
