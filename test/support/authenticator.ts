// An authenticator in software (WebAuthn): makes passkeys and proofs as a browser returns them, and wrong ones on request.
import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import type { TestApp } from './app.js';

/** What a test changes of a right answer. */
export interface Changes {
  readonly origin?: string;
  readonly crossOrigin?: boolean;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly userVerified?: boolean;
  /** The counter of the answer. By default 0: the authenticator does not count. */
  readonly counter?: number;
  readonly backupEligible?: boolean;
  readonly backedUp?: boolean;
  readonly userHandle?: string | null;
  /** The id of the credential. */
  readonly id?: string;
  /** The length of the id of a new credential. */
  readonly idBytes?: number;
  /** What the device states about itself, in CBOR: the members `fmt` and `attStmt`. By default nothing. */
  readonly attestation?: Buffer;
}

interface CreationOptions {
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string };
  readonly challenge: string;
}

interface RequestOptions {
  readonly rpId: string;
  readonly challenge: string;
}

const LOCAL = 'http://localhost:3000';
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest();

/** A device with one passkey for each account. */
export function createAuthenticator() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const credentialId = randomBytes(16);
  const id = credentialId.toString('base64url');
  let userHandle: string | undefined;

  return {
    id,

    /** The answer to `navigator.credentials.create()`. */
    create({ rp, user, challenge }: CreationOptions, changes: Changes = {}) {
      userHandle = user.id;
      const newId = changes.idBytes === undefined ? credentialId : randomBytes(changes.idBytes);
      const authData = Buffer.concat([
        authenticatorData(changes.rpId ?? rp.id, changes, 0x40),
        Buffer.alloc(16),
        Buffer.from([newId.length >> 8, newId.length & 0xff]),
        newId,
        coseOf(publicKey),
      ]);
      const attestationObject = Buffer.concat([
        Buffer.from('a3', 'hex'),
        changes.attestation ?? attestationOf('none', Buffer.from('a0', 'hex')),
        textOf('authData'),
        byteString(authData),
      ]);
      return {
        id: newId.toString('base64url'),
        rawId: newId.toString('base64url'),
        type: 'public-key',
        authenticatorAttachment: 'platform',
        clientExtensionResults: { credProps: { rk: true } },
        response: {
          clientDataJSON: clientData('webauthn.create', challenge, changes).toString('base64url'),
          attestationObject: attestationObject.toString('base64url'),
          transports: ['internal'],
        },
      };
    },

    /** The answer to `navigator.credentials.get()`. */
    get({ rpId, challenge }: RequestOptions, changes: Changes = {}) {
      const client = clientData('webauthn.get', challenge, changes);
      const authData = authenticatorData(changes.rpId ?? rpId, changes);
      const signature = createSign('sha256')
        .update(Buffer.concat([authData, sha256(client)]))
        .sign(privateKey);
      return {
        id: changes.id ?? id,
        rawId: changes.id ?? id,
        type: 'public-key',
        authenticatorAttachment: 'platform',
        clientExtensionResults: {},
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: authData.toString('base64url'),
          signature: signature.toString('base64url'),
          userHandle: changes.userHandle === undefined ? userHandle : changes.userHandle,
        },
      };
    },
  };
}

export type Authenticator = ReturnType<typeof createAuthenticator>;

/** Requests with an access token. */
const withBearer =
  ({ inject }: Pick<TestApp, 'inject'>, accessToken: string) =>
  (url: string, payload: object) =>
    inject({ method: 'POST', url, payload, headers: { authorization: `Bearer ${accessToken}` } });

/** The options of a new passkey. */
export async function creationOptions(
  service: Pick<TestApp, 'inject'>,
  accessToken: string,
  payload: object = { current_password: 'password' },
): Promise<CreationOptions> {
  const response = await withBearer(service, accessToken)('/api/me/factors/passkeys/options/', payload);
  if (response.statusCode !== 200) throw new Error(`no options: ${response.body}`);
  return response.json();
}

/** The options of a proof. */
export async function requestOptions({ inject }: Pick<TestApp, 'inject'>): Promise<RequestOptions> {
  const response = await inject({ method: 'POST', url: '/api/login/passkey/options/' });
  if (response.statusCode !== 200) throw new Error(`no options: ${response.body}`);
  return response.json();
}

/** Adds a passkey to an account, and returns its device. */
export async function addPasskey(
  service: Pick<TestApp, 'inject'>,
  accessToken: string,
  { changes, ...payload }: { readonly name?: string; readonly changes?: Changes } = {},
): Promise<Authenticator & { readonly factorId: number }> {
  const authenticator = createAuthenticator();
  const credential = authenticator.create(await creationOptions(service, accessToken), changes);
  const response = await withBearer(service, accessToken)('/api/me/factors/passkeys/', { ...payload, credential });
  if (response.statusCode !== 201) throw new Error(`not added: ${response.body}`);
  return { ...authenticator, factorId: response.json().id };
}

function clientData(type: string, challenge: string, changes: Changes): Buffer {
  const { crossOrigin = false } = changes;
  return Buffer.from(
    JSON.stringify({
      type: changes.type ?? type,
      challenge: changes.challenge ?? challenge,
      origin: changes.origin ?? LOCAL,
      crossOrigin,
    }),
  );
}

function authenticatorData(rpId: string, changes: Changes, moreFlags = 0): Buffer {
  const { userVerified = true, counter = 0, backupEligible = false, backedUp = false } = changes;
  const flags = 0x01 | (userVerified ? 0x04 : 0) | (backupEligible ? 0x08 : 0) | (backedUp ? 0x10 : 0) | moreFlags;
  const rest = Buffer.alloc(5);
  rest.writeUInt8(flags);
  rest.writeUInt32BE(counter, 1);
  return Buffer.concat([sha256(rpId), rest]);
}

/** COSE (RFC 9053): an EC2 key for ES256. */
function coseOf(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const coordinate = (label: string, value: string) =>
    Buffer.concat([Buffer.from(label, 'hex'), byteString(Buffer.from(value, 'base64url'))]);
  return Buffer.concat([Buffer.from('a5010203262001', 'hex'), coordinate('21', x), coordinate('22', y)]);
}

/** The members `fmt` and `attStmt` of an attestation object; `statement` is a map in CBOR. */
export function attestationOf(format: string, statement: Buffer): Buffer {
  return Buffer.concat([textOf('fmt'), textOf(format), textOf('attStmt'), statement]);
}

/** A text of up to 23 bytes in CBOR. */
function textOf(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)]);
}

/** A byte string in CBOR (RFC 8949). */
function byteString(bytes: Buffer): Buffer {
  const head =
    bytes.length < 256
      ? Buffer.from([0x58, bytes.length])
      : Buffer.from([0x59, bytes.length >> 8, bytes.length & 0xff]);
  return Buffer.concat([head, bytes]);
}
