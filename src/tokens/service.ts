// Access tokens: JWTs (RFC 9068), signed by the key ring's current key, verified without the database.
import { createSigner } from 'fast-jwt';
import type { SigningKeys } from '#keys/service.js';
import type { SigningKey, VerificationKey } from '#keys/signing-key.js';
import { type SigningAlgorithm, signingAlgorithms } from '#platform/config/signing-algorithms.js';
import { MAX_INTEGER } from '#platform/database/integer.js';
import { MAX_ACCESS_TOKEN_LIFETIME } from '#settings/registry.js';
import type { Settings } from '#settings/service.js';
import { createRandomIds } from './random-ids.js';

/** Whom an access token is for. */
export interface AccessTokenSubject {
  readonly userId: number;
  readonly sessionId: number;
  readonly username: string;
  readonly roles: readonly string[];
  /** What the roles let the user do. */
  readonly permissions: readonly string[];
}

/** The payload of an access token. Times are seconds since 1970. */
export interface AccessTokenClaims {
  readonly iss: string;
  readonly aud: string;
  /** The user id, as text. */
  readonly sub: string;
  readonly user_id: number;
  readonly username: string;
  /** The session id, as text. */
  readonly sid: string;
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  readonly roles?: readonly string[];
  readonly permissions?: readonly string[];
}

/** A token as it was sent; nothing in it can be believed. */
export interface UnverifiedToken {
  readonly header: { readonly kid?: unknown; readonly alg?: unknown };
  readonly signature: string;
}

/** A token that must not be accepted; the message says why, for the log. */
export class InvalidToken extends Error {
  override readonly name = 'InvalidToken';
}

interface Dependencies {
  readonly keys: Pick<SigningKeys, 'current' | 'find'>;
  readonly settings: Pick<Settings, 'get'>;
  readonly issuer: string;
  readonly audience: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const TYPE = 'at+jwt';
/** A verifier whose clock runs behind sees `iat` in its future (FAPI 2.0 section 5.3.2.1 accepts 10 s, refuses 60 s). */
const MAX_CLOCK_SKEW_SECONDS = 60;

/** Signs access tokens, and says what else than their signature must hold. */
export function createAccessTokens({ keys, settings, issuer, audience, now }: Dependencies) {
  // Kept as long as the key: making a signer parses it, which costs more than a signature.
  const signers = new WeakMap<SigningKey, (claims: object) => string>();
  const randomId = createRandomIds();

  function signerOf(key: SigningKey): (claims: object) => string {
    let signer = signers.get(key);
    if (signer === undefined) {
      const { alg, kid, signingKey } = key;
      signer = createSigner({ key: signingKey, algorithm: alg, kid, header: { alg, typ: TYPE } });
      signers.set(key, signer);
    }
    return signer;
  }

  return {
    /** What of a token's verification never changes, in the words of fast-jwt. */
    verifyOptions: {
      algorithms: [...signingAlgorithms] as SigningAlgorithm[],
      checkTyp: TYPE,
      allowedIss: issuer,
      allowedAud: audience,
      requiredClaims: ['iss', 'aud', 'sub', 'user_id', 'sid', 'iat', 'exp'],
    },

    /** A signed token, valid for ACCESS_TOKEN_LIFETIME from now. */
    issue({ userId, sessionId, username, roles, permissions }: AccessTokenSubject): string {
      const iat = Math.floor(now() / 1000);
      const claims: AccessTokenClaims = {
        iss: issuer,
        aud: audience,
        sub: String(userId),
        user_id: userId,
        username,
        sid: String(sessionId),
        jti: randomId(),
        iat,
        exp: iat + settings.get('ACCESS_TOKEN_LIFETIME'),
        ...(roles.length > 0 && { roles }),
        ...(permissions.length > 0 && { permissions }),
      };
      return signerOf(keys.current())(claims);
    },

    /**
     * The key that a token must be verified with. Throws InvalidToken unless kid and alg are a pair of ours, and the
     * signature is spelled in the one way: its last letter may carry bits that decoding drops (RFC 4648 section 3.5).
     */
    verificationKey({ header, signature }: UnverifiedToken): VerificationKey {
      const key = typeof header.kid === 'string' ? keys.find(header.kid) : undefined;
      if (key === undefined) throw new InvalidToken('unknown kid');
      if (key.alg !== header.alg) throw new InvalidToken('alg is not that of the key');
      if (Buffer.from(signature, 'base64url').toString('base64url') !== signature)
        throw new InvalidToken('signature is not in canonical base64url');
      return key;
    },

    /** The last checks, on a payload whose signature is good: what is wrong with it, or undefined. */
    claimsError({ iat, exp, user_id: userId, sub, sid, roles = [] }: AccessTokenClaims): string | undefined {
      if (!Number.isInteger(iat) || !Number.isInteger(exp)) return 'iat or exp is not an integer';
      if (exp * 1000 <= now()) return 'expired';
      if (exp - iat > MAX_ACCESS_TOKEN_LIFETIME) return 'valid for too long';
      if (iat > now() / 1000 + MAX_CLOCK_SKEW_SECONDS) return 'issued in the future';
      const isUserId = Number.isInteger(userId) && userId >= 1 && userId <= MAX_INTEGER;
      if (!isUserId || sub !== String(userId) || !/^\d{1,16}$/.test(sid)) return 'not about one of our users';
      if (!Array.isArray(roles) || !roles.every((role) => typeof role === 'string')) return 'roles are not texts';
      return undefined;
    },
  };
}

export type AccessTokens = ReturnType<typeof createAccessTokens>;
