// Enforces `config.access`, in which every route declares its callers. (route-documentation.ts documents the same value.)
import type { onRequestAsyncHookHandler, preHandlerAsyncHookHandler, RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import { Problem } from '#platform/errors/problem.js';
import type { Operator } from '#roles/operator.js';
import type { Permission } from '#roles/permissions.js';

/**
 * `public`: any caller. `user`: the bearer of an access token. A permission: a bearer whose session is active and whose roles
 * grant the permission, according to the database at the time of the request.
 */
export type Access = 'public' | 'user' | Permission;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Required: the application does not start while a route lacks it. `docs/api-access.md` lists the value of each route. */
    access?: Access;
    /**
     * The operation needs a proof of identity that is not older than STEP_UP_MAX_AGE: always, or for some bodies. Operations of operators
     * that change something need none of this: STEP_UP_FOR_OPERATORS decides.
     */
    stepUp?: 'always' | ((body: never) => boolean);
  }
  interface FastifyRequest {
    /** The permissions of the bearer, on routes that require one; read from the database for this request. */
    permissions: readonly string[];
    /** The bearer as the operator of an administrative operation, on routes that ask for a permission. */
    readonly operator: Operator;
  }
}

export default fp(
  async (app) => {
    app.decorateRequest('permissions', null as never);
    app.decorateRequest('operator', {
      getter() {
        return { act: this.act, permissions: this.permissions };
      },
    });

    const requirePermission: onRequestAsyncHookHandler = async (request) => {
      // The session is checked first, so that a bearer whose session has ended learns nothing about permissions.
      await app.sessions.assertLive(request.user);
      const permissions = await app.roles.permissionsNow(request.user.userId);
      if (permissions === undefined) throw new Problem('invalid_token');
      if (!permissions.includes(request.routeOptions.config.access ?? '')) throw new Problem('forbidden');
      request.permissions = permissions;
    };

    const requireRecentProof: preHandlerAsyncHookHandler = async (request) => {
      const { stepUp } = request.routeOptions.config;
      const isSensitive =
        stepUp === undefined
          ? app.settings.get('STEP_UP_FOR_OPERATORS')
          : stepUp === 'always' || stepUp(request.body as never);
      if (isSensitive) await app.stepUp.assertRecent(request.user);
    };

    app.addHook('onRoute', (route) => {
      if (isPublic(route)) return;
      // After validation, which costs less than the query that a refusal needs.
      if (
        route.config?.stepUp !== undefined ||
        (route.config?.access !== 'user' && route.method !== 'GET' && route.method !== 'HEAD')
      )
        route.preHandler = [requireRecentProof, ...[route.preHandler ?? []].flat()];
      // onRequest runs before the body is read: an unauthenticated caller costs little and learns nothing about it.
      const guards = route.config?.access === 'user' ? [app.authenticate] : [app.authenticate, requirePermission];
      route.onRequest = [...guards, ...[route.onRequest ?? []].flat()];
    });
    app.addHook('onReady', async () => {
      const undeclared = app.routes.filter((route) => route.config?.access === undefined);
      if (undeclared.length > 0) {
        throw new Error(`routes without config.access: ${undeclared.map(({ url }) => url).join(', ')}`);
      }
    });
  },
  {
    name: 'access',
    dependencies: [
      'audit',
      'authentication',
      'handler-timeout',
      'roles',
      'route-registry',
      'second-factors',
      'sessions',
      'settings',
    ],
  },
);

/** A route that declares nothing has no guard either: the start fails before the route could be called. */
function isPublic({ config }: RouteOptions): boolean {
  return config?.access === undefined || config.access === 'public';
}
