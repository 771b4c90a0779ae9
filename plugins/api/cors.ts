// Lets pages of the origins in CORS_ORIGINS call the API from a browser and read its responses.
import cors, { type FastifyCorsOptions } from '@fastify/cors';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { createOrigins } from '#platform/http/origins.js';

/**
 * The API and its public documents. Excludes pages; the operators' API, which the console uses from our own origin; and the endpoint for
 * Envoy, which forwards preflights that are meant for other services.
 */
const SHARED = /^\/(api\/(?!(admin|verify\/ext-authz)(\/|$))|\.well-known\/|openapi\.)/;

/** Paths that accept the refresh token cookie. */
const COOKIE_PATHS = /^\/api\//;

/** Headers beyond those that CORS always allows in requests, and exposes to pages in responses. */
const ALLOWED_HEADERS = [
  'authorization',
  'content-type',
  'idempotency-key',
  'if-none-match',
  'x-refresh-token-mode',
  // Tracing libraries add these to every request of a page (W3C Trace Context and Baggage, Sentry); without them, all would fail.
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
  'content-disposition',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
];

/** How long browsers cache a preflight response. Browsers limit this to two hours or less. */
const MAX_AGE_SECONDS = 600;

export default fp(
  async (app) => {
    const { corsOrigins, refreshCookie } = app.config;
    if (corsOrigins.length === 0) return;
    const origins = createOrigins(corsOrigins);

    function optionsFor({ raw: { url = '/' }, headers, method }: FastifyRequest): FastifyCorsOptions {
      const path = app.pathAt(url);
      const isShared = origins.includes(headers.origin) && SHARED.test(path?.pattern ?? '');
      // OPTIONS without Access-Control-Request-Method is not a preflight, and is handled as without CORS.
      const isNoPreflight = method === 'OPTIONS' && headers['access-control-request-method'] === undefined;
      if (path === undefined || !isShared || isNoPreflight) return { origin: false };
      return {
        origin: [headers.origin ?? ''],
        // Cookies are for literally listed origins only: control over a name below a wildcard must not give access to a session.
        credentials: refreshCookie.enabled && origins.isListed(headers.origin) && COOKIE_PATHS.test(path.pattern),
        methods: [...path.methods].sort(),
        allowedHeaders: ALLOWED_HEADERS,
        exposedHeaders: EXPOSED_HEADERS,
        maxAge: MAX_AGE_SECONDS,
      };
    }

    // The plugin registers an OPTIONS route for all paths; http.ts rejects the requests that it must not handle.
    app.addHook('onRoute', (route) => {
      if (route.url === '*') route.config = { ...route.config, access: 'public' };
    });
    await app.register(cors, { delegator: (request, done) => done(null, optionsFor(request)) });
  },
  // The route of the plugin uses the error handler that exists when it is registered.
  { name: 'cors', dependencies: ['access', 'security-headers', 'errors', 'route-lookup'] },
);
