// What other services are told about this issuer of tokens (RFC 8414).
import { type Static, Type } from '@sinclair/typebox';
import { cacheHeaders } from '#schemas/responses.js';

export const Metadata = Type.Object(
  {
    issuer: Type.String({ description: '`iss` of access tokens: the configuration variable `ISSUER`.' }),
    jwks_uri: Type.String({ description: 'Where the public keys are.' }),
    service_documentation: Type.String({ description: 'Where the API is explained.' }),
  },
  { title: 'Metadata', description: 'What this issuer of tokens does.', additionalProperties: false },
);
export type Metadata = Static<typeof Metadata>;

/** Of a service with the configuration of the examples. */
export const exampleMetadata: Metadata = {
  issuer: 'latchkey',
  jwks_uri: 'http://localhost:3000/.well-known/jwks.json',
  service_documentation: 'http://localhost:3000/docs/',
};

/** A verifier may keep the document for an hour: it changes with the configuration only. */
export const METADATA_CACHE = 'public, max-age=3600';

export const metadataHeaders = cacheHeaders(METADATA_CACHE);
