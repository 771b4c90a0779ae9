// GET /.well-known/openid-configuration: where a verifier that knows only the issuer finds its keys.
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
        tags: ['Token'],
        summary: 'Discovery, as OpenID Connect has it',
        description:
          'Issuer and key set for verifiers that are configured with the issuer alone. Latchkey is no OpenID provider: there is no authorization endpoint and no ID token, and none is named. Set `ISSUER` to the public URL of the service; with an issuer that is no URL the others are of use on this machine only.',
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
