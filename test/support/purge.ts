// The purge of an instance, for tests that run it themselves.
import { createAuditRepository } from '#audit/repository.js';
import { createMailsRepository } from '#mail/repository.js';
import { createPurgeRepository } from '#purge/repository.js';
import { createPurge } from '#purge/service.js';
import { createQuotasRepository } from '#quotas/repository.js';
import { createThrottlesRepository } from '#throttles/repository.js';
import type { TestApp } from './app.js';

/** Purges in small batches, without pauses. */
export function purgeOf(
  { app }: Pick<TestApp, 'app'>,
  batchSize = 5,
  repository: ReturnType<typeof createPurgeRepository> = createPurgeRepository(app.db),
) {
  return createPurge({
    repository,
    audit: createAuditRepository(app.db),
    mails: createMailsRepository(app.db),
    throttles: createThrottlesRepository(app.db),
    quotas: createQuotasRepository(app.db),
    settings: app.settings,
    log: app.log,
    batchSize,
    pause: 0,
  });
}
