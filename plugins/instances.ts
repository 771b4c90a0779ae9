// app.instances: who serves; a process that listens writes itself down until it closes.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import fp from 'fastify-plugin';
import { createInstancesRepository } from '#instances/repository.js';
import { createInstances, type Instances } from '#instances/service.js';
import { createRecurringTask } from '#platform/concurrency/recurring-task.js';
import { packageVersion } from '#platform/process/package-info.js';

declare module 'fastify' {
  interface FastifyInstance {
    instances: Pick<Instances, 'list'>;
  }
}

const BEAT_MILLISECONDS = 5000;

export default fp(
  async (app) => {
    const { log, settings } = app;
    const instances = createInstances({
      repository: createInstancesRepository(app.db),
      settings,
      self: { id: randomUUID(), host: hostname(), version: packageVersion },
      log,
    });
    app.decorate('instances', instances);
    const heart = createRecurringTask({ name: 'instances', run: instances.beat, pause: () => BEAT_MILLISECONDS, log });
    settings.onChange(() => void instances.beat());
    app.addHook('onListen', async () => {
      // Not waited for: to serve comes first.
      void instances.join();
      heart.start();
    });
    app.addHook('onClose', async () => {
      await heart.stop();
      await instances.leave();
    });
  },
  { name: 'instances', dependencies: ['db', 'settings'] },
);
