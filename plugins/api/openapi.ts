// app.swagger() and app.openapi: the OpenAPI document, generated from the schemas that routes validate and serialize with.
import { isDeepStrictEqual } from 'node:util';
import swagger from '@fastify/swagger';
import fp from 'fastify-plugin';
import { withComponents } from '#openapi/components.js';
import { type Body, type Document, mapValues, type Operation } from '#openapi/document.js';
import { groupOf, inOrder, isFirst, isOperatorsGroup, OPERATORS_PATH, tagsOf } from '#openapi/groups.js';
import { withOwnErrors } from '#openapi/own-errors.js';
import { withFewerExamples } from '#openapi/response-examples.js';
import type { ErrorCode } from '#platform/errors/catalogue.js';
import { createDocument, type Document as PreparedDocument } from '#platform/http/documents.js';
import { toYaml } from '#platform/http/yaml.js';
import { packageVersion } from '#platform/process/package-info.js';
import {
  commonErrors,
  errorsOfEveryClient,
  operatorErrors,
  sharedErrorResponse,
  userErrors,
  validationExample,
} from '#schemas/problem.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** The OpenAPI document in both formats, ready to send. */
    openapi: { readonly json: PreparedDocument; readonly yaml: PreparedDocument };
  }
}

const description = [
  'Authentication over REST. Users register, log in, and manage their own account. A login returns a short-lived access token and a single-use refresh token. Operators manage accounts, roles, settings and signing keys.',
  '**Requests.** Send bodies as JSON in UTF-8, at most 16 KiB. Undocumented members are ignored. A value of the wrong type is rejected, never converted. A trailing slash in a path is optional.',
  '**Responses** have the header `X-Request-Id`, which identifies the request in the log of the service, and `Cache-Control: no-store` unless documented otherwise. All times are in UTC.',
  '**Errors** are `application/problem+json` (RFC 9457). Branch on `code`, which is stable; show or log `detail`; give `request_id` to the operator when you report a problem. Each operation lists its own errors; docs/errors.md explains every code. Any operation can also answer with the common ones that apply to it (`default`): the response `Error` describes them, `UserError` for operations with an access token, and `OperatorError` for those of operators. An unknown path returns 404 `not_found`, and an unsupported method 405 `method_not_allowed` with `Allow`.',
  '**Sessions.** When a session has ended, its access tokens can read, but not change anything, until they expire.',
  '**Rate limits.** Responses to limited requests have `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`, in seconds. Requests above the limit return 429. Operators configure the limits.',
  '**Retries.** Every 429 and 503 has `Retry-After`. After a 5xx response, a change may have taken effect. Repeat `POST /api/refresh/` with the same `Idempotency-Key`. A registration that is repeated returns 409; a login that is repeated starts another session.',
].join('\n\n');

/** Headers of errors. The error catalogue sets them. */
const headers = {
  'WWW-Authenticate': {
    description: 'The authentication scheme and, where credentials were sent, the error (RFC 6750, RFC 9470).',
    required: true,
    schema: {
      type: 'string',
      pattern: '^Bearer realm="latchkey"(, error="[a-z_]+"(, (acr_values|max_age)="[a-z0-9:]+")*)?$',
    },
    example: 'Bearer realm="latchkey", error="invalid_token"',
  },
  'Retry-After': {
    description: 'The number of seconds to wait before the next attempt.',
    required: true,
    schema: { type: 'integer', minimum: 1 },
    example: 1,
  },
} as const;

const errors = {
  common: commonErrors,
  commonName: 'Error',
  listsCommon: false,
  standsForAll: validationExample,
  headers: { 401: ['WWW-Authenticate'], 429: ['Retry-After'], 503: ['Retry-After'] },
};

/** Every client meets them, so these operations list more. */
const errorsOfFirst = {
  ...errors,
  common: commonErrors.filter((code) => !errorsOfEveryClient.includes(code)),
  listsCommon: true,
};

const errorsOfUsers = { ...errors, common: userErrors, commonName: 'UserError' };

const errorsOfOperators = { ...errors, common: operatorErrors, commonName: 'OperatorError' };

const NEEDS_TOKEN = [{ bearerAuth: [] }];

const isForOperators = ({ tags = [] }: Operation): boolean => tags.some(isOperatorsGroup);

const needsToken = ({ security }: Operation): boolean => security === undefined || security.length > 0;

const needsPermission = (operation: Operation): boolean => isForOperators(operation) && needsToken(operation);

/** A response with the common errors, and more. */
const furtherErrors = (codes: readonly ErrorCode[]) =>
  sharedErrorResponse(
    codes.filter((code) => !commonErrors.includes(code)),
    [],
    'An `Error`, or',
  );

function errorsFor(operation: Operation) {
  if (isFirst(operation)) return errorsOfFirst;
  if (needsPermission(operation)) return errorsOfOperators;
  return needsToken(operation) ? errorsOfUsers : errors;
}

/** Without what the document says for all operations, and what the schema of the body says too. */
function withDefaults({ security, requestBody, ...operation }: Operation): Operation {
  const { description: _, ...body } = (requestBody ?? { content: {} }) as Body;
  return {
    ...operation,
    ...(!isDeepStrictEqual(security, NEEDS_TOKEN) && { security }),
    ...(requestBody && { requestBody: body }),
  };
}

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
        // Operations that need no token say so.
        security: NEEDS_TOKEN,
        components: {
          headers,
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
      transform: ({ schema, url }) => {
        // The router accepts paths with and without a trailing slash; the document shows them with it.
        const path = url.startsWith('/api/') && !url.endsWith('/') ? `${url}/` : url;
        const { operationId } = schema as { operationId?: string };
        const hide = path.startsWith(OPERATORS_PATH) && !app.config.docs.admin;
        return {
          schema: { ...schema, ...(hide && { hide }), tags: [groupOf(path, operationId ?? '')] },
          url: path,
        };
      },
      transformObject: (result) => {
        const document = ('openapiObject' in result ? result.openapiObject : {}) as unknown as Document;
        const complete = mapValues(inOrder(document.paths), (methods) =>
          mapValues(methods, (operation) => {
            return withOwnErrors(withCookie(withDefaults(operation)), errorsFor(operation));
          }),
        );
        const paths = withFewerExamples(complete, { isFirst, isForOperators });
        return withComponents(
          { ...document, tags: tagsOf(paths), paths },
          {
            Error: sharedErrorResponse(commonErrors, ['rate_limited', 'internal_error'], 'One of the common errors:'),
            UserError: furtherErrors(userErrors),
            ...(app.config.docs.admin && {
              OperatorError: furtherErrors(operatorErrors),
            }),
          },
        );
      },
    });
    /** Without a body, these operations read the refresh token from the cookie. */
    const withCookie = (operation: Operation): Operation =>
      app.config.refreshCookie.enabled && ['refresh', 'logout'].includes(operation.operationId)
        ? { ...operation, requestBody: { content: {}, ...operation.requestBody, required: false } }
        : operation;
    app.decorate('openapi', {
      json: createDocument('application/json; charset=utf-8', () => JSON.stringify(app.swagger())),
      // RFC 9512.
      yaml: createDocument('application/yaml; charset=utf-8', () => toYaml(app.swagger())),
    });
  },
  { name: 'openapi', dependencies: ['access'] },
);
