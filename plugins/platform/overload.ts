// app.overload: whether the process is overloaded, so that the most expensive requests can be rejected first.
import fp from 'fastify-plugin';
import { createOverload, type Overload } from '#platform/process/overload.js';

declare module 'fastify' {
  interface FastifyInstance {
    overload: Overload;
  }
}

export default fp(
  async (app) => {
    const overload = createOverload(app.config.overload);
    app.decorate('overload', overload);
    app.addHook('onClose', async () => overload.stop());
  },
  { name: 'overload' },
);
