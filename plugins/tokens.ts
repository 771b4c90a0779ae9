// app.tokens: access tokens, signed and verified with the key ring.
import fp from 'fastify-plugin';
import { createDerivedKeyRing } from '../src/tokens/key-ring.js';
import { type AccessTokens, createAccessTokens } from '../src/tokens/service.js';

declare module 'fastify' {
  interface FastifyInstance {
    tokens: AccessTokens;
  }
}

export default fp(
  async (app) => {
    const { secrets, issuer, audience } = app.config;
    const keys = createDerivedKeyRing(secrets);
    app.decorate('tokens', createAccessTokens({ keys, settings: app.settings, issuer, audience, now: app.now }));
  },
  { name: 'tokens', dependencies: ['settings'] },
);
