// Pages of other origins: those that CORS_ORIGINS names may call the API from a browser, and read its answers.
import cors, { type FastifyCorsOptions } from '@fastify/cors';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { createOrigins } from '#platform/http/origins.js';

/**
 * The API and what is published about it. Not pages; not what operators do, which has a page of its own here; and not what
 * Envoy asks for others: a preflight that it asks about is not for us.
 */
const SHARED = /^\/(api\/(?!(admin|verify\/ext-authz)(\/|$))|\.well-known\/|openapi\.)/;

/** What may be asked with the refresh token in a cookie. */
const COOKIES = /^\/api\//;

/** What browsers send and may read beside what they always may. */
const ALLOWED_HEADERS = [
  'authorization',
  'content-type',
  'idempotency-key',
  'x-refresh-token-mode',
  // What tracing adds to every request of a page (W3C Trace Context and Baggage, Sentry): refused, none of them would get through.
  'traceparent',
  'tracestate',
  'baggage',
  'sentry-trace',
];
const EXPOSED_HEADERS = [
  'x-request-id',
  'retry-after',
  'www-authenticate',
  'etag',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
];

/** How long a browser need not ask again; none keeps it for longer than two hours. */
const MAX_AGE_SECONDS = 600;

export default fp(
  async (app) => {
    const { corsOrigins, refreshCookie } = app.config;
    if (corsOrigins.length === 0) return;
    const origins = createOrigins(corsOrigins);

    function optionsFor({ raw: { url = '/' }, headers, method }: FastifyRequest): FastifyCorsOptions {
      const path = app.pathAt(url);
      const isShared = origins.includes(headers.origin) && SHARED.test(path?.pattern ?? '');
      // OPTIONS without the method that it is about is no preflight, and gets the answer that it has without CORS.
      const isNoPreflight = method === 'OPTIONS' && headers['access-control-request-method'] === undefined;
      if (path === undefined || !isShared || isNoPreflight) return { origin: false };
      return {
        origin: [headers.origin ?? ''],
        // Cookies only for origins that are listed word for word: whoever gets a name below a wildcard must not get a session.
        credentials: refreshCookie.enabled && origins.isListed(headers.origin) && COOKIES.test(path.pattern),
        methods: [...path.methods].sort(),
        allowedHeaders: ALLOWED_HEADERS,
        exposedHeaders: EXPOSED_HEADERS,
        maxAge: MAX_AGE_SECONDS,
      };
    }

    // It brings a route for OPTIONS of every path; what that must not take is refused in http.ts.
    app.addHook('onRoute', (route) => {
      if (route.url === '*') route.config = { ...route.config, access: 'public' };
    });
    await app.register(cors, { delegator: (request, done) => done(null, optionsFor(request)) });
  },
  // Its route takes the error handler that is there at the time.
  { name: 'cors', dependencies: ['access', 'security-headers', 'errors', 'route-lookup'] },
);
