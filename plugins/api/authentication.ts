// app.authenticate: the onRequest hook that identifies the bearer of an access token and sets `request.user`.
import fastifyJwt from '@fastify/jwt';
import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import fp from 'fastify-plugin';
import { Problem } from '#platform/errors/problem.js';
import { isRepeated } from '#platform/http/duplicate-headers.js';
import type { SessionRef } from '#sessions/service.js';
import type { AccessTokenClaims, UnverifiedToken } from '#tokens/service.js';
import { createVerifiedTokens } from '#tokens/verified-tokens.js';

/** The bearer of an access token, as described by the token alone. */
export interface Bearer extends SessionRef {
  readonly roles: readonly string[];
  /** When the owner of the session last proved their identity, in seconds since 1970. Undefined in tokens of older versions. */
  readonly authTime: number | undefined;
  /** Whether the account has to add a second factor, and the token is good for nothing else. */
  readonly mustEnrol: boolean;
  /** When the token expires, in seconds since 1970. */
  readonly exp: number;
}

/** The number of verified tokens to remember; 10,000 take about 3 MB. */
const MAX_VERIFIED_TOKENS = 10_000;

declare module 'fastify' {
  interface FastifyInstance {
    /** Fails with `missing_token` or `invalid_token`. */
    authenticate: onRequestHookHandler;
  }
  interface FastifyContextConfig {
    /** Whether an account that has to add a second factor can call the operation. */
    enrolment?: true;
  }
  interface FastifyRequest {
    /** The `kid` of the key that verifies the access token. */
    tokenKid: string;
  }
}

declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: AccessTokenClaims;
    user: Bearer;
  }
}

export default fp(
  async (app) => {
    await app.register(fastifyJwt, {
      decode: { complete: true },
      verify: {
        ...app.tokens.verifyOptions,
        // The plugin's own parser accepts a single space only. `authenticate` has checked the header by then.
        extractToken: (request) => bearerTokenOf(request.headers.authorization),
      },
      secret: {
        // Used for verification only: app.tokens signs. The key is passed to a callback, which needs no promise.
        public: ((
          request: FastifyRequest,
          token: UnverifiedToken,
          done: (error: Error | null, key?: string) => void,
        ) => {
          try {
            const { kid, verificationKey } = app.tokens.verificationKey(token);
            request.tokenKid = kid;
            done(null, verificationKey);
          } catch (error) {
            done(error as Error);
          }
        }) as never,
      },
      trusted: (request, claims) => {
        const wrong = app.tokens.findClaimError(claims as AccessTokenClaims);
        if (wrong !== undefined) request.log.debug({ wrong }, 'access token refused');
        return wrong === undefined;
      },
      formatUser: (claims) => {
        const { user_id: userId, sid, roles = [], auth_time: authTime, exp } = claims;
        return { userId, sessionId: Number(sid), roles, authTime, mustEnrol: app.tokens.isForEnrolment(claims), exp };
      },
    });
    app.decorateRequest('tokenKid', '');

    const verified = createVerifiedTokens<Bearer>({ keys: app.keys, now: app.now, size: MAX_VERIFIED_TOKENS });
    // Takes a callback, so that a token which was verified before costs no promise.
    app.decorate('authenticate', (request, _reply, done) => {
      const { authorization = '' } = request.headers;
      const token = bearerTokenOf(authorization);
      // A scheme other than Bearer carries no access token: the challenge names no error (RFC 6750 section 3.1).
      if (token === undefined) {
        return done(new Problem(/^bearer\b/i.test(authorization) ? 'invalid_token' : 'missing_token'));
      }
      if (isRepeated(request.raw.rawHeaders, 'authorization')) return done(new Problem('invalid_token'));
      const known = verified.find(token);
      if (known !== undefined) {
        request.user = known;
        return done(refusalOf(request, known));
      }
      request.jwtVerify<Bearer>().then(
        (bearer) => {
          verified.remember(token, { exp: bearer.exp, kid: request.tokenKid, value: bearer });
          done(refusalOf(request, bearer));
        },
        (cause: unknown) => done(new Problem('invalid_token', { cause })),
      );
    });
  },
  { name: 'authentication', dependencies: ['keys', 'tokens'] },
);

/** Default deny: an account that has to add a second factor can call only the operations that say so. */
function refusalOf(request: FastifyRequest, { mustEnrol }: Bearer): Problem | undefined {
  // Fastify makes a new object for `routeOptions` each time it is read.
  return mustEnrol && request.routeOptions.config.enrolment !== true
    ? new Problem('second_factor_enrolment_required')
    : undefined;
}

/**
 * RFC 9110 section 11.4 allows several spaces after the scheme. Verified tokens are remembered by the token alone, so spaces
 * do not create a second entry.
 */
function bearerTokenOf(authorization = ''): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization)?.[1];
}
