// app.overload: whether the process has more to do than it can, so that what costs most is refused first.
import fp from 'fastify-plugin';
import { createOverload, type Overload } from '#platform/process/overload.js';

declare module 'fastify' {
  interface FastifyInstance {
    overload: Pick<Overload, 'isPresent'>;
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
