// Swagger UI at /docs/: the OpenAPI document for people, with everything it needs from here.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import swaggerUi from '@fastify/swagger-ui';
import type { RouteHandlerMethod } from 'fastify';
import fp from 'fastify-plugin';
import { documentFolder } from '../src/document-folder.js';
import { pagePolicy } from '../src/page-policy.js';

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
      pages.addHook('onSend', async (request, reply) => {
        // A problem keeps the headers of every problem.
        if (reply.statusCode >= 400) return;
        reply.headers(pagePolicy);
        reply.header('cache-control', request.url.includes('/static/') ? 'public, max-age=3600' : 'public, max-age=60');
      });
      pages.keepAnswers();
      await pages.register(swaggerUi, {
        routePrefix: '/docs',
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
