// What the HTTP edge refuses before a route is asked: ill-formed requests, unknown paths and methods.
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { localUrl } from '#platform/config/local-url.js';
import { Problem } from '#platform/errors/problem.js';
import { canonicalAddress } from '#platform/http/client-address.js';
import { isRepeated } from '#platform/http/duplicate-headers.js';

export default fp(
  async (app) => {
    app.addHook('onRequest', (request, _reply, done) => {
      if (!isWellFormed(request.raw)) done(new Problem('malformed_request', { headers: { connection: 'close' } }));
      else if (isMisdirected(request.raw, app)) done(new Problem('misdirected_request'));
      else if (expectsTheUnknown(request.raw)) done(new Problem('expectation_failed'));
      // Here, before a body is parsed: what is wrong with the body of a request that goes nowhere does not matter.
      else if (request.is404 || takesNothing(request)) done(noRoute(request));
      else done();
    });

    /** What the router sends to a route although it has none: `*`, and to that of @fastify/cors every OPTIONS. */
    const takesNothing = ({ method, raw: { url = '/' } }: FastifyRequest) =>
      url === '*' || (method === 'OPTIONS' && !app.pathAt(url)?.methods.has(method));

    // Node would answer an unknown expectation with an empty 417, without a log line.
    app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));

    // Not node's own maxConnections: in a cluster it hands what one full worker refuses to the next, round and round (until
    // dropMaxConnection of node 22).
    const { maxConnections } = app.config;
    const refusals = createThrottledWarning((count) =>
      app.log.warn({ maxConnections, count }, 'connections refused: there are too many'),
    );
    let connections = 0;
    app.server.on('connection', (socket) => {
      if (connections >= maxConnections) {
        socket.destroy();
        refusals.count();
        return;
      }
      connections += 1;
      socket.once('close', () => {
        connections -= 1;
      });
      // Node keeps an address once it was asked for: a client that is gone before its answer is still named in our log.
      void socket.remoteAddress;
    });

    app.setNotFoundHandler((request) => {
      throw noRoute(request);
    });

    function noRoute({ raw, method }: FastifyRequest): Problem {
      const methods = app.pathAt(raw.url ?? '/')?.methods;
      if (methods === undefined || methods.has(method)) return new Problem('not_found');
      return new Problem('method_not_allowed', { headers: { allow: [...methods].sort().join(', ') } });
    }
  },
  // What goes nowhere is counted too, and first.
  { name: 'http', dependencies: ['cors', 'rate-limits', 'route-lookup'] },
);

/** Says how often something has happened: the first time at once, from then on once in ten seconds. */
function createThrottledWarning(warn: (count: number) => void) {
  const SILENT_MILLISECONDS = 10_000;
  let count = 0;
  let last = Number.NEGATIVE_INFINITY;
  return {
    count: () => {
      count += 1;
      const now = performance.now();
      if (now - last < SILENT_MILLISECONDS) return;
      warn(count);
      [count, last] = [0, now];
    },
  };
}

/** Of several another one may be meant (src/platform/http/duplicate-headers.ts). Authorization too: authentication.ts. */
const ONCE = ['host', 'content-type'];

/** RFC 9110 section 10.1.1: `100-continue` is the only expectation there is, and means nothing in HTTP/1.0. Node sends the 100. */
function expectsTheUnknown({ headers: { expect }, httpVersion }: IncomingMessage): boolean {
  return expect !== undefined && httpVersion === '1.1' && expect.toLowerCase() !== '100-continue';
}

/**
 * Whether the request line names another host than ours. RFC 9112 section 3.2.2: the host of an absolute URL counts, and not the
 * `Host` header; the router would take the path alone.
 */
function isMisdirected({ url = '/', socket }: IncomingMessage, { config, server }: FastifyInstance): boolean {
  if (url.startsWith('/') || url === '*') return false;
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (target === undefined || !/^https?:$/.test(target.protocol) || target.username || target.password) return true;
  const { localAddress = '', localPort } = socket;
  const { port } = new URL(localUrl(config, server.address()));
  const ports = [port, String(localPort)];
  const names = ['localhost', '127.0.0.1', '[::1]', config.host, authorityName(localAddress)];
  return (
    target.host !== config.publicUrl?.host && !(names.includes(target.hostname) && ports.includes(target.port || '80'))
  );
}

/** As it stands in a URL. */
function authorityName(address: string): string {
  const canonical = canonicalAddress(address) ?? '';
  return canonical.includes(':') ? `[${canonical}]` : canonical;
}

/**
 * Refuses what node's parser lets through and RFC 9112 does not: HTTP/0.9, a missing or second host (section 3.2), a
 * transfer coding that nobody undoes (6.1).
 */
function isWellFormed({ httpVersion, headers, rawHeaders }: IncomingMessage): boolean {
  const hasHost = headers.host !== undefined || httpVersion === '1.0';
  const coding = headers['transfer-encoding']?.toLowerCase() ?? 'chunked';
  return httpVersion !== '0.9' && hasHost && coding === 'chunked' && !ONCE.some((name) => isRepeated(rawHeaders, name));
}
