// app.throttles: how often passwords may be tried, counted in the database for all instances together.
import fp from 'fastify-plugin';
import { deriveKeys } from '#platform/config/secrets.js';
import { createClientNetworks } from '#platform/http/client-network.js';
import { createThrottlesRepository } from '#throttles/repository.js';
import { createThrottles, type Throttles } from '#throttles/service.js';

declare module 'fastify' {
  interface FastifyInstance {
    throttles: Throttles;
  }
}

export default fp(
  async (app) => {
    const { db, settings, log } = app;
    const { workers, secrets, trustedProxies } = app.config;
    const networkOf = createClientNetworks(trustedProxies);
    const keys = deriveKeys(secrets, 'throttle/v1');
    const repository = createThrottlesRepository(db);
    app.decorate('throttles', createThrottles({ repository, keys, settings, networkOf, workers, db, log }));
  },
  { name: 'throttles', dependencies: ['db', 'settings'] },
);
