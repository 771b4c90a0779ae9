// app.durability: says in the log when the database stops keeping what is committed; an instance that listens looks each minute.
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
    const { db, log } = app;
    const durability = createDurabilityWatch({ db, log });
    app.decorate('durability', durability);
    // The first look is soon: it is what warns at each start where DATABASE_DURABILITY lets it be unsafe.
    let looked = false;
    const pause = () => (looked ? MINUTE : 0);
    const run = () => {
      looked = true;
      return durability.check();
    };
    const task = createRecurringTask({ name: 'durability', run, pause, log });
    app.addHook('onListen', async () => task.start());
    app.addHook('onClose', task.stop);
  },
  { name: 'durability', dependencies: ['db'] },
);
