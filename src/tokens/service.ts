// Access tokens: JWTs (RFC 9068) signed with the active signing key and verified without the database.
import type { SigningKeys } from '#keys/service.js';
import type { SigningKey, VerificationKey } from '#keys/signing-key.js';
import { type SigningAlgorithm, signingAlgorithms } from '#platform/config/signing-algorithms.js';
import { MAX_INTEGER } from '#platform/database/integer.js';
import { MAX_ACCESS_TOKEN_LIFETIME } from '#settings/registry.js';
import type { Settings } from '#settings/service.js';
import { acrOf } from './authentication.js';
import { createRandomIds } from './random-ids.js';
import { createTokenSigner } from './signer.js';

/** The subject of an access token. */
export interface AccessTokenSubject {
  readonly userId: number;
  readonly sessionId: number;
  readonly username: string;
  readonly emailVerified: boolean;
  /** When the owner last proved their identity, in seconds since 1970. */
  readonly authTime: number;
  /** How: see src/tokens/authentication.ts. Empty if it was not recorded. */
  readonly methods: readonly string[];
  readonly roles: readonly string[];
  /** The permissions that the roles grant. */
  readonly permissions: readonly string[];
  /** Whether the account has to add a second factor first: the token then has an audience of its own, and other services refuse it. */
  readonly mustEnrol: boolean;
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
  /** When and how the owner last proved their identity (RFC 9068 section 2.2.1). Missing in tokens of older versions. */
  readonly auth_time?: number;
  readonly amr?: readonly string[] | undefined;
  readonly acr?: string | undefined;
  readonly iat: number;
  readonly exp: number;
  readonly roles?: readonly string[] | undefined;
  readonly permissions?: readonly string[] | undefined;
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
/** What the audience of a token ends with whose account has to add a second factor. */
const ENROLMENT = '#second-factor-enrolment';
/** For a verifier whose clock is behind, `iat` is in the future (FAPI 2.0 section 5.3.2.1 accepts 10 s and rejects 60 s). */
const MAX_CLOCK_SKEW_SECONDS = 60;

/** Issues access tokens, and provides the checks that their verification needs beyond the signature. */
export function createAccessTokens({ keys, settings, issuer, audience, now }: Dependencies) {
  // Cached for the lifetime of the key: creating a signer parses the key, which costs more than a signature.
  const signers = new WeakMap<SigningKey, (claims: object) => string>();
  const randomId = createRandomIds();
  const enrolmentAudience = `${audience}${ENROLMENT}`;

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
      allowedAud: [audience, enrolmentAudience],
      requiredClaims: ['iss', 'aud', 'sub', 'user_id', 'sid', 'iat', 'exp'],
    },

    /** Whether a token is good for nothing but adding a second factor. */
    isForEnrolment: ({ aud }: AccessTokenClaims): boolean => aud === enrolmentAudience,

    /** Issues a signed token that is valid for ACCESS_TOKEN_LIFETIME. */
    issue(subject: AccessTokenSubject): string {
      const { userId, sessionId, username, emailVerified, authTime, methods, roles, permissions, mustEnrol } = subject;
      const iat = Math.floor(now() / 1000);
      const claims: AccessTokenClaims = {
        iss: issuer,
        aud: mustEnrol ? enrolmentAudience : audience,
        sub: String(userId),
        user_id: userId,
        username,
        email_verified: emailVerified,
        sid: String(sessionId),
        jti: randomId(),
        auth_time: authTime,
        // An access token that says nothing about the methods says nothing about their strength either. JSON has no undefined members.
        amr: methods.length > 0 ? methods : undefined,
        acr: methods.length > 0 ? acrOf(methods) : undefined,
        iat,
        exp: iat + settings.get('ACCESS_TOKEN_LIFETIME'),
        roles: roles.length > 0 && !mustEnrol ? roles : undefined,
        permissions: permissions.length > 0 && !mustEnrol ? permissions : undefined,
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
