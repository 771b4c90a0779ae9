// Swagger UI at /docs/: the OpenAPI document for people, with everything it needs from here.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import swaggerUi from '@fastify/swagger-ui';
import type { RouteHandlerMethod } from 'fastify';
import fp from 'fastify-plugin';
import { documentFolder } from '#platform/http/document-folder.js';
import { pagePolicy } from '#platform/http/page-policy.js';

/** With and without its slash. */
const PAGE = '/docs';
/** Whatever PUBLIC_URL says: the page sends requests, with the passwords that one types there, to where it comes from. */
const SERVICE = { url: '..', description: 'The service that this page comes from.' };

export default fp(
  async (app) => {
    const files = documentFolder(
      join(dirname(createRequire(import.meta.url).resolve('@fastify/swagger-ui/package.json')), 'static'),
    );
    const sendFile: RouteHandlerMethod = async (request, reply) => {
      const file = files.get((request.params as { '*': string })['*']);
      return file === undefined ? reply.callNotFound() : reply.document(file);
    };

    // A context of its own: what is said here holds for these pages and for no route of the API.
    await app.register(async (pages) => {
      pages.addHook('onRoute', (route) => {
        route.config = { ...route.config, access: 'public' };
        // @fastify/static reads a file from the disk for each request.
        if (route.url === '/docs/static/*') route.handler = sendFile;
        // And YAML takes half a second in which nothing else happens.
        if (route.url === '/docs/yaml') route.handler = (_request, reply) => reply.document(app.openapi.yaml);
      });
      // Its own redirect leads to the path that we see, which below the prefix of a proxy is somebody else's.
      pages.addHook('onRequest', async ({ routeOptions }, reply) => {
        if (routeOptions.url === `${PAGE}/static/index.html`) return reply.redirect('../');
      });
      pages.addHook('onSend', async (request, reply, payload: unknown) => {
        // A problem keeps the headers of every problem.
        if (reply.statusCode >= 400) return payload;
        reply.headers(pagePolicy);
        reply.header('cache-control', request.url.includes('/static/') ? 'public, max-age=3600' : 'public, max-age=60');
        // The links of its page begin with `./docs/`, as is right for /docs; it overlooks a slash that a query follows.
        const [path = ''] = request.url.split('?', 1);
        // Its script looks for the document below the address of the page, and takes a query for a part of that.
        if (path.endsWith('/swagger-initializer.js') && typeof payload === 'string') {
          return payload.replace("split('#', 1)", 'split(/[?#]/, 1)');
        }
        return path.endsWith('/') && typeof payload === 'string' ? payload.replaceAll(`".${PAGE}/`, '"./') : payload;
      });
      pages.keepAnswers();
      await pages.register(swaggerUi, {
        routePrefix: PAGE,
        // Links relative to the page: below the prefix of a proxy it is at /auth/docs.
        indexPrefix: '.',
        // The document lies one below the page here.
        transformSpecification: (document) => ({ ...document, servers: [SERVICE] }),
        transformSpecificationClone: false,
        theme: { title: 'Latchkey API' },
        uiConfig: {
          // Without the bar for loading other documents.
          layout: 'BaseLayout',
          deepLinking: true,
          displayOperationId: true,
          displayRequestDuration: true,
          persistAuthorization: true,
          tryItOutEnabled: false,
        },
      });
    });
  },
  { name: 'docs', dependencies: ['access', 'documents', 'errors', 'http', 'openapi'] },
);
