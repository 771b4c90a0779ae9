// app.quotas: what strangers can cause for an account, and what its owner can add to the audit log, limited in the database for all instances
// together.
import fp from 'fastify-plugin';
import { deriveKeys } from '#platform/config/secrets.js';
import { createQuotasRepository } from '#quotas/repository.js';
import { createQuotas, type Quotas } from '#quotas/service.js';

declare module 'fastify' {
  interface FastifyInstance {
    quotas: Quotas;
  }
}

export default fp(
  async (app) => {
    const { config, db, settings, throttles } = app;
    const keys = deriveKeys(config.secrets, 'quotas/v1');
    app.decorate('quotas', createQuotas({ repository: createQuotasRepository(db), keys, throttles, settings }));
  },
  { name: 'quotas', dependencies: ['db', 'settings', 'throttles'] },
);
