// app.tableWatcher: reloads cached tables when they change, by LISTEN and by polling.
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
    const tableWatcher = createTableWatcher({ openListener, log: app.log });
    app.decorate('tableWatcher', tableWatcher);
    app.addHook('onReady', async () => tableWatcher.start());
    app.addHook('onClose', tableWatcher.stop);
  },
  { name: 'table-watcher', dependencies: ['db'] },
);
