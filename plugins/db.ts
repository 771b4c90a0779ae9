// app.db: Drizzle on a pool of connections, closed with the app.
import fp from 'fastify-plugin';
import { connect, type Db } from '../src/database/database.js';

declare module 'fastify' {
  interface FastifyInstance {
    db: Db;
  }
}

export default fp(
  async (app) => {
    const { db, close } = connect(app.config.database, app.log);
    app.decorate('db', db);
    app.addHook('onClose', close);
  },
  { name: 'db' },
);
