// Access tokens: JWTs (RFC 9068) signed with the active signing key and verified without the database.
import type { SigningKeys } from '#keys/service.js';
import type { SigningKey, VerificationKey } from '#keys/signing-key.js';
import { type SigningAlgorithm, signingAlgorithms } from '#platform/config/signing-algorithms.js';
import { MAX_INTEGER } from '#platform/database/integer.js';
import { MAX_ACCESS_TOKEN_LIFETIME } from '#settings/registry.js';
import type { Settings } from '#settings/service.js';
import { createRandomIds } from './random-ids.js';
import { createTokenSigner } from './signer.js';

/** The subject of an access token. */
export interface AccessTokenSubject {
  readonly userId: number;
  readonly sessionId: number;
  readonly username: string;
  readonly emailVerified: boolean;
  readonly roles: readonly string[];
  /** The permissions that the roles grant. */
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
  /** Whether the account's address was verified when the token was issued. Missing in tokens of older versions. */
  readonly email_verified?: boolean;
  /** The session id, as text. */
  readonly sid: string;
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  readonly roles?: readonly string[];
  readonly permissions?: readonly string[];
}

/** A token as received. Nothing in it can be trusted. */
export interface UnverifiedToken {
  readonly header: { readonly kid?: unknown; readonly alg?: unknown };
  readonly signature: string;
}

/** A token that must be rejected. The message says why, for the log. */
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
/** For a verifier whose clock is behind, `iat` is in the future (FAPI 2.0 section 5.3.2.1 accepts 10 s and rejects 60 s). */
const MAX_CLOCK_SKEW_SECONDS = 60;

/** Issues access tokens, and provides the checks that their verification needs beyond the signature. */
export function createAccessTokens({ keys, settings, issuer, audience, now }: Dependencies) {
  // Cached for the lifetime of the key: creating a signer parses the key, which costs more than a signature.
  const signers = new WeakMap<SigningKey, (claims: object) => string>();
  const randomId = createRandomIds();

  function signerOf(key: SigningKey): (claims: object) => string {
    let signer = signers.get(key);
    if (signer === undefined) {
      signer = createTokenSigner(key, TYPE);
      signers.set(key, signer);
    }
    return signer;
  }

  return {
    /** The constant options of verification, as fast-jwt names them. */
    verifyOptions: {
      algorithms: [...signingAlgorithms] as SigningAlgorithm[],
      checkTyp: TYPE,
      allowedIss: issuer,
      allowedAud: audience,
      requiredClaims: ['iss', 'aud', 'sub', 'user_id', 'sid', 'iat', 'exp'],
    },

    /** Issues a signed token that is valid for ACCESS_TOKEN_LIFETIME. */
    issue({ userId, sessionId, username, emailVerified, roles, permissions }: AccessTokenSubject): string {
      const iat = Math.floor(now() / 1000);
      const claims: AccessTokenClaims = {
        iss: issuer,
        aud: audience,
        sub: String(userId),
        user_id: userId,
        username,
        email_verified: emailVerified,
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
     * The key that a token must be verified with. Throws InvalidToken if `kid` is unknown, if `alg` is not the algorithm of that key, or
     * if the signature is not canonical: its last character can contain bits that decoding ignores (RFC 4648 section 3.5).
     */
    verificationKey({ header, signature }: UnverifiedToken): VerificationKey {
      const key = typeof header.kid === 'string' ? keys.find(header.kid) : undefined;
      if (key === undefined) throw new InvalidToken('unknown kid');
      if (key.alg !== header.alg) throw new InvalidToken('alg does not match the key');
      if (Buffer.from(signature, 'base64url').toString('base64url') !== signature)
        throw new InvalidToken('signature is not canonical base64url');
      return key;
    },

    /** Checks the payload of a token with a valid signature. Returns what is wrong with it, or undefined. */
    findClaimError({ iat, exp, user_id: userId, sub, sid, roles = [] }: AccessTokenClaims): string | undefined {
      if (!Number.isInteger(iat) || !Number.isInteger(exp)) return 'iat or exp is not an integer';
      if (exp * 1000 <= now()) return 'expired';
      if (exp - iat > MAX_ACCESS_TOKEN_LIFETIME) return 'valid for too long';
      if (iat > now() / 1000 + MAX_CLOCK_SKEW_SECONDS) return 'issued in the future';
      const isUserId = Number.isInteger(userId) && userId >= 1 && userId <= MAX_INTEGER;
      if (!isUserId || sub !== String(userId) || !/^\d{1,16}$/.test(sid)) return 'invalid user or session id';
      if (!Array.isArray(roles) || !roles.every((role) => typeof role === 'string')) return 'roles are not strings';
      return undefined;
    },
  };
}

export type AccessTokens = ReturnType<typeof createAccessTokens>;
