// GET /.well-known/oauth-authorization-server: the same as /.well-known/openid-configuration, where RFC 8414 puts it.
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
        tags: ['Token'],
        summary: 'Discovery, as RFC 8414 has it',
        description: 'The same document as `/.well-known/openid-configuration`.',
        headers: conditionalHeaders,
        response: {
          200: success('The metadata.', Metadata, { metadata: exampleMetadata }, { headers: metadataHeaders }),
          304: noContent('Not modified: the client has the current answer.', { headers: metadataHeaders }),
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
