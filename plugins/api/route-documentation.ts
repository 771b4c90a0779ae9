// Completes the schema of every route from its config: the required token or permission, and the errors that it can return.
import type { RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import { type DocumentedError, type OperationKind, problems } from '#schemas/problem.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The errors of this operation, in addition to those that follow from its access, body and limits. */
    errors?: readonly DocumentedError[];
  }
}

export default fp(
  async (app) => {
    app.addHook('onRoute', (route) => {
      // Only documented routes have a schema with an operationId; HEAD shares that of GET and is not documented.
      if (route.schema?.operationId === undefined || route.method === 'HEAD') return;
      const kind = kindOf(route);
      const { description, response } = route.schema;
      route.schema = {
        ...route.schema,
        security: kind.needsToken ? [{ bearerAuth: [] }] : [],
        ...(kind.needsPermission && {
          description: `${description} Requires the permission \`${route.config?.access}\`.`,
        }),
        response: { ...(response as object), ...problems(route.config?.errors ?? [], kind) },
      };
    });
  },
  { name: 'route-documentation', dependencies: ['access', 'rate-limits'] },
);

function kindOf({ method, config }: RouteOptions): OperationKind {
  const access = config?.access ?? 'public';
  return {
    takesBody: method !== 'GET',
    needsToken: access !== 'public',
    needsPermission: access !== 'public' && access !== 'user',
    isLimited: config?.limit !== 'none',
  };
}
