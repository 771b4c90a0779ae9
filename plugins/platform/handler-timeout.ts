// Sets a timeout for route handlers, after which the request fails.
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `none`: the route waits for nothing but the database, which has its own deadline. */
    deadline?: 'none';
  }
}

/** From the headers of a request to its response. */
const MILLISECONDS = 10_000;

export default fp(
  async (app) => {
    app.addHook('onRoute', (route) => {
      // Fastify creates a timer and a signal per request, which is a quarter of the total cost of GET /api/verify/.
      if (route.config?.deadline !== 'none') route.handlerTimeout = MILLISECONDS;
    });
  },
  { name: 'handler-timeout' },
);
