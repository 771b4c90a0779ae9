// Swagger UI at /docs/: the OpenAPI document for people, with everything it needs from here.
import swaggerUi from '@fastify/swagger-ui';
import fp from 'fastify-plugin';
import { pagePolicy } from '#platform/http/page-policy.js';

export default fp(
  async (app) => {
    // A context of its own: what is said here holds for these pages and for no route of the API.
    await app.register(async (pages) => {
      pages.addHook('onRoute', (route) => {
        route.config = { ...route.config, access: 'public' };
      });
      pages.addHook('onSend', async (request, reply) => {
        // A problem keeps the headers of every problem.
        if (reply.statusCode >= 400) return;
        reply.headers(pagePolicy);
        reply.header('cache-control', request.url.includes('/static/') ? 'public, max-age=3600' : 'public, max-age=60');
      });
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
  { name: 'docs', dependencies: ['access', 'errors', 'http', 'openapi'] },
);
