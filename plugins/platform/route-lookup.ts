// app.pathAt: which path a request means and which methods that has, also where no route takes the request.
import fp from 'fastify-plugin';
import createRouter from 'find-my-way';

interface Path {
  /** As its routes name it, with its parameters: `/api/me/sessions/:id`. */
  readonly pattern: string;
  readonly methods: ReadonlySet<string>;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Undefined where there is no such path. */
    pathAt(url: string): Path | undefined;
  }
}

// RFC 9112 section 3.2.4: the service as a whole. It is no path, and the router takes it for `/`; @fastify/cors has a route there.
const WHOLE_SERVER = '*';

export default fp(
  async (app) => {
    // A second router, of paths alone.
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
