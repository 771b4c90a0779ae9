// GET /.well-known/oauth-authorization-server: issuer metadata at the path that RFC 8414 defines.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { exampleMetadata, METADATA_CACHE, Metadata, metadataHeaders } from '#schemas/metadata.js';
import { conditionalHeaders, noContent, success } from '#schemas/responses.js';

export const prefixOverride = '/.well-known';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/oauth-authorization-server',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getAuthorizationServerMetadata',
        summary: 'Discover the issuer (RFC 8414)',
        description: 'Returns the same document as `/.well-known/openid-configuration`.',
        headers: conditionalHeaders,
        response: {
          200: success('The metadata.', Metadata, { metadata: exampleMetadata }, { headers: metadataHeaders }),
          304: noContent('The cached response is up to date.', { headers: metadataHeaders }),
        },
      },
    },
    async (_request, reply) => {
      const { document, etag } = app.metadata();
      reply.header('cache-control', METADATA_CACHE);
      return reply.isNotModified(etag) ? reply : reply.send(document);
    },
  );
};

export default route;
