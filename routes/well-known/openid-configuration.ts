// GET /.well-known/openid-configuration: issuer metadata, from which a verifier that knows only the issuer finds the keys.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { exampleMetadata, METADATA_CACHE, Metadata, metadataHeaders } from '#schemas/metadata.js';
import { conditionalHeaders, noContent, success } from '#schemas/responses.js';

export const prefixOverride = '/.well-known';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/openid-configuration',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getOpenidConfiguration',
        summary: 'Discover the issuer (OpenID Connect)',
        description:
          'Returns the issuer and the URL of the key set, for verifiers that are configured with the issuer alone. Latchkey is not an OpenID provider and issues no ID tokens. The URLs work from elsewhere only if `ISSUER` is the public URL of the service.',
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
