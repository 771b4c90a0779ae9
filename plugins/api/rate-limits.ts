// Limits the rate of requests per client and per session. Each process counts in its own memory.
import rateLimit, { type FastifyRateLimitStoreCtor, type RateLimitOptions } from '@fastify/rate-limit';
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import fp from 'fastify-plugin';
import { Problem } from '#platform/errors/problem.js';
import { createClientNetworks } from '#platform/http/client-network.js';
import { createRequestWindows } from '#platform/http/request-windows.js';

/** Limits of individual routes. */
type RouteLimit =
  | 'LOGIN_ATTEMPTS_PER_MINUTE'
  | 'REGISTRATIONS_PER_HOUR'
  | 'MAIL_REQUESTS_PER_HOUR'
  | 'REFRESHES_PER_MINUTE';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The limit that applies in addition to REQUESTS_PER_MINUTE; `none`: no limit applies. */
    limit?: RouteLimit | 'none';
    /** Which bodies `limit` counts; by default all requests, before their bodies are read. */
    limits?: (body: never) => boolean;
  }
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The maximum number of keys per limit, about 3 MB; beyond it the least recently used key is dropped. */
const MAX_KEYS = 10_000;
/** The key of requests that are not limited. */
const UNLIMITED = '';

export default fp(
  async (app) => {
    await app.register(rateLimit, { global: false, store: createRequestWindows() as FastifyRateLimitStoreCtor });
    const networkOf = createClientNetworks(app.config.trustedProxies);
    let warned = false;

    const byAddress = (request: FastifyRequest) => networkOf(request.ip) ?? UNLIMITED;
    const byLimitedAddress = (request: FastifyRequest) => {
      const key = byAddress(request);
      if (key === UNLIMITED && !warned) {
        warned = true;
        request.log.warn(
          { ip: request.ip },
          'a proxy in TRUST_PROXY does not send the address of its client: its clients cannot be distinguished and are not limited by address',
        );
      }
      return key;
    };
    const bySession = ({ body }: FastifyRequest) =>
      app.sessions.sessionKeyOf((body as { refresh_token: string }).refresh_token) ?? UNLIMITED;

    const globalLimiter = limiter('REQUESTS_PER_MINUTE', MINUTE, byAddress);
    const routeLimiters: Record<RouteLimit, onRequestHookHandler> = {
      LOGIN_ATTEMPTS_PER_MINUTE: limiter('LOGIN_ATTEMPTS_PER_MINUTE', MINUTE, byLimitedAddress),
      REGISTRATIONS_PER_HOUR: limiter('REGISTRATIONS_PER_HOUR', HOUR, byLimitedAddress),
      MAIL_REQUESTS_PER_HOUR: limiter('MAIL_REQUESTS_PER_HOUR', HOUR, byLimitedAddress),
      REFRESHES_PER_MINUTE: limiter('REFRESHES_PER_MINUTE', MINUTE, bySession),
    };

    /** A hook that counts requests and rejects those above the limit. It takes a callback, so that it costs nothing without a limit. */
    function limiter(
      name: RouteLimit | 'REQUESTS_PER_MINUTE',
      timeWindow: number,
      keyGenerator: (request: FastifyRequest) => string,
    ): onRequestHookHandler {
      const max = () => app.settings.get(name);
      const options: RateLimitOptions = { max, timeWindow, keyGenerator, allowList: [UNLIMITED], cache: MAX_KEYS };
      const count = app.createRateLimit(options);
      return (request, reply, done) => {
        if (max() === 0) return done();
        count(request).then((counted) => done(counted.isAllowed ? undefined : applyLimit(counted, reply)), done);
      };
    }

    app.addHook('onRequest', (request, reply, done) => {
      // The setting is checked first, because Fastify builds routeOptions on each access.
      if (app.settings.get('REQUESTS_PER_MINUTE') === 0 || request.routeOptions.config.limit === 'none') return done();
      globalLimiter.call(app, request, reply, done);
    });
    app.addHook('onRoute', (route) => {
      const limit = route.config?.limit;
      if (limit === undefined || limit === 'none') return;
      const isCounted = route.config?.limits;
      // The body identifies the session, or decides.
      const hook = limit === 'REFRESHES_PER_MINUTE' || isCounted !== undefined ? 'preHandler' : 'onRequest';
      const count = isCounted === undefined ? routeLimiters[limit] : onlyFor(isCounted, routeLimiters[limit]);
      route[hook] = [count, ...[route[hook] ?? []].flat()];
    });
  },
  { name: 'rate-limits', dependencies: ['client-address', 'sessions', 'settings'] },
);

function onlyFor(isCounted: (body: never) => boolean, count: onRequestHookHandler): onRequestHookHandler {
  return function (request, reply, done) {
    if (isCounted(request.body as never)) count.call(this, request, reply, done);
    else done();
  };
}

interface Counted {
  readonly max: number;
  readonly remaining: number;
  readonly ttlInSeconds: number;
  readonly isExceeded: boolean;
}

/**
 * Sets the RateLimit headers (draft-ietf-httpapi-ratelimit-headers-06); returns a problem if the limit is exceeded. Of several limits, the
 * headers describe the one that is reached first.
 */
function applyLimit({ max, remaining, ttlInSeconds, isExceeded }: Counted, reply: FastifyReply): Problem | undefined {
  const before = reply.getHeader('ratelimit-remaining');
  if (before === undefined || remaining <= Number(before)) {
    reply.headers({ 'ratelimit-limit': max, 'ratelimit-remaining': remaining, 'ratelimit-reset': ttlInSeconds });
  }
  return isExceeded ? new Problem('rate_limited', { headers: { 'retry-after': String(ttlInSeconds) } }) : undefined;
}
