// app.metadata(): the metadata of this token issuer, for other services.
import fp from 'fastify-plugin';
import { localUrl } from '#platform/config/local-url.js';
import { type IssuerMetadata, issuerMetadata } from '#tokens/metadata.js';

declare module 'fastify' {
  interface FastifyInstance {
    metadata: () => IssuerMetadata;
  }
}

export default fp(
  async (app) => {
    const { config, server } = app;
    app.decorate('metadata', () =>
      issuerMetadata(config.issuer, localUrl(config, server.address()), config.publicUrl?.href),
    );
  },
  { name: 'metadata' },
);
