// app.keys: the signing keys of access tokens, held in memory and reloaded by app.tableWatcher.
import fp from 'fastify-plugin';
import { createKeyEncryption } from '#keys/key-encryption.js';
import { createSigningKeysRepository, SIGNING_KEYS_CHANNEL } from '#keys/repository.js';
import { createSigningKeys, type SigningKeys } from '#keys/service.js';
import { duringStart } from '#platform/database/deadline.js';

declare module 'fastify' {
  interface FastifyInstance {
    keys: SigningKeys;
  }
}

export default fp(
  async (app) => {
    const { secrets, signingAlgorithm } = app.config;
    const keys = createSigningKeys({
      repository: createSigningKeysRepository(app.essentialDb),
      encryption: createKeyEncryption(secrets),
      algorithm: signingAlgorithm,
      settings: app.settings,
      audit: app.audit,
      log: app.log,
    });
    await duringStart(keys.start);
    app.tableWatcher.add({ name: 'signing keys', channel: SIGNING_KEYS_CHANNEL, reload: keys.reload });
    app.decorate('keys', keys);
  },
  { name: 'keys', dependencies: ['audit', 'db', 'settings', 'table-watcher'] },
);
