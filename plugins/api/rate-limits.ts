// How many requests are taken from one client, or for one session: counted in memory, by each process for itself.
import rateLimit, { type RateLimitOptions } from '@fastify/rate-limit';
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import fp from 'fastify-plugin';
import { Problem } from '#platform/errors/problem.js';
import { createClientNetworks } from '#platform/http/client-network.js';

/** Of one route each. */
type RouteLimit = 'LOGIN_ATTEMPTS_PER_MINUTE' | 'REGISTRATIONS_PER_HOUR' | 'REFRESHES_PER_MINUTE';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What is counted beside REQUESTS_PER_MINUTE; `none`: not even that is. */
    limit?: RouteLimit | 'none';
  }
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Whom each limit counts, at most: about 3 MB. Who comes anew then takes the place of whoever has been quiet for longest. */
const REMEMBERED = 10_000;
/** The key of those who are not counted. */
const NOBODY = '';

export default fp(
  async (app) => {
    await app.register(rateLimit, { global: false });
    const networkOf = createClientNetworks(app.config.trustedProxies);
    let warned = false;

    const byAddress = (request: FastifyRequest) => networkOf(request.ip) ?? NOBODY;
    const byLimitedAddress = (request: FastifyRequest) => {
      const key = byAddress(request);
      if (key === NOBODY && !warned) {
        warned = true;
        request.log.warn(
          { ip: request.ip },
          'a proxy of TRUST_PROXY sends no X-Forwarded-For: its clients are not told apart, and not limited by address',
        );
      }
      return key;
    };
    const bySession = ({ body }: FastifyRequest) =>
      app.sessions.sessionKeyOf((body as { refresh_token: string }).refresh_token) ?? NOBODY;

    const ofAll = limiter('REQUESTS_PER_MINUTE', MINUTE, byAddress);
    const ofRoutes: Record<RouteLimit, onRequestHookHandler> = {
      LOGIN_ATTEMPTS_PER_MINUTE: limiter('LOGIN_ATTEMPTS_PER_MINUTE', MINUTE, byLimitedAddress),
      REGISTRATIONS_PER_HOUR: limiter('REGISTRATIONS_PER_HOUR', HOUR, byLimitedAddress),
      REFRESHES_PER_MINUTE: limiter('REFRESHES_PER_MINUTE', MINUTE, bySession),
    };

    /** A hook that counts a request, and refuses it beyond what the setting allows. With a callback: without a limit it costs nothing. */
    function limiter(
      name: RouteLimit | 'REQUESTS_PER_MINUTE',
      timeWindow: number,
      keyGenerator: (request: FastifyRequest) => string,
    ): onRequestHookHandler {
      const max = () => app.settings.get(name);
      const options: RateLimitOptions = { max, timeWindow, keyGenerator, allowList: [NOBODY], cache: REMEMBERED };
      const count = app.createRateLimit(options);
      return (request, reply, done) => {
        if (max() === 0) return done();
        count(request).then((counted) => done(counted.isAllowed ? undefined : judge(counted, reply)), done);
      };
    }

    app.addHook('onRequest', (request, reply, done) => {
      // The setting first: Fastify makes routeOptions anew for whoever asks.
      if (app.settings.get('REQUESTS_PER_MINUTE') === 0 || request.routeOptions.config.limit === 'none') return done();
      ofAll.call(app, request, reply, done);
    });
    app.addHook('onRoute', (route) => {
      const limit = route.config?.limit;
      if (limit === undefined || limit === 'none') return;
      // Whose session it is stands in the body.
      const hook = limit === 'REFRESHES_PER_MINUTE' ? 'preHandler' : 'onRequest';
      route[hook] = [ofRoutes[limit], ...[route[hook] ?? []].flat()];
    });
  },
  { name: 'rate-limits', dependencies: ['client-address', 'sessions', 'settings'] },
);

interface Counted {
  readonly max: number;
  readonly remaining: number;
  readonly ttlInSeconds: number;
  readonly isExceeded: boolean;
}

/** Says in headers how much is left (draft-ietf-httpapi-ratelimit-headers, as of its version 6), and refuses what is too much. */
function judge({ max, remaining, ttlInSeconds, isExceeded }: Counted, reply: FastifyReply): Problem | undefined {
  reply.headers({ 'ratelimit-limit': max, 'ratelimit-remaining': remaining, 'ratelimit-reset': ttlInSeconds });
  return isExceeded ? new Problem('rate_limited', { headers: { 'retry-after': String(ttlInSeconds) } }) : undefined;
}
