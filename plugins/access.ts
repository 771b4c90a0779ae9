// Who may call a route: each declares it in `config.access`, and this one hook both enforces it and documents it.
import fastifyJwt from '@fastify/jwt';
import type { FastifyRequest, RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import { Problem } from '../src/errors/problem.js';
import type { SessionRef } from '../src/sessions/service.js';
import type { AccessTokenClaims, UnverifiedToken } from '../src/tokens/service.js';

/** `public`: anybody. `user`: the bearer of an access token. */
export type Access = 'public' | 'user';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyInstance {
    /** Every route, those of the documentation pages included; `docs/api-access.md` is checked against it. */
    routes: readonly RouteOptions[];
  }
}

declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: AccessTokenClaims;
    /** Whose token it is, and of which session. Taken from the token alone. */
    user: SessionRef;
  }
}

export default fp(
  async (app) => {
    await app.register(fastifyJwt, {
      decode: { complete: true },
      verify: app.tokens.verifyOptions,
      secret: {
        // Only verifies: tokens are signed by app.tokens. The key goes back by callback, which costs no promise.
        public: ((
          _request: FastifyRequest,
          token: UnverifiedToken,
          done: (error: Error | null, key?: string) => void,
        ) => {
          try {
            done(null, app.tokens.verificationKey(token));
          } catch (error) {
            done(error as Error);
          }
        }) as never,
      },
      trusted: (request, claims) => {
        const wrong = app.tokens.refuse(claims as AccessTokenClaims);
        if (wrong !== undefined) request.log.debug({ wrong }, 'access token refused');
        return wrong === undefined;
      },
      formatUser: ({ user_id: userId, sid }) => ({ userId, sessionId: Number(sid) }),
    });

    const routes: RouteOptions[] = [];
    app.decorate('routes', routes);
    app.addHook('onRoute', (route) => {
      routes.push(route);
      if (route.schema !== undefined)
        route.schema.security = route.config?.access === 'user' ? [{ bearerAuth: [] }] : [];
      if (route.config?.access !== 'user') return;
      // Before the body is read: a stranger learns nothing about it, and costs nothing.
      route.onRequest = [requireUser, ...[route.onRequest ?? []].flat()];
    });
    app.addHook('onReady', async () => {
      const open = routes.filter((route) => route.config?.access === undefined);
      if (open.length > 0) throw new Error(`routes without config.access: ${open.map(({ url }) => url).join(', ')}`);
    });
  },
  { name: 'access', dependencies: ['tokens'] },
);

async function requireUser(request: FastifyRequest): Promise<void> {
  // Another scheme is no token that is wrong, and gets a challenge without an error (RFC 6750 section 3.1).
  if (!/^bearer\b/i.test(request.headers.authorization ?? '')) throw new Problem('missing_token');
  try {
    await request.jwtVerify();
  } catch (error) {
    throw new Problem('invalid_token', { cause: error });
  }
}
