// Who may call a route: each declares it in `config.access`, and a hook enforces it. (route-documentation.ts documents the same value.)
import fastifyJwt from '@fastify/jwt';
import type { FastifyRequest, onRequestAsyncHookHandler, onRequestHookHandler, RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import { Problem } from '#platform/errors/problem.js';
import { isRepeated } from '#platform/http/duplicate-headers.js';
import type { Permission } from '#roles/permissions.js';
import type { SessionRef } from '#sessions/service.js';
import type { AccessTokenClaims, UnverifiedToken } from '#tokens/service.js';
import { createVerifiedTokens } from '#tokens/verified-tokens.js';

/**
 * `public`: anybody. `user`: the bearer of an access token. A permission: a bearer whose session lives and whose roles give it,
 * as the database says now.
 */
export type Access = 'public' | 'user' | Permission;

/** The bearer of an access token: what the token alone says. */
export interface Bearer extends SessionRef {
  readonly roles: readonly string[];
  /** When the token expires, seconds since 1970. */
  readonly exp: number;
}

/** Of so many tokens it is remembered that they were verified: about 3 MB. */
const REMEMBERED_TOKENS = 10_000;

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** Of the key that its access token is being verified with. */
    tokenKid: string;
    /** What the bearer may do, on routes that ask for a permission; read from the database for this request. */
    permissions: readonly string[];
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
        // The plugin's own reading knows one space only; requireUser has judged the header by then.
        extractToken: (request) => bearerTokenOf(request.headers.authorization),
      },
      secret: {
        // Only verifies: tokens are signed by app.tokens. The key goes back by callback, which costs no promise.
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
      formatUser: ({ user_id: userId, sid, roles = [], exp }) => ({ userId, sessionId: Number(sid), roles, exp }),
    });
    app.decorateRequest('tokenKid', '');
    app.decorateRequest('permissions', null as never);

    const verified = createVerifiedTokens<Bearer>({ keys: app.keys, now: app.now, size: REMEMBERED_TOKENS });
    // With a callback: a token that was seen before costs no promise.
    const requireUser: onRequestHookHandler = (request, _reply, done) => {
      const { authorization = '' } = request.headers;
      const token = bearerTokenOf(authorization);
      // Another scheme is no token that is wrong, and gets a challenge without an error (RFC 6750 section 3.1).
      if (token === undefined) {
        return done(new Problem(/^bearer\b/i.test(authorization) ? 'invalid_token' : 'missing_token'));
      }
      if (isRepeated(request.raw.rawHeaders, 'authorization')) return done(new Problem('invalid_token'));
      const known = verified.find(token);
      if (known !== undefined) {
        request.user = known;
        return done();
      }
      request.jwtVerify<Bearer>().then(
        (bearer) => {
          verified.remember(token, { exp: bearer.exp, kid: request.tokenKid, value: bearer });
          done();
        },
        (cause: unknown) => done(new Problem('invalid_token', { cause })),
      );
    };

    const requirePermission: onRequestAsyncHookHandler = async (request) => {
      // Awaited one after the other: a session that is over learns nothing.
      await app.sessions.assertAlive(request.user);
      const permissions = await app.roles.permissionsNow(request.user.userId);
      if (permissions === undefined) throw new Problem('invalid_token');
      if (!permissions.includes(request.routeOptions.config.access ?? '')) throw new Problem('forbidden');
      request.permissions = permissions;
    };

    const routes: RouteOptions[] = [];
    app.addHook('onRoute', (route) => {
      routes.push(route);
      if (isPublic(route)) return;
      // Before the body is read: a stranger learns nothing about it, and costs nothing.
      const guards = route.config?.access === 'user' ? [requireUser] : [requireUser, requirePermission];
      route.onRequest = [...guards, ...[route.onRequest ?? []].flat()];
    });
    app.addHook('onReady', async () => {
      const open = routes.filter((route) => route.config?.access === undefined);
      if (open.length > 0) throw new Error(`routes without config.access: ${open.map(({ url }) => url).join(', ')}`);
    });
  },
  { name: 'access', dependencies: ['handler-timeout', 'keys', 'roles', 'sessions', 'tokens'] },
);

/**
 * RFC 9110 section 11.4 allows several spaces behind the scheme. Verified tokens are remembered by the token alone, so spaces
 * make no second entry.
 */
function bearerTokenOf(authorization = ''): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization)?.[1];
}

/** A route that declares nothing has no guard either: the start is refused before it could be called. */
function isPublic({ config }: RouteOptions): boolean {
  return config?.access === undefined || config.access === 'public';
}
