// app.readerOf: reads that may be a moment old go to DATABASE_REPLICA_URL. Nothing that decides about a session or a permission uses it.
import fp from 'fastify-plugin';
import { createRecurringTask } from '#platform/concurrency/recurring-task.js';
import { unsafeConnection } from '#platform/database/connection-security.js';
import { connect, type Db } from '#platform/database/database.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** `repository` is on the primary. If there is a replica, `make` creates one on it. */
    readerOf<R>(repository: R, make: (db: Db) => R): Reader<R>;
  }
}

/** Runs a read, which must not write anything, on the repository of a database that is fresh enough. */
export type Reader<R> = <T>(read: (repository: R) => Promise<T>) => Promise<T>;

const CHECK_MILLISECONDS = 1000;
const OPERATORS = '/api/admin/';

export default fp(
  async (app) => {
    const { database } = app.config;
    if (database.replica === undefined) {
      app.decorate('readerOf', (repository) => (read) => read(repository));
      return;
    }
    const { url, maxLagSeconds } = database.replica;
    const unsafe = unsafeConnection(url);
    if (unsafe !== undefined) {
      app.log.warn({}, `the connection to the replica ${unsafe}: add ?sslmode=verify-full to DATABASE_REPLICA_URL`);
    }
    const { createReplica } = await import('#platform/database/replica.js');
    const { db: standby, essentialDb, close } = connect({ ...database, url }, app.log, app.tracing);
    app.addHook('onClose', close);
    const replica = createReplica({
      primary: app.essentialDb,
      standby: essentialDb,
      maxLag: 1000 * maxLagSeconds,
      log: app.log,
    });
    const task = createRecurringTask({
      name: 'replica',
      run: replica.check,
      pause: () => CHECK_MILLISECONDS,
      log: app.log,
    });
    app.addHook('onReady', replica.check);
    app.addHook('onListen', async () => task.start());
    app.addHook('onClose', task.stop);
    // An operator who has changed something sees it in the lists.
    app.addHook('onResponse', async ({ method, routeOptions }) => {
      if (method !== 'GET' && routeOptions.url?.startsWith(OPERATORS)) replica.avoid();
    });
    app.decorate('readerOf', (onPrimary, make) => {
      const onStandby = make(standby);
      return (read) =>
        replica.read(
          () => read(onStandby),
          () => read(onPrimary),
        );
    });
  },
  { name: 'replica', dependencies: ['db'] },
);
