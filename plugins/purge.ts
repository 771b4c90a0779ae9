// app.purge: deletes sessions that are long over, throttles and old audit events, in the background of an instance that listens.
import fp from 'fastify-plugin';
import { createAuditRepository } from '#audit/repository.js';
import { createRecurringTask } from '#platform/concurrency/recurring-task.js';
import { createPurgeRepository } from '#purge/repository.js';
import { createPurge, type Purge } from '#purge/service.js';
import { createThrottlesRepository } from '#throttles/repository.js';

declare module 'fastify' {
  interface FastifyInstance {
    purge: Purge;
  }
}

const HOUR = 3_600_000;

export default fp(
  async (app) => {
    const { db, log, settings } = app;
    const purge = createPurge({
      repository: createPurgeRepository(db),
      audit: createAuditRepository(db),
      throttles: createThrottlesRepository(db),
      settings,
      log,
    });
    app.decorate('purge', purge);
    // Instances that were started together drift apart.
    const pause = () => (0.5 + Math.random()) * HOUR;
    const task = createRecurringTask({ name: 'purge', run: purge.run, pause, log });
    app.addHook('onListen', async () => task.start());
    app.addHook('onClose', task.stop);
  },
  { name: 'purge', dependencies: ['db', 'settings'] },
);
