// What a signing key is made of: how one is made, named, and read back from what is stored of it.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { SigningAlgorithm } from '#platform/config/signing-algorithms.js';

/** A public key as JWKS publishes it (RFC 7517): exactly these members. */
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

/** What verifies tokens. */
export interface VerificationKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  /** A PEM public key, or the shared secret of HS256. */
  readonly verificationKey: string;
  /** Undefined for a shared secret. */
  readonly publicJwk: PublicJwk | undefined;
}

/** What signs and verifies them. */
export interface SigningKey extends VerificationKey {
  /** A PEM private key, or the shared secret of HS256. */
  readonly signingKey: string;
}

/** A new key, as it is to be stored. */
export interface KeyMaterial {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly publicJwk: PublicJwk | undefined;
  /** PKCS #8 in DER, or the 32 bytes of a shared secret. Secret. */
  readonly privateKey: Buffer;
}

/** The required members of each kind of key, in the order of the alphabet: what its thumbprint is made of (RFC 7638). */
const MEMBERS: Readonly<Record<string, readonly (keyof JsonWebKey)[]>> = {
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
  RSA: ['e', 'kty', 'n'],
  oct: ['k', 'kty'],
};

const generate = promisify(generateKeyPair);
const HMAC_BYTES = 32;
const MIN_RSA_BITS = 2048;

/** A new random key. RSA takes a tenth of a second on another thread. */
export async function generateKey(alg: SigningAlgorithm): Promise<KeyMaterial> {
  for (;;) {
    const key = await anyKey(alg);
    // One in 64 begins so, and would be an option on the command line: `latchkey keys retire -V…` ended no key.
    if (!key.kid.startsWith('-')) return key;
  }
}

/** Reads a stored private key; undefined when it is not one of this algorithm. */
export function readSigningKey(alg: SigningAlgorithm, stored: Buffer): SigningKey | undefined {
  if (alg === 'HS256') {
    if (stored.length !== HMAC_BYTES) return undefined;
    // The encoded form is the key: it holds all 256 bits, and the JWT library caches verifiers by string.
    const secret = stored.toString('base64url');
    const kid = thumbprint(secretJwk(stored));
    return { kid, alg, signingKey: secret, verificationKey: secret, publicJwk: undefined };
  }
  try {
    const privateKey = createPrivateKey({ key: stored, format: 'der', type: 'pkcs8' });
    const publicKey = readPublicKey(alg, createPublicKey(privateKey).export({ format: 'jwk' }));
    if (publicKey === undefined) return undefined;
    return { ...publicKey, signingKey: String(privateKey.export({ format: 'pem', type: 'pkcs8' })) };
  } catch {
    return undefined;
  }
}

/** Reads a published key; undefined when it is not one of this algorithm. */
export function readPublicKey(alg: SigningAlgorithm, jwk: unknown): VerificationKey | undefined {
  try {
    // Only what makes a public key: of other members versions of node differ in what they make.
    const { kty, crv, x, y, n, e } = jwk as JsonWebKey;
    const key = createPublicKey({ key: { kty, crv, x, y, n, e } as JsonWebKey, format: 'jwk' });
    if (algorithmOf(key) !== alg) return undefined;
    const publicJwk = publish(key, alg);
    const verificationKey = String(key.export({ format: 'pem', type: 'spki' }));
    return { kid: publicJwk.kid, alg, verificationKey, publicJwk };
  } catch {
    return undefined;
  }
}

/** Of RFC 7638, with SHA-256. */
export function thumbprint(jwk: JsonWebKey): string {
  const members = (MEMBERS[jwk.kty ?? ''] ?? []).map((name) => [name, jwk[name]]);
  return createHash('sha256')
    .update(JSON.stringify(Object.fromEntries(members)))
    .digest('base64url');
}

async function anyKey(alg: SigningAlgorithm): Promise<KeyMaterial> {
  if (alg === 'HS256') {
    const secret = randomBytes(HMAC_BYTES);
    return { kid: thumbprint(secretJwk(secret)), alg, publicJwk: undefined, privateKey: secret };
  }
  const { privateKey } = await generatePair(alg);
  const publicJwk = publish(createPublicKey(privateKey), alg);
  return { kid: publicJwk.kid, alg, publicJwk, privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }) };
}

function generatePair(alg: Exclude<SigningAlgorithm, 'HS256'>): Promise<{ privateKey: KeyObject }> {
  if (alg === 'ES256') return generate('ec', { namedCurve: 'P-256' });
  if (alg === 'EdDSA') return generate('ed25519');
  return generate('rsa', { modulusLength: MIN_RSA_BITS });
}

/** The one algorithm that we use a key of this kind with. */
function algorithmOf(key: KeyObject): SigningAlgorithm | undefined {
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return 'ES256';
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA';
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= MIN_RSA_BITS) return 'RS256';
  return undefined;
}

/** Member by member: a private one cannot slip through. */
function publish(key: KeyObject, alg: SigningAlgorithm): PublicJwk {
  const jwk = key.export({ format: 'jwk' });
  const { kty = '', crv, x, y, n, e } = jwk;
  const members = Object.fromEntries(Object.entries({ crv, x, y, n, e }).filter(([, value]) => value !== undefined));
  return { kty, ...members, use: 'sig', alg, kid: thumbprint(jwk) };
}

function secretJwk(secret: Buffer): JsonWebKey {
  return { kty: 'oct', k: secret.toString('base64url') };
}
