// app.tableWatcher: tells what is held in memory of changes in the database, by LISTEN and by a poll.
import fp from 'fastify-plugin';
import { createClient } from '#platform/database/database.js';
import { createTableWatcher, type TableWatcher } from '#platform/database/table-watcher.js';

declare module 'fastify' {
  interface FastifyInstance {
    tableWatcher: Pick<TableWatcher, 'add'>;
  }
}

export default fp(
  async (app) => {
    const { canListen, directUrl } = app.config.database;
    const openListener = canListen
      ? () => createClient({ url: directUrl, poolSize: 1, transactionPooler: false })
      : undefined;
    const watch = createTableWatcher({ openListener, log: app.log });
    app.decorate('tableWatcher', watch);
    app.addHook('onReady', async () => watch.start());
    app.addHook('onClose', watch.stop);
  },
  { name: 'table-watcher', dependencies: ['db'] },
);
