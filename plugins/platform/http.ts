// Rejects requests before they reach a route: malformed requests, unknown paths and methods, and too many connections.
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
      else if (hasUnknownExpectation(request.raw)) done(new Problem('expectation_failed'));
      // Before the body is parsed: an error in the body of a request without a route does not matter.
      else if (request.is404 || isUnhandled(request)) done(noRoute(request));
      else done();
    });

    /** Requests that the router sends to a route although none exists: `*`, and every OPTIONS, which goes to that of @fastify/cors. */
    const isUnhandled = ({ method, raw: { url = '/' } }: FastifyRequest) =>
      url === '*' || (method === 'OPTIONS' && !app.pathAt(url)?.methods.has(method));

    // By default Node responds to an unknown expectation with an empty 417 and no log line.
    app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));

    // By default Node drops the headers beyond the first 2,000 without a word: the client's address that a proxy appends, or a second host.
    // Their size is limited in any case.
    app.server.maxHeadersCount = 0;

    // Node's own maxConnections is not used: in a cluster, connections that a full worker rejects are passed on to the next worker
    // endlessly (before dropMaxConnection in Node 22).
    const { maxConnections } = app.config;
    const rejections = createThrottledWarning((count) =>
      app.log.warn({ maxConnections, count }, 'connections refused: the limit is reached'),
    );
    let connections = 0;
    app.server.on('connection', (socket) => {
      if (connections >= maxConnections) {
        socket.destroy();
        rejections.count();
        return;
      }
      connections += 1;
      socket.once('close', () => {
        connections -= 1;
      });
      // Reading the address makes Node cache it, so that the log still names a client which has disconnected before its response.
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
  // Rate limits come first, so that requests without a route are counted too.
  { name: 'http', dependencies: ['cors', 'rate-limits', 'route-lookup'] },
);

/** Reports how often something has happened: the first time immediately, then at most every ten seconds. */
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

/** Headers that must not occur twice (see src/platform/http/duplicate-headers.ts). authentication.ts checks Authorization. */
const SINGLETON_HEADERS = ['host', 'content-type'];

/** RFC 9110 section 10.1.1 defines `100-continue` only, to which Node responds, and ignores it in HTTP/1.0. */
function hasUnknownExpectation({ headers: { expect }, httpVersion }: IncomingMessage): boolean {
  return expect !== undefined && httpVersion === '1.1' && expect.toLowerCase() !== '100-continue';
}

/**
 * Whether the request line names another host than this service. According to RFC 9112 section 3.2.2, the host of an absolute URL
 * takes precedence over the `Host` header; the router would only look at the path.
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

/** An address as it is written in a URL. */
function authorityName(address: string): string {
  const canonical = canonicalAddress(address) ?? '';
  return canonical.includes(':') ? `[${canonical}]` : canonical;
}

/**
 * Checks what RFC 9112 forbids but Node's parser accepts: HTTP/0.9, a missing or duplicate host (section 3.2), transfer codings other than
 * chunked, and any in HTTP/1.0, where a proxy of that version would not see where the body ends (section 6.1).
 */
function isWellFormed({ httpVersion, headers, rawHeaders }: IncomingMessage): boolean {
  const hasHost = headers.host !== undefined || httpVersion === '1.0';
  const coding = headers['transfer-encoding'];
  const isFramed = coding === undefined || (coding.toLowerCase() === 'chunked' && httpVersion !== '1.0');
  const hasDuplicate = SINGLETON_HEADERS.some((name) => isRepeated(rawHeaders, name));
  return httpVersion !== '0.9' && hasHost && isFramed && !hasDuplicate;
}
