// app.tokens: issues access tokens and verifies their claims.
import fp from 'fastify-plugin';
import { type AccessTokens, createAccessTokens } from '#tokens/service.js';

declare module 'fastify' {
  interface FastifyInstance {
    tokens: AccessTokens;
  }
}

export default fp(
  async (app) => {
    const { keys, settings, now } = app;
    const { issuer, audience } = app.config;
    app.decorate('tokens', createAccessTokens({ keys, settings, issuer, audience, now }));
  },
  { name: 'tokens', dependencies: ['keys', 'settings'] },
);
