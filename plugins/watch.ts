// app.watch: tells what is held in memory of changes in the database, by LISTEN and by a poll.
import fp from 'fastify-plugin';
import { createClient } from '../src/database/database.js';
import { createWatch, type Watch } from '../src/database/watch.js';

declare module 'fastify' {
  interface FastifyInstance {
    watch: Pick<Watch, 'add'>;
  }
}

export default fp(
  async (app) => {
    const { canListen, directUrl } = app.config.database;
    const openListener = canListen
      ? () => createClient({ url: directUrl, poolSize: 1, transactionPooler: false })
      : undefined;
    const watch = createWatch({ openListener, log: app.log });
    app.decorate('watch', watch);
    app.addHook('onReady', async () => watch.start());
    app.addHook('onClose', watch.stop);
  },
  { name: 'watch', dependencies: ['db'] },
);
