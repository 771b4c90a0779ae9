// app.swagger() and app.openapi: the OpenAPI document, generated from the schemas that routes validate and serialize with.
import { isDeepStrictEqual } from 'node:util';
import swagger from '@fastify/swagger';
import fp from 'fastify-plugin';
import { createDocument, type Document as PreparedDocument } from '#platform/http/documents.js';
import { toYaml } from '#platform/http/yaml.js';
import { packageVersion } from '#platform/process/package-info.js';
import { EXAMPLE_REQUEST_ID } from '#schemas/problem.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** The OpenAPI document in both formats, ready to send. */
    openapi: { readonly json: PreparedDocument; readonly yaml: PreparedDocument };
  }
}

const description = [
  'Authentication over REST. Users register, log in, and manage their own account. A login returns a short-lived access token and a single-use refresh token. Operators manage accounts, roles, settings and signing keys.',
  '**Requests.** Send bodies as JSON in UTF-8, at most 16 KiB. Undocumented members are ignored. A value of the wrong type is rejected, never converted. A trailing slash in a path is optional.',
  '**Errors** are `application/problem+json` (RFC 9457). Branch on `code`, which is stable; show or log `detail`; give `request_id` to the operator when you report a problem. An unknown path returns 404 `not_found`. An unsupported method returns 405 `method_not_allowed` with `Allow`. An `Expect` other than `100-continue` returns 417 `expectation_failed`. A request line with the URL of another host returns 421 `misdirected_request`.',
  '**Rate limits.** Responses to limited requests state the limit in `RateLimit-Limit`, the remaining requests in `RateLimit-Remaining`, and the seconds until the limit resets in `RateLimit-Reset`. Requests above the limit return 429 with `Retry-After`. Operators configure the limits as live settings.',
  '**Retries.** Every 429 and 503 has `Retry-After`. After a 5xx response, a change may or may not have taken effect. Repeat `POST /api/refresh/` with the same `Idempotency-Key`; this is safe. Repeating a registration that succeeded returns 409, and repeating a login starts another session.',
].join('\n\n');

/** Response headers and the statuses that have them. The plugin security-headers and the error catalogue set them. */
const headers: Readonly<Record<string, { of: (status: string) => boolean; header: object }>> = {
  'X-Request-Id': {
    of: () => true,
    header: {
      description: 'Identifies this request in the log of the service.',
      required: true,
      schema: { type: 'string' },
      example: EXAMPLE_REQUEST_ID,
    },
  },
  'Cache-Control': {
    of: () => true,
    header: {
      description: 'The response must not be stored: responses contain credentials and personal data.',
      required: true,
      schema: { type: 'string', enum: ['no-store'] },
      example: 'no-store',
    },
  },
  'WWW-Authenticate': {
    of: (status) => status === '401',
    header: {
      description: 'The authentication scheme and, where credentials were sent, the error (RFC 6750).',
      required: true,
      schema: { type: 'string', pattern: '^Bearer realm="latchkey"(, error="(invalid_token|invalid_grant)")?$' },
      example: 'Bearer realm="latchkey", error="invalid_token"',
    },
  },
  'Retry-After': {
    of: (status) => status === '429' || status === '503',
    header: {
      description: 'The number of seconds to wait before the next attempt.',
      required: true,
      schema: { type: 'integer', minimum: 1 },
      example: 1,
    },
  },
};

export default fp(
  async (app) => {
    await app.register(swagger, {
      // By default the plugin removes the path of PUBLIC_URL from the paths of operations.
      stripBasePath: false,
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Latchkey',
          version: packageVersion,
          description,
          license: { name: 'MIT', identifier: 'MIT' },
        },
        // Relative to the URL of the document, which is at the root of the service (/openapi.json).
        servers: [{ url: app.config.publicUrl?.href ?? '.', description: 'The service that served this document.' }],
        tags: [
          { name: 'Account', description: 'Register, read, change and delete an account.' },
          { name: 'Session', description: 'Log in, refresh and log out; list and end sessions.' },
          { name: 'Token', description: 'Verify access tokens, here or in another service.' },
          { name: 'Operation', description: 'Health checks and documents for operators and platforms.' },
          {
            name: 'Admin',
            description:
              'Manage accounts, roles, settings and signing keys, and read the audit log. Each operation requires a permission, which operators have through their roles.',
          },
        ],
        components: {
          headers: Object.fromEntries(Object.entries(headers).map(([name, { header }]) => [name, header])),
          securitySchemes: {
            bearerAuth: {
              type: 'http',
              scheme: 'bearer',
              bearerFormat: 'JWT',
              description: 'An access token returned by login or refresh.',
            },
          },
        },
      },
      refResolver: { buildLocalReference: (schema, _base, _fragment, index) => String(schema.$id ?? `def-${index}`) },
      // The router accepts paths with and without a trailing slash; the document shows them with it.
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
          // Without a body, these operations read the refresh token from the cookie.
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

/** The parts of the document that are changed here. */
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

/** Moves schemas with a title to the components, where client generators find names for their types. */
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

/** Route files are loaded in directory order, on which the document must not depend. */
function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
