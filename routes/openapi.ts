// GET /openapi.json and GET /openapi.yaml: the OpenAPI document, for programs.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';

// A client may keep the document for a minute; after a deployment it is new.
const CACHE = 'public, max-age=60';

const route: FastifyPluginAsyncTypebox = async (app) => {
  // The document does not describe the way to itself.
  const options = { config: { access: 'public' }, schema: { hide: true } } as const;

  app.get('/openapi.json', options, (_request, reply) =>
    reply.header('cache-control', CACHE).document(app.openapi.json),
  );
  app.get('/openapi.yaml', options, (_request, reply) =>
    reply.header('cache-control', CACHE).document(app.openapi.yaml),
  );
};

export default route;
