// app.instances: the running instances. A process that listens keeps a heartbeat in the table until it closes.
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

const HEARTBEAT_MILLISECONDS = 5000;

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
    const heartbeat = createRecurringTask({
      name: 'instances',
      run: instances.sendHeartbeat,
      pause: () => HEARTBEAT_MILLISECONDS,
      log,
    });
    settings.onChange(() => void instances.sendHeartbeat());
    app.addHook('onListen', async () => {
      // Not awaited: the service starts to serve without waiting for the database.
      void instances.join();
      heartbeat.start();
    });
    app.addHook('onClose', async () => {
      await heartbeat.stop();
      await instances.leave();
    });
  },
  { name: 'instances', dependencies: ['db', 'settings'] },
);
