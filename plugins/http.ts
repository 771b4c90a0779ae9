// Rules of the HTTP edge that hold for every request: headers, hosts, paths and methods.
import type { IncomingMessage } from 'node:http';
import fp from 'fastify-plugin';
import createRouter from 'find-my-way';
import { answerHeaders } from '../src/answer-headers.js';
import { Problem } from '../src/errors/problem.js';

export default fp(
  async (app) => {
    // A second router, of paths alone: it is asked only about requests that no route takes, and knows which methods would be.
    const paths = createRouter({ ignoreTrailingSlash: true });
    app.addHook('onRoute', ({ url, method }) => {
      const known = paths.findRoute('GET', url)?.store as Set<string> | undefined;
      const methods = known ?? new Set<string>();
      for (const each of [method].flat()) methods.add(each);
      if (known === undefined) paths.on('GET', url, () => {}, methods);
    });

    app.addHook('onRequest', (request, reply, done) => {
      reply.headers(answerHeaders);
      reply.header('x-request-id', request.id);
      if (!isWellFormed(request.raw)) done(new Problem('malformed_request', { headers: { connection: 'close' } }));
      // Here, before a body is parsed: what is wrong with the body of a request that goes nowhere does not matter.
      else if (request.is404 || request.raw.url === WHOLE_SERVER) done(noRoute(request.raw.url ?? '/', request.method));
      else done();
    });

    // Node answers an expectation other than 100-continue with an empty 417; RFC 9110 section 10.1.1 lets us pass over it.
    app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
    // Node keeps an address once it was asked for: a client that is gone before its answer is still named in our log.
    app.server.on('connection', (socket) => void socket.remoteAddress);

    app.setNotFoundHandler((request) => {
      throw noRoute(request.raw.url ?? '/', request.method);
    });

    function noRoute(url: string, method: string): Problem {
      const [path = '/'] = url.split(/[?#]/, 1);
      const methods = path === WHOLE_SERVER ? undefined : (paths.find('GET', path)?.store as Set<string> | undefined);
      if (methods === undefined || methods.has(method)) return new Problem('not_found');
      return new Problem('method_not_allowed', { headers: { allow: [...methods].sort().join(', ') } });
    }
  },
  // What goes nowhere is counted too, and first.
  { name: 'http', dependencies: ['limits'] },
);

// RFC 9112 section 3.2.4. It is no path, and the router takes it for `/`.
const WHOLE_SERVER = '*';

// Node keeps the first of several of these: a proxy before us may have judged another one. (Of Authorization: access.ts.)
const ONCE = new Set(['host', 'content-type']);

/**
 * Refuses what node's parser lets through and RFC 9112 does not: HTTP/0.9, a missing or second host (section 3.2), a
 * transfer coding that nobody undoes (6.1).
 */
function isWellFormed({ httpVersion, headers, rawHeaders }: IncomingMessage): boolean {
  const hasHost = headers.host !== undefined || httpVersion === '1.0';
  const coding = headers['transfer-encoding']?.toLowerCase() ?? 'chunked';
  return httpVersion !== '0.9' && hasHost && coding === 'chunked' && !repeatsHeader(rawHeaders);
}

function repeatsHeader(rawHeaders: readonly string[]): boolean {
  const seen = new Set<string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase() ?? '';
    if (!ONCE.has(name)) continue;
    if (seen.has(name)) return true;
    seen.add(name);
  }
  return false;
}
