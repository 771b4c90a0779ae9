// GET /openapi.json and GET /openapi.yaml: the OpenAPI document.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';

// Short, because the document can change with every deployment.
const CACHE = 'public, max-age=60';

const route: FastifyPluginAsyncTypebox = async (app) => {
  // Hidden: the document does not describe itself.
  const options = { config: { access: 'public' }, schema: { hide: true } } as const;

  app.get('/openapi.json', options, (_request, reply) =>
    reply.header('cache-control', CACHE).document(app.openapi.json),
  );
  app.get('/openapi.yaml', options, (_request, reply) =>
    reply.header('cache-control', CACHE).document(app.openapi.yaml),
  );
};

export default route;
