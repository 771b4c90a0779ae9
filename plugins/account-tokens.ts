// app.accountTokens: single-use tokens that are sent by mail.
import fp from 'fastify-plugin';
import { createAccountTokensRepository } from '#account-tokens/repository.js';
import { type AccountTokens, createAccountTokens } from '#account-tokens/service.js';

declare module 'fastify' {
  interface FastifyInstance {
    accountTokens: AccountTokens;
  }
}

export default fp(
  async (app) => {
    app.decorate('accountTokens', createAccountTokens({ repository: createAccountTokensRepository(app.db) }));
  },
  { name: 'account-tokens', dependencies: ['db'] },
);
