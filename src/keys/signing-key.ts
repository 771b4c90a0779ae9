// A signing key: generating one, naming it by its thumbprint, and reading it back from what is stored.
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { JWK } from 'jose';
import { calculateJwkThumbprint } from 'jose/jwk/thumbprint';
import type { SigningAlgorithm } from '#platform/config/signing-algorithms.js';

/** A public key as JWKS publishes it (RFC 7517), with exactly these members. */
export interface PublicJwk {
  readonly kty: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
  readonly use: 'sig';
  readonly alg: SigningAlgorithm;
  readonly kid: string;
}

/** A key that verifies tokens. */
export interface VerificationKey {
  /** The RFC 7638 thumbprint of the key. */
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  /** A PEM public key, or the shared secret of HS256. */
  readonly verificationKey: string;
  /** Undefined for a shared secret. */
  readonly publicJwk: PublicJwk | undefined;
}

/** A key that signs and verifies tokens. */
export interface SigningKey extends VerificationKey {
  /** A PEM private key, or the shared secret of HS256. */
  readonly signingKey: string;
}

/** A key in the form in which it is stored. */
export interface StoredKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly publicJwk: PublicJwk | undefined;
  /** PKCS #8 in DER, or the 32 bytes of a shared secret. Secret; encrypted before it reaches the database. */
  readonly privateKey: Buffer;
}

const generate = promisify(generateKeyPair);
const HMAC_BYTES = 32;
const MIN_RSA_BITS = 2048;

/** Generates a random key. RSA takes about 0.1 s on another thread. */
export async function generateKey(alg: SigningAlgorithm): Promise<StoredKey> {
  for (;;) {
    const key = await generateAnyKey(alg);
    // One kid in 64 begins with a hyphen, which the command line would take for an option: `latchkey keys retire -V…`.
    if (!key.kid.startsWith('-')) return key;
  }
}

/** Reads a stored private key; undefined if it is not a key for this algorithm. */
export async function readSigningKey(alg: SigningAlgorithm, stored: Buffer): Promise<SigningKey | undefined> {
  if (alg === 'HS256') {
    if (stored.length !== HMAC_BYTES) return undefined;
    // The base64url text is used as the key: it holds all 256 bits, and the JWT library caches verifiers by string.
    const secret = stored.toString('base64url');
    const kid = await thumbprintOfSecret(stored);
    return { kid, alg, signingKey: secret, verificationKey: secret, publicJwk: undefined };
  }
  try {
    const privateKey = createPrivateKey({ key: stored, format: 'der', type: 'pkcs8' });
    const publicKey = await readPublicKey(alg, createPublicKey(privateKey).export({ format: 'jwk' }));
    if (publicKey === undefined) return undefined;
    return { ...publicKey, signingKey: String(privateKey.export({ format: 'pem', type: 'pkcs8' })) };
  } catch {
    return undefined;
  }
}

/** Reads a published key; undefined if it is not a key for this algorithm. */
export async function readPublicKey(alg: SigningAlgorithm, jwk: unknown): Promise<VerificationKey | undefined> {
  try {
    // Only the members of a public key: Node.js versions differ in what they make of the others.
    const { kty, crv, x, y, n, e } = jwk as JsonWebKey;
    const key = createPublicKey({ key: { kty, crv, x, y, n, e } as JsonWebKey, format: 'jwk' });
    if (algorithmOf(key) !== alg) return undefined;
    const publicJwk = await toPublicJwk(key, alg);
    const verificationKey = String(key.export({ format: 'pem', type: 'spki' }));
    return { kid: publicJwk.kid, alg, verificationKey, publicJwk };
  } catch {
    return undefined;
  }
}

async function generateAnyKey(alg: SigningAlgorithm): Promise<StoredKey> {
  if (alg === 'HS256') {
    const secret = randomBytes(HMAC_BYTES);
    return { kid: await thumbprintOfSecret(secret), alg, publicJwk: undefined, privateKey: secret };
  }
  const { privateKey } = await generatePair(alg);
  const publicJwk = await toPublicJwk(createPublicKey(privateKey), alg);
  return { kid: publicJwk.kid, alg, publicJwk, privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }) };
}

function generatePair(alg: Exclude<SigningAlgorithm, 'HS256'>): Promise<{ privateKey: KeyObject }> {
  if (alg === 'ES256') return generate('ec', { namedCurve: 'P-256' });
  if (alg === 'EdDSA') return generate('ed25519');
  return generate('rsa', { modulusLength: MIN_RSA_BITS });
}

/** The one algorithm that a key of this type is used with. */
function algorithmOf(key: KeyObject): SigningAlgorithm | undefined {
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return 'ES256';
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA';
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= MIN_RSA_BITS) return 'RS256';
  return undefined;
}

/** Copies the public members by name, so that no private member can be published. */
async function toPublicJwk(key: KeyObject, alg: SigningAlgorithm): Promise<PublicJwk> {
  const jwk = key.export({ format: 'jwk' });
  const { kty = '', crv, x, y, n, e } = jwk;
  const members = Object.fromEntries(Object.entries({ crv, x, y, n, e }).filter(([, value]) => value !== undefined));
  return { kty, ...members, use: 'sig', alg, kid: await calculateJwkThumbprint(jwk as JWK) };
}

function thumbprintOfSecret(secret: Buffer): Promise<string> {
  return calculateJwkThumbprint({ kty: 'oct', k: secret.toString('base64url') });
}
