// app.routes: every registered route, for checks that cover all of them.
import type { RouteOptions } from 'fastify';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyInstance {
    /** Includes the routes of the documentation and console pages. */
    routes: readonly RouteOptions[];
  }
}

export default fp(
  async (app) => {
    const routes: RouteOptions[] = [];
    app.decorate('routes', routes);
    app.addHook('onRoute', (route) => {
      routes.push(route);
    });
  },
  { name: 'route-registry' },
);
