// The keys of access tokens: which one signs, and which ones a token may be verified with.
import { deriveKey } from '../config/secrets.js';

/** JWS algorithms (RFC 7518) that access tokens may be signed with. */
export type SigningAlgorithm = 'HS256' | 'ES256' | 'EdDSA' | 'RS256';

/** A key for one algorithm only, named by `kid` in the token's header. */
export interface TokenKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  /** What signs: a PEM private key, or a shared secret. */
  readonly signingKey: string;
  /** What verifies: a PEM public key, or the same shared secret. */
  readonly verificationKey: string;
}

/** Where keys come from: derived from AUTH_SECRET now; a table of rotating key pairs fits behind it unseen. */
export interface KeyRing {
  /** The key that signs now. */
  current(): TokenKey;
  /** The key with this `kid`, if its tokens are still good. */
  find(kid: string): TokenKey | undefined;
}

/** One HS256 key for each secret; the first signs, all verify. */
export function createDerivedKeyRing(secrets: readonly string[]): KeyRing {
  const keys = secrets.map(derivedKey);
  const byKid = new Map(keys.map((key) => [key.kid, key]));
  const [first] = keys;
  if (first === undefined) throw new Error('a key ring needs a secret');
  return { current: () => first, find: (kid) => byKid.get(kid) };
}

function derivedKey(secret: string): TokenKey {
  // The encoded form is the key: it holds all 256 bits, and the JWT library caches verifiers by string.
  const key = deriveKey(secret, 'access-token/hs256/v1').toString('base64url');
  const kid = deriveKey(secret, 'access-token/hs256/v1/kid').subarray(0, 12).toString('base64url');
  return { kid, alg: 'HS256', signingKey: key, verificationKey: key };
}
