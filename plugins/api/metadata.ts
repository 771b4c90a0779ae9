// app.metadata(): the metadata of this token issuer, for other services.
import { createHash } from 'node:crypto';
import fp from 'fastify-plugin';
import { localUrl } from '#platform/config/local-url.js';
import { type IssuerMetadata, issuerMetadata } from '#tokens/metadata.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** The document, and its entity tag. */
    metadata: () => { readonly document: IssuerMetadata; readonly etag: string };
  }
}

export default fp(
  async (app) => {
    const { config, server } = app;
    app.decorate('metadata', () => {
      const document = issuerMetadata(config.issuer, localUrl(config, server.address()), config.publicUrl?.href);
      return { document, etag: `"${createHash('sha256').update(JSON.stringify(document)).digest('base64url')}"` };
    });
  },
  { name: 'metadata' },
);
