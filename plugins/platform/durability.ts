// app.durability: checks every minute while the app is listening, and logs when commits to the database are no longer durable.
import fp from 'fastify-plugin';
import { createRecurringTask } from '#platform/concurrency/recurring-task.js';
import { createDurabilityWatch } from '#platform/database/durability.js';

declare module 'fastify' {
  interface FastifyInstance {
    durability: ReturnType<typeof createDurabilityWatch>;
  }
}

const MINUTE = 60_000;

export default fp(
  async (app) => {
    const { essentialDb, log } = app;
    const durability = createDurabilityWatch({ db: essentialDb, log });
    app.decorate('durability', durability);
    // The first check is immediate: it logs the warning at each start if DATABASE_DURABILITY allows an unsafe database.
    let hasChecked = false;
    const pause = () => (hasChecked ? MINUTE : 0);
    const run = () => {
      hasChecked = true;
      return durability.check();
    };
    const task = createRecurringTask({ name: 'durability', run, pause, log });
    app.addHook('onListen', async () => task.start());
    app.addHook('onClose', task.stop);
  },
  { name: 'durability', dependencies: ['db'] },
);
