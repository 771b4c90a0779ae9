// app.readiness: whether this instance should get traffic.
import fp from 'fastify-plugin';
import { readDurability } from '#platform/database/durability.js';
import { Problem } from '#platform/errors/problem.js';

declare module 'fastify' {
  interface FastifyInstance {
    readiness: {
      /** From now on not ready: the process is about to stop. */
      drain(): void;
      /** Rejects when the database does not answer, and when it takes no writes. */
      check(): Promise<boolean>;
    };
  }
}

export default fp(
  async (app) => {
    let draining = false;
    app.decorate('readiness', {
      drain: () => {
        draining = true;
      },
      check: async () => {
        if (draining) return false;
        // After a failover, it may be the wrong server that answers: one that reads and cannot write is of no use.
        const { readOnly } = await readDurability(app.db);
        // Without a key that signs, everything but a login and a refresh would be answered.
        if (readOnly || !app.keys.canSign()) throw new Problem('database_unavailable');
        return true;
      },
    });
  },
  { name: 'readiness', dependencies: ['db', 'keys'] },
);
