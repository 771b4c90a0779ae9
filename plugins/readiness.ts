// app.readiness: whether this instance should get traffic.
import { sql } from 'drizzle-orm';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyInstance {
    readiness: {
      /** From now on not ready: the process is about to stop. */
      drain(): void;
      /** Rejects when the database does not answer. */
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
        await app.db.execute(sql`select 1`);
        return true;
      },
    });
  },
  { name: 'readiness', dependencies: ['db'] },
);
