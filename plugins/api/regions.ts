// Sends requests that need the database to the region in which it is (Fly.io). Adds no hook to an instance in that region.
import type { onRequestHookHandler } from 'fastify';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The operation needs no database, so that every region can answer it. */
    anyRegion?: true;
  }
}

/** Only operations and pages below these paths need the database. */
const PATHS = ['/api/', '/account/'];

export default fp(
  async (app) => {
    const { replayRegion } = app.config;
    if (replayRegion === undefined) return;
    // If no machine in that region can be reached, the request comes back, and is answered over the distance.
    const target = `region=${replayRegion};fallback=prefer_self`;
    app.log.info({ region: replayRegion }, 'requests that need the database are replayed in its region');

    const replay: onRequestHookHandler = ({ raw: { headers } }, reply, done) => {
      if (headers['fly-replay-src'] !== undefined || headers['fly-replay-failed'] !== undefined) return done();
      // Fly's proxy ignores everything but the header. A client that sees the response is not behind that proxy.
      reply.code(307).header('fly-replay', target).header('cache-control', 'no-store').send();
    };
    // In front of the access check, which can need the database, and of the limits of the route.
    app.addHook('onRoute', (route) => {
      if (route.config?.anyRegion || !PATHS.some((path) => route.url.startsWith(path))) return;
      route.onRequest = [replay, ...[route.onRequest ?? []].flat()];
    });
  },
  { name: 'regions', dependencies: ['access', 'rate-limits'] },
);
