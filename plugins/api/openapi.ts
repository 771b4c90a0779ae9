// app.swagger() and app.openapi: the OpenAPI document, made from the schemas that the routes validate and serialize with.
import { isDeepStrictEqual } from 'node:util';
import swagger from '@fastify/swagger';
import fp from 'fastify-plugin';
import { createDocument, type Document as PreparedDocument } from '#platform/http/documents.js';
import { toYaml } from '#platform/http/yaml.js';
import { packageVersion } from '#platform/process/package-info.js';
import { EXAMPLE_REQUEST_ID } from '#schemas/problem.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** The OpenAPI document, as it is sent. */
    openapi: { readonly json: PreparedDocument; readonly yaml: PreparedDocument };
  }
}

const description = [
  'Authentication over REST: short-lived access tokens, refresh tokens that work once, and one account to manage: your own.',
  '**Requests.** Bodies are JSON in UTF-8, at most 16 KiB. Members that are not documented are ignored; a value of the wrong type is refused, never converted. A path works with and without its trailing slash.',
  '**Errors** are `application/problem+json` (RFC 9457). Decide by `code`, which is stable; show or log `detail`; quote `request_id` to the operator. A path that does not exist answers 404 `not_found`; a method that a path does not take answers 405 `method_not_allowed` with `Allow`. An `Expect` other than `100-continue` answers 417 `expectation_failed`; a request line with the URL of another host answers 421 `misdirected_request`.',
  '**Limits.** Answers to requests that are counted say how many are left, in `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (seconds); what is too much is answered 429 with `Retry-After`. What is counted is a live setting.',
  '**Trying again.** An answer 429 or 503 has `Retry-After`. Whether an operation that was answered 5xx took effect is not known: `POST /api/refresh/` is safe to repeat with the same `Idempotency-Key`; to register again answers 409, to log in again begins another session.',
].join('\n\n');

/** Headers of answers, by the statuses that have them; http.ts and the error catalogue set them. */
const headers: Readonly<Record<string, { of: (status: string) => boolean; header: object }>> = {
  'X-Request-Id': {
    of: () => true,
    header: {
      description: 'Names this request in our log.',
      required: true,
      schema: { type: 'string' },
      example: EXAMPLE_REQUEST_ID,
    },
  },
  'Cache-Control': {
    of: () => true,
    header: {
      description: 'Answers must not be stored: they hold credentials and personal data.',
      required: true,
      schema: { type: 'string', enum: ['no-store'] },
      example: 'no-store',
    },
  },
  'WWW-Authenticate': {
    of: (status) => status === '401',
    header: {
      description: 'What was wrong with the credentials (RFC 6750).',
      required: true,
      schema: { type: 'string', pattern: '^Bearer realm="latchkey"(, error="(invalid_token|invalid_grant)")?$' },
      example: 'Bearer realm="latchkey", error="invalid_token"',
    },
  },
  'Retry-After': {
    of: (status) => status === '429' || status === '503',
    header: {
      description: 'Seconds to wait before trying again.',
      required: true,
      schema: { type: 'integer', minimum: 1 },
      example: 1,
    },
  },
};

export default fp(
  async (app) => {
    await app.register(swagger, {
      // It would cut the path of PUBLIC_URL off those of our operations.
      stripBasePath: false,
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Latchkey',
          version: packageVersion,
          description,
          license: { name: 'MIT', identifier: 'MIT' },
        },
        // Relative to the address of the document, which stands at the root of the service (/openapi.json).
        servers: [
          { url: app.config.publicUrl?.href ?? '.', description: 'The service that this document comes from.' },
        ],
        tags: [
          { name: 'Account', description: 'Register, read, change and delete an account.' },
          { name: 'Session', description: 'Log in, refresh, log out; see and end sessions.' },
          { name: 'Token', description: 'Verify access tokens, here or in any other service.' },
          { name: 'Operation', description: 'For the operator and the platform.' },
          {
            name: 'Admin',
            description:
              'For operators, whose roles give the permission that each operation asks for: accounts, roles, settings, signing keys, the audit log.',
          },
        ],
        components: {
          headers: Object.fromEntries(Object.entries(headers).map(([name, { header }]) => [name, header])),
          securitySchemes: {
            bearerAuth: {
              type: 'http',
              scheme: 'bearer',
              bearerFormat: 'JWT',
              description: 'The access token from login or refresh.',
            },
          },
        },
      },
      refResolver: { buildLocalReference: (schema, _base, _fragment, index) => String(schema.$id ?? `def-${index}`) },
      // The router takes a path with and without its slash; the documentation shows it with.
      transform: ({ schema, url }) => ({
        schema,
        url: url.startsWith('/api/') && !url.endsWith('/') ? `${url}/` : url,
      }),
      transformObject: (result) => {
        const document = ('openapiObject' in result ? result.openapiObject : {}) as Document;
        for (const operation of operationsOf(document)) {
          for (const [status, response] of Object.entries(operation.responses)) {
            response.headers = { ...headersOf(status), ...response.headers };
            if (response.content !== undefined) nameSchemas(document, response.content);
          }
          if (operation.requestBody !== undefined) nameSchemas(document, operation.requestBody.content);
          // Without a body their refresh token is that of the cookie.
          if (app.config.refreshCookie.enabled && ['refresh', 'logout'].includes(operation.operationId ?? '')) {
            operation.requestBody = { content: {}, ...operation.requestBody, required: false };
          }
        }
        const { paths, components } = document;
        return {
          ...document,
          paths: sorted(paths),
          components: { ...components, schemas: sorted(components.schemas) },
        };
      },
    });
    app.decorate('openapi', {
      json: createDocument('application/json; charset=utf-8', () => JSON.stringify(app.swagger())),
      // RFC 9512.
      yaml: createDocument('application/yaml; charset=utf-8', () => toYaml(app.swagger())),
    });
  },
  { name: 'openapi', dependencies: ['access'] },
);

type Content = Record<string, { schema: { title?: string; $ref?: string } }>;

interface Operation {
  readonly operationId?: string;
  requestBody?: { readonly content: Content; readonly required?: boolean };
  readonly responses: Record<string, { headers?: object; content?: Content }>;
}

/** As much of the document as is changed here. */
interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object> };
}

function operationsOf({ paths }: Document): Operation[] {
  return Object.values(paths).flatMap((path) => Object.values(path));
}

function headersOf(status: string): object {
  const names = Object.keys(headers).filter((name) => headers[name]?.of(status));
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

/** Moves schemas that have a title to the components, where generators of clients find names for their types. */
function nameSchemas({ components: { schemas } }: Document, content: Content): void {
  for (const media of Object.values(content)) {
    const { title } = media.schema;
    if (title === undefined) continue;
    if (schemas[title] !== undefined && !isDeepStrictEqual(schemas[title], media.schema)) {
      throw new Error(`two schemas have the title ${title}`);
    }
    schemas[title] = media.schema;
    media.schema = { $ref: `#/components/schemas/${title}` };
  }
}

/** Files are loaded in the order of the disk; the document must not depend on it. */
function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
