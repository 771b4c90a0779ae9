// app.dueDeletions: deletes accounts whose owners asked to leave, in the background of every instance that listens.
import fp from 'fastify-plugin';
import { createAuditRepository } from '#audit/repository.js';
import { createJobsRepository } from '#jobs/repository.js';
import { createMailsRepository } from '#mail/repository.js';
import { createRecurringTask } from '#platform/concurrency/recurring-task.js';
import { createSessionsRepository } from '#sessions/repository.js';
import { createAccountDeletion } from '#users/deletion.js';
import { createDueDeletions, type DueDeletions } from '#users/leaving.js';
import { createUsersRepository } from '#users/repository.js';

declare module 'fastify' {
  interface FastifyInstance {
    dueDeletions: DueDeletions;
  }
}

const MINUTE_MILLISECONDS = 60_000;

export default fp(
  async (app) => {
    const { db, notices, audit, log } = app;
    const repository = createUsersRepository(db);
    const deletion = createAccountDeletion({
      repository,
      sessions: createSessionsRepository(db),
      audit: createAuditRepository(db),
      mails: createMailsRepository(app.db),
      jobs: createJobsRepository(db),
    });
    const dueDeletions = createDueDeletions({ repository, deletion, notices, audit, db, log });
    app.decorate('dueDeletions', dueDeletions);
    // Jitter: instances that were started together must not all look at the same moment.
    const pause = () => (0.5 + Math.random()) * MINUTE_MILLISECONDS;
    const task = createRecurringTask({ name: 'deletions', run: dueDeletions.run, pause, log });
    app.addHook('onListen', async () => task.start());
    app.addHook('onClose', task.stop);
  },
  { name: 'leaving', dependencies: ['audit', 'db', 'notices'] },
);
