// Rules of the HTTP edge that hold for every request: headers, hosts, paths and methods.

import fp from 'fastify-plugin';
import createRouter from 'find-my-way';
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
      // Credentials and personal data travel in nearly every answer: nothing may keep one. Pages say otherwise themselves.
      reply.header('cache-control', 'no-store');
      reply.header('x-content-type-options', 'nosniff');
      reply.header('x-request-id', request.id);
      if (request.headers.host === undefined && request.raw.httpVersion === '1.1')
        done(new Problem('malformed_request'));
      // Here, before a body is parsed: what is wrong with the body of a request that goes nowhere does not matter.
      else if (request.is404) done(noRoute(request.raw.url ?? '/', request.method));
      else done();
    });

    app.setNotFoundHandler((request) => {
      throw noRoute(request.raw.url ?? '/', request.method);
    });

    function noRoute(url: string, method: string): Problem {
      const [path = '/'] = url.split(/[?#]/, 1);
      const methods = paths.find('GET', path)?.store as Set<string> | undefined;
      if (methods === undefined || methods.has(method)) return new Problem('not_found');
      return new Problem('method_not_allowed', { headers: { allow: [...methods].sort().join(', ') } });
    }
  },
  { name: 'http' },
);
