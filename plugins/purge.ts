// Deletes ended sessions, unused throttles, full quotas, and old audit events, mails and tokens in the background of every instance that
// listens.
import fp from 'fastify-plugin';
import { createAuditRepository } from '#audit/repository.js';
import { createMailsRepository } from '#mail/repository.js';
import { createRecurringTask } from '#platform/concurrency/recurring-task.js';
import { createPurgeRepository } from '#purge/repository.js';
import { createPurge } from '#purge/service.js';
import { createQuotasRepository } from '#quotas/repository.js';
import { createThrottlesRepository } from '#throttles/repository.js';

const HOUR_MILLISECONDS = 3_600_000;

export default fp(
  async (app) => {
    const { db, log, settings } = app;
    const purge = createPurge({
      repository: createPurgeRepository(db),
      audit: createAuditRepository(db),
      mails: createMailsRepository(db),
      throttles: createThrottlesRepository(db),
      quotas: createQuotasRepository(db),
      settings,
      log,
    });
    // Jitter: instances that were started together must not keep purging at the same time.
    const pause = () => (0.5 + Math.random()) * HOUR_MILLISECONDS;
    const task = createRecurringTask({ name: 'purge', run: purge.run, pause, log });
    app.addHook('onListen', async () => task.start());
    app.addHook('onClose', task.stop);
  },
  { name: 'purge', dependencies: ['db', 'settings'] },
);
