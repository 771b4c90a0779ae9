// /api/verify/ext-authz/…: GET /api/verify/ in the form that Envoy's ext_authz filter requests it.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { identityHeadersOf } from '#schemas/identity-headers.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  // Envoy sends the method of the original request, and its path after a prefix. The router ignores a trailing slash, and `*` does not
  // match an empty path, so the path `/` needs a route of its own.
  for (const url of ['/ext-authz', '/ext-authz/*']) {
    app.route({
      method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      url,
      config: { access: 'user', limit: 'none', anyRegion: true },
      // OpenAPI cannot describe a path parameter that contains slashes; docs/verify-tokens.md documents this route.
      schema: { hide: true },
      // Responds in this hook, after the access check and before the body is parsed: the body belongs to the original request.
      // Envoy accepts only the status 200.
      onRequest: async (request, reply) => reply.headers(identityHeadersOf(request.user)).code(200).send(),
      handler: async () => {},
    });
  }
};

export default route;
