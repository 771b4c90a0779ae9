// app.db: Drizzle on a pool of connections, closed with the app.
import fp from 'fastify-plugin';
import { unsafeConnection } from '#platform/database/connection-security.js';
import { connect, type Db } from '#platform/database/database.js';
import type { PoolStatistics } from '#platform/database/pool.js';

declare module 'fastify' {
  interface FastifyInstance {
    db: Db;
    /** The same pool, for what the service has to know in an overload too: its queries are not refused before the queue is full. */
    essentialDb: Db;
    /** What the pool of connections is doing. */
    databaseStatistics: () => PoolStatistics;
  }
}

export default fp(
  async (app) => {
    const { database } = app.config;
    const unsafe = unsafeConnection(database.url);
    if (unsafe !== undefined) {
      app.log.warn({}, `the connection to the database ${unsafe}: add ?sslmode=verify-full to DATABASE_URL`);
    }
    for (const warning of database.warnings ?? []) app.log.warn({}, warning);
    const { db, essentialDb, statistics, close } = connect(database, app.log, app.tracing);
    app.decorate('db', db);
    app.decorate('essentialDb', essentialDb);
    app.decorate('databaseStatistics', statistics);
    app.addHook('onClose', close);
  },
  { name: 'db' },
);
