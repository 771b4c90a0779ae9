// What is not answered in time is answered by an error.
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `none`: the route waits for nothing, or for the database alone, which has a deadline of its own. */
    deadline?: 'none';
  }
}

/** From the headers of a request to its answer. */
const MILLISECONDS = 10_000;

export default fp(
  async (app) => {
    app.addHook('onRoute', (route) => {
      // Fastify makes a timer and a signal for each request: a quarter of what GET /api/verify/ costs in all.
      if (route.config?.deadline !== 'none') route.handlerTimeout = MILLISECONDS;
    });
  },
  { name: 'handler-timeout' },
);
