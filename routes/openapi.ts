// GET /openapi.json and GET /openapi.yaml: the OpenAPI document, for programs.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';

// A client may keep the document for a minute; after a deployment it is new.
const CACHE = 'public, max-age=60';

const route: FastifyPluginAsyncTypebox = async (app) => {
  // The document does not describe the way to itself.
  const options = { config: { access: 'public' }, schema: { hide: true } } as const;

  app.get('/openapi.json', options, async (_request, reply) =>
    reply.header('cache-control', CACHE).type('application/json; charset=utf-8').send(app.swagger()),
  );

  app.get('/openapi.yaml', options, async (_request, reply) =>
    // RFC 9512.
    reply
      .header('cache-control', CACHE)
      .type('application/yaml; charset=utf-8')
      .send(app.swagger({ yaml: true })),
  );
};

export default route;
