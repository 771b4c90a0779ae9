// app.activity: how many logins, refreshes and registrations there were in each hour. A process that listens adds its counts to the table
// every half minute, and when it closes.
import fp from 'fastify-plugin';
import { createActivityRepository } from '#activity/repository.js';
import { type Activity, createActivity } from '#activity/service.js';
import { createRecurringTask } from '#platform/concurrency/recurring-task.js';

declare module 'fastify' {
  interface FastifyInstance {
    activity: Activity;
  }
}

const PAUSE_MILLISECONDS = 30_000;

export default fp(
  async (app) => {
    const { db, log, outcomes } = app;
    const activity = createActivity({ repository: createActivityRepository(db), totals: outcomes.totals });
    app.decorate('activity', activity);
    const task = createRecurringTask({ name: 'activity', run: activity.save, pause: () => PAUSE_MILLISECONDS, log });
    let isListening = false;
    app.addHook('onListen', async () => {
      isListening = true;
      task.start();
    });
    app.addHook('onClose', async () => {
      await task.stop();
      if (!isListening) return;
      await activity.save().catch((err: unknown) => log.warn({ err }, 'the last counts of logins could not be stored'));
    });
  },
  { name: 'activity', dependencies: ['db', 'service-metrics'] },
);
