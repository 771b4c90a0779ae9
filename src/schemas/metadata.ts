// The metadata of the token issuer (RFC 8414).
import { type Static, Type } from '@sinclair/typebox';
import { cacheHeaders } from '#schemas/responses.js';

export const Metadata = Type.Object(
  {
    issuer: Type.String({ description: 'The `iss` claim of access tokens, configured with `ISSUER`.' }),
    jwks_uri: Type.String(),
    service_documentation: Type.String(),
  },
  { title: 'Metadata', additionalProperties: false },
);
export type Metadata = Static<typeof Metadata>;

/** The metadata of a service with the example configuration. */
export const exampleMetadata: Metadata = {
  issuer: 'latchkey',
  jwks_uri: 'http://localhost:3000/.well-known/jwks.json',
  service_documentation: 'http://localhost:3000/docs/',
};

/** The document can be cached for an hour, because it changes only with the configuration. */
export const METADATA_CACHE = 'public, max-age=3600';

export const metadataHeaders = cacheHeaders(METADATA_CACHE);
