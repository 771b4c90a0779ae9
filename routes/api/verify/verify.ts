// GET /api/verify/: verifies an access token, for proxies that authenticate requests with a subrequest.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { identityHeaders, identityHeadersOf } from '#schemas/identity-headers.js';
import { noContent } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'user', limit: 'none', deadline: 'none', anyRegion: true },
      schema: {
        operationId: 'verifyToken',
        summary: 'Verify an access token',
        description:
          'Verifies the access token of a request, for `auth_request` in nginx and ForwardAuth in Traefik, which forward the headers of the original request. The check does not use the database: after a session has ended, its access token stays valid until it expires.',
        response: { 204: noContent('The token is valid.', { headers: identityHeaders }) },
      },
    },
    (request, reply) => void reply.headers(identityHeadersOf(request.user)).code(204).send(),
  );
};

export default route;
