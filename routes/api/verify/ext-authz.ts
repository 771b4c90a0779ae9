// /api/verify/ext-authz/…: the same as GET /api/verify/, in the form that ext_authz of Envoy asks in.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { identify } from '#schemas/identity-headers.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  // Envoy repeats the method of the request at hand, and its path behind a prefix. The router drops a slash at the end, and
  // a star is no empty path: the path `/` needs a route of its own.
  for (const url of ['/ext-authz', '/ext-authz/*']) {
    app.route({
      method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      url,
      config: { access: 'user', limit: 'none' },
      // OpenAPI has no parameter with slashes in it; docs/verify-tokens.md describes this.
      schema: { hide: true },
      // Answers here, behind the guard and before a body is looked at: the one of the request at hand is not for us.
      // Status 200 is Envoy's only yes.
      onRequest: async (request, reply) => reply.headers(identify(request.user)).code(200).send(),
      handler: async () => {},
    });
  }
};

export default route;
