// Signs access tokens. Verification, whose checks matter, is left to fast-jwt.
import { createHmac, createPrivateKey, sign } from 'node:crypto';
import type { SigningKey } from '#keys/signing-key.js';
import type { SigningAlgorithm } from '#platform/config/signing-algorithms.js';

/**
 * Returns a function that makes a JWT (RFC 7519) in compact serialization. The key is parsed and the header encoded once: per token, that
 * and copying the claims would cost a fifth of the signature.
 */
export function createTokenSigner({ kid, alg, signingKey }: SigningKey, typ: string): (claims: object) => string {
  const header = Buffer.from(JSON.stringify({ alg, typ, kid })).toString('base64url');
  const signatureOf = createSignature(alg, signingKey);
  return (claims) => {
    const input = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    return `${input}.${signatureOf(Buffer.from(input, 'latin1'))}`;
  };
}

/** The signature algorithms of RFC 7518 section 3 and RFC 8037 section 3.1. */
function createSignature(alg: SigningAlgorithm, signingKey: string): (input: Buffer) => string {
  if (alg === 'HS256') return (input) => createHmac('sha256', signingKey).update(input).digest('base64url');
  const key = createPrivateKey(signingKey);
  // The signature of ECDSA is the concatenation of R and S, not the DER of OpenSSL; other algorithms ignore this.
  const options = { key, dsaEncoding: 'ieee-p1363' } as const;
  const digest = alg === 'EdDSA' ? null : 'sha256';
  return (input) => sign(digest, input, options).toString('base64url');
}
