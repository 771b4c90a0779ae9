// app.dueDeletions: deletes accounts whose owners asked to leave, in the background of every instance that listens.
import fp from 'fastify-plugin';
import { createRecurringTask } from '#platform/concurrency/recurring-task.js';
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
    const { accountDeletion: deletion, db, notices, audit, log } = app;
    const repository = createUsersRepository(db);
    const dueDeletions = createDueDeletions({ repository, deletion, notices, audit, db, log });
    app.decorate('dueDeletions', dueDeletions);
    // Jitter: instances that were started together must not all look at the same moment.
    const pause = () => (0.5 + Math.random()) * MINUTE_MILLISECONDS;
    const task = createRecurringTask({ name: 'deletions', run: dueDeletions.run, pause, log });
    app.addHook('onListen', async () => task.start());
    app.addHook('onClose', task.stop);
  },
  { name: 'leaving', dependencies: ['audit', 'db', 'notices', 'users'] },
);
