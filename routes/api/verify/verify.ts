// GET /api/verify/: whether an access token is good, for proxies that ask before they let a request through.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { problems, tokenErrors } from '../../../src/schemas/problem.js';
import { noContent } from '../../../src/schemas/success.js';

const headers = {
  'X-User-Id': Type.Integer({ minimum: 1, description: 'The account: `user_id` of the token.' }),
  'X-User-Roles': Type.String({
    description:
      'Its roles, comma-separated, each percent-encoded; empty when there are none, so that a proxy which copies the header overwrites one that a stranger has sent.',
  }),
};

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'user' },
      schema: {
        operationId: 'verifyToken',
        tags: ['Token'],
        summary: 'Verify an access token',
        description:
          'For `auth_request` of nginx and ForwardAuth of Traefik, which ask with the headers of the request at hand. The token alone is judged, without the database: a session that has ended goes on until its access token expires.',
        response: { 204: noContent('The token is good.', { headers }), ...problems(...tokenErrors) },
      },
    },
    async (request, reply) => {
      const { userId, roles } = request.user;
      reply.headers({ 'x-user-id': userId, 'x-user-roles': roles.map(encodeURIComponent).join() });
      return reply.code(204).send();
    },
  );
};

export default route;
