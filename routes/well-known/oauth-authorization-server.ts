// GET /.well-known/oauth-authorization-server: issuer metadata at the path that RFC 8414 defines.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { exampleMetadata, METADATA_CACHE, Metadata, metadataHeaders } from '#schemas/metadata.js';
import { success } from '#schemas/responses.js';

export const prefixOverride = '/.well-known';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/oauth-authorization-server',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getAuthorizationServerMetadata',
        tags: ['Token'],
        summary: 'Discover the issuer (RFC 8414)',
        description: 'Returns the same document as `/.well-known/openid-configuration`.',
        response: {
          200: success('The metadata.', Metadata, { metadata: exampleMetadata }, { headers: metadataHeaders }),
        },
      },
    },
    async (_request, reply) => reply.header('cache-control', METADATA_CACHE).send(app.metadata()),
  );
};

export default route;
