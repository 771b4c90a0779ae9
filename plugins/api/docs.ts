// Serves Swagger UI at /docs/, with all its files from this service.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import swaggerUi from '@fastify/swagger-ui';
import type { RouteHandlerMethod } from 'fastify';
import fp from 'fastify-plugin';
import { documentFolder } from '#platform/http/document-folder.js';
import { pagePolicy } from '#platform/http/page-policy.js';

/** With and without a trailing slash. */
const PAGE = '/docs';
/** Until the script of the page has run, and if it cannot be loaded. */
const LOADING =
  '<div class="loading"><p>Loading… If nothing else appears, check your connection and reload the page.</p><noscript><p>This page requires JavaScript.</p></noscript></div>';
/** Regardless of PUBLIC_URL, the page sends requests, which may contain passwords, to the service that it was loaded from. */
const SERVICE = { url: '..', description: 'The service that served this page.' };

export default fp(
  async (app) => {
    const swaggerUiFolder = dirname(createRequire(import.meta.url).resolve('@fastify/swagger-ui/package.json'));
    // The files of this build, as for the console.
    const own = documentFolder(join(import.meta.dirname, '..', '..', 'api-docs', 'public'));
    const script = own.get('page.js');
    const style = own.get('page.css');
    if (script === undefined || style === undefined)
      throw new Error('the files of the page are missing: npm run build');
    const files = new Map([...documentFolder(join(swaggerUiFolder, 'static')), ['index.css', style]]);
    const sendFile: RouteHandlerMethod = async (request, reply) => {
      const file = files.get((request.params as { '*': string })['*']);
      return file === undefined ? reply.callNotFound() : reply.document(file);
    };

    const pageFor = (path: string, html: string): string => {
      const page = html
        .replace(/^.*swagger-ui-standalone-preset\.js.*\n/m, '')
        // Without it a phone shows the page of a desktop, at a third of its size.
        .replace(
          '<meta charset="UTF-8">',
          '$&\n      <meta name="viewport" content="width=device-width, initial-scale=1">',
        )
        .replace(
          '<div id="swagger-ui">',
          `<div id="swagger-ui" data-keep-authorization="${app.config.docs.keepAuthorization}">${LOADING}`,
        );
      // The links in the page begin with `./docs/`, which is right for /docs but not for /docs/ followed by a query.
      return path.endsWith('/') ? page.replaceAll(`".${PAGE}/`, '"./') : page;
    };

    // A separate context, so that these hooks apply to the pages and not to the API.
    await app.register(async (pages) => {
      pages.addHook('onRoute', (route) => {
        route.config = { ...route.config, access: 'public' };
        // @fastify/static would read the file from disk for each request.
        if (route.url === '/docs/static/*') route.handler = sendFile;
        if (route.url === '/docs/static/swagger-initializer.js')
          route.handler = (_request, reply) => reply.document(script);
        // Generating YAML would block the event loop for half a second.
        if (route.url === '/docs/yaml') route.handler = (_request, reply) => reply.document(app.openapi.yaml);
      });
      // The plugin redirects to an absolute path, which is wrong if a proxy adds a prefix.
      pages.addHook('onRequest', async ({ routeOptions }, reply) => {
        if (routeOptions.url === `${PAGE}/static/index.html`) return reply.redirect('../');
      });
      pages.addHook('onSend', async (request, reply, payload: unknown) => {
        // Problems keep the default security headers.
        if (reply.statusCode >= 400) return payload;
        reply.headers(pagePolicy);
        const [path = ''] = request.url.split('?', 1);
        reply.header('cache-control', path.includes('/static/') ? 'public, max-age=3600' : 'public, max-age=60');
        // Not by the path: every spelling of it gets what is kept for the route.
        const isPage = [PAGE, `${PAGE}/`].includes(request.routeOptions.url ?? '');
        return typeof payload === 'string' && isPage ? pageFor(path, payload) : payload;
      });
      pages.keepAnswers();
      await pages.register(swaggerUi, {
        routePrefix: PAGE,
        // Makes links relative to the page, which may be at /auth/docs behind a proxy with a prefix.
        indexPrefix: '.',
        // The document is one level below the page.
        transformSpecification: (document) => ({ ...document, servers: [SERVICE] }),
        transformSpecificationClone: false,
        theme: { title: 'Latchkey API' },
      });
    });
  },
  { name: 'docs', dependencies: ['access', 'documents', 'errors', 'http', 'openapi'] },
);
