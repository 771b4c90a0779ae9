// app.keys: the signing keys of access tokens, in memory, kept fresh by app.watch.
import fp from 'fastify-plugin';
import { createSigningKeysRepository, SIGNING_KEYS_CHANNEL } from '../src/keys/repository.js';
import { createSeal } from '../src/keys/seal.js';
import { createSigningKeys, type SigningKeys } from '../src/keys/service.js';

declare module 'fastify' {
  interface FastifyInstance {
    keys: SigningKeys;
  }
}

export default fp(
  async (app) => {
    const { secrets, signingAlgorithm } = app.config;
    const keys = createSigningKeys({
      repository: createSigningKeysRepository(app.db),
      seal: createSeal(secrets),
      algorithm: signingAlgorithm,
      settings: app.settings,
      audit: app.audit,
      log: app.log,
    });
    await keys.start();
    app.watch.add({ what: 'signing keys', channel: SIGNING_KEYS_CHANNEL, reload: keys.reload });
    app.decorate('keys', keys);
  },
  { name: 'keys', dependencies: ['audit', 'db', 'settings', 'watch'] },
);
