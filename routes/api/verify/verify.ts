// GET /api/verify/: whether an access token is good, for proxies that ask before they let a request through.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { identify, identityHeaders } from '#schemas/identity-headers.js';

import { noContent } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'user', limit: 'none', deadline: 'none' },
      schema: {
        operationId: 'verifyToken',
        tags: ['Token'],
        summary: 'Verify an access token',
        description:
          'For `auth_request` of nginx and ForwardAuth of Traefik, which ask with the headers of the request at hand. The token alone is judged, without the database: a session that has ended goes on until its access token expires.',
        response: { 204: noContent('The token is good.', { headers: identityHeaders }) },
      },
    },
    (request, reply) => void reply.headers(identify(request.user)).code(204).send(),
  );
};

export default route;
