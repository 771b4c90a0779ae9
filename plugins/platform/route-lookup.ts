// app.pathAt: finds the path of a URL and its methods, even if no route handles the request's own method.
import fp from 'fastify-plugin';
import createRouter from 'find-my-way';

interface Path {
  /** The URL of its routes, with parameters: `/api/me/sessions/:id`. */
  readonly pattern: string;
  readonly methods: ReadonlySet<string>;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Undefined if there is no such path. */
    pathAt(url: string): Path | undefined;
  }
}

// The asterisk-form (RFC 9112 section 3.2.4) means the server as a whole. It is not a path, but the router would treat it as `/`, and
// @fastify/cors registers a route for it.
const WHOLE_SERVER = '*';

export default fp(
  async (app) => {
    // A second router, which contains each path once.
    const paths = createRouter({ ignoreTrailingSlash: true });
    app.addHook('onRoute', ({ url, method }) => {
      if (url === WHOLE_SERVER) return;
      const known = paths.findRoute('GET', url)?.store as { methods: Set<string> } | undefined;
      const { methods } = known ?? { methods: new Set<string>() };
      for (const each of [method].flat()) methods.add(each);
      if (known === undefined) paths.on('GET', url, () => {}, { pattern: url, methods });
    });
    app.decorate('pathAt', (url) => {
      const [path = '/'] = url.split(/[?#]/, 1);
      return path === WHOLE_SERVER ? undefined : (paths.find('GET', path)?.store as Path | undefined);
    });
  },
  { name: 'route-lookup' },
);
