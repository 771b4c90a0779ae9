// app.readiness: whether this instance should receive traffic.
import fp from 'fastify-plugin';
import { readDurability } from '#platform/database/durability.js';
import { Problem } from '#platform/errors/problem.js';

declare module 'fastify' {
  interface FastifyInstance {
    readiness: {
      /** Makes the instance report "not ready", because the process is about to stop. */
      drain(): void;
      /** Rejects if the database does not answer or does not accept writes. */
      check(): Promise<boolean>;
    };
  }
}

export default fp(
  async (app) => {
    let draining = false;
    // Concurrent probes share one query, so that many probes do not fill the queue of the database pool.
    let pending: ReturnType<typeof readDurability> | undefined;
    const readShared = () => {
      pending ??= readDurability(app.db).finally(() => {
        pending = undefined;
      });
      return pending;
    };
    app.decorate('readiness', {
      drain: () => {
        draining = true;
      },
      check: async () => {
        if (draining) return false;
        // After a failover, the connections may lead to a read-only server, which cannot serve logins.
        const { readOnly } = await readShared();
        // Without a signing key, logins and refreshes would fail while everything else works.
        if (readOnly || !app.keys.canSign()) throw new Problem('database_unavailable');
        return true;
      },
    });
  },
  { name: 'readiness', dependencies: ['db', 'keys'] },
);
