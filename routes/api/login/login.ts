// POST /api/login/: a password begins a session.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { bodyErrors, databaseErrors, problems } from '../../../src/schemas/problem.js';
import { Email, Password } from '../../../src/schemas/text.js';
import { TokenPair, tokenPair } from '../../../src/schemas/token-pair.js';

const LoginBody = Type.Object({ email: Email, password: Password });

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'login',
        tags: ['Session'],
        summary: 'Log in',
        description:
          'Exchanges e-mail address and password for a token pair, and begins a session. Unknown address, wrong password and disabled account get the same answer after the same time.',
        body: LoginBody,
        response: {
          200: { description: 'A session has begun.', content: { 'application/json': { schema: TokenPair } } },
          ...problems(...bodyErrors, 'invalid_credentials', 'overloaded', ...databaseErrors),
        },
      },
    },
    async (request) => {
      const user = await app.users.authenticate(request.body);
      const session = await app.sessions.start(user, { ip: request.ip, userAgent: request.headers['user-agent'] });
      const { userId, sessionId } = session;
      request.log.info({ event: 'logged_in', userId, sessionId, ip: request.ip }, 'logged in');
      return tokenPair(session);
    },
  );
};

export default route;
