// Checks every answer of the tests against the OpenAPI document: status, headers, media type, body and error code, and that an
// accepted request matches its schema.
import { strict as assert } from 'node:assert';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { App } from '#app.js';
import { PROBLEM_MEDIA_TYPE, type ProblemBody } from '#platform/errors/problem-body.js';
import { codesOf, commonErrorsOf, needsToken, operationsOf } from '../openapi/document.js';

/** The part of an answer that is checked, from Fastify's inject or any client. */
export type Response = Pick<LightMyRequestResponse, 'statusCode' | 'headers' | 'body'>;

interface Document {
  readonly paths?: Record<string, Record<string, unknown>>;
}

type Check = (request: InjectOptions, response: Response) => void;

/** By the text of the document. Most apps of a test file have the same one, and compiling its validators takes longer than most tests. */
const checks = new Map<string, Check>();

/** By the configuration of an app. Its document depends on nothing else, and takes longer to generate than the app takes to start. */
const checksOfApps = new Map<string, Check>();

/** Returns a check that throws when an answer of this app does not conform to its document. */
export function conformanceOf(app: Pick<App, 'config' | 'swagger'>): Check {
  const { database: _, ...config } = app.config;
  const key = inspect(config, { depth: null, maxArrayLength: null, maxStringLength: null });
  const known = checksOfApps.get(key) ?? conformance(app.swagger());
  checksOfApps.set(key, known);
  return known;
}

/** Returns a check that throws when an answer does not conform to `document`. */
export function conformance(document: object): Check {
  const text = JSON.stringify(document);
  const known = checks.get(text) ?? conformanceWith(document);
  checks.set(text, known);
  return known;
}

function conformanceWith(document: object): Check {
  // The document is linted separately (npm run lint:openapi), so the meta-schema need not be compiled here.
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
  addFormats.default(ajv);
  ajv.addSchema(document, 'openapi');
  const validator = (...pointer: readonly string[]): ValidateFunction => {
    const validate = ajv.getSchema(`openapi#/${located(document, pointer).map(pointerSegment).join('/')}`);
    assert.ok(validate, `no schema at ${pointer.join(' ')}`);
    return validate;
  };
  const assertValid = (what: string, validate: ValidateFunction, value: unknown) =>
    assert.ok(validate(value), `${what} is not as documented: ${ajv.errorsText(validate.errors)}`);

  const operations = new Map(operationsOf(document).map((each) => [`${each.method} ${each.path}`, each]));

  return (request, response) => {
    const method = (request.method ?? 'GET').toUpperCase();
    const pathname = pathOf(request);
    const { statusCode: status } = response;
    const route = findRoute(document, pathname, method);
    const what = `${method} ${route ?? pathname} ${status}`;
    // RFC 9110 section 9.3.2: the answer to HEAD has no body.
    const json = method === 'HEAD' ? undefined : jsonOf(response);

    if (status >= 400 && method !== 'HEAD') {
      assert.equal(mediaTypeOf(response), PROBLEM_MEDIA_TYPE, `${what}: every error is a problem document`);
      assertValid(what, validator('components', 'schemas', 'Problem'), json);
      const problem = json as ProblemBody;
      assert.equal(problem.status, status, `${what}: status`);
      assert.equal(problem.type, `urn:latchkey:problem:${problem.code}`, `${what}: type`);
      assert.equal(problem.request_id, response.headers['x-request-id'], `${what}: request id`);
    }
    if (route === undefined) return;

    const operation = operations.get(`${method} ${route}`);
    assert.ok(operation);
    const at = ['paths', route, method.toLowerCase()] as const;
    const own = operation.responses[status];
    const expected = own ?? (status >= 400 ? operation.responses.default : undefined);
    assert.ok(expected, `${what} is not documented: ${response.body}`);
    const mediaType = mediaTypeOf(response);
    const media = expected.content?.[mediaType];
    if (expected.content === undefined) {
      assert.equal(response.body, '', `${what} is documented without a body`);
      for (const name of ['content-type', 'content-length']) assert.equal(response.headers[name], undefined, what);
    } else {
      assert.ok(media, `${what} is not documented as ${mediaType}`);
      // The body of an error was checked above.
      if (status < 400)
        assertValid(what, validator(...at, 'responses', String(status), 'content', mediaType, 'schema'), json);
    }

    assert.ok(response.headers['x-request-id'], `${what} has no X-Request-Id`);
    if (expected.headers?.['Cache-Control'] === undefined) assert.equal(response.headers['cache-control'], 'no-store');
    for (const [name, documented] of Object.entries(expected.headers ?? {})) {
      const value = response.headers[name.toLowerCase()];
      assert.ok(value !== undefined, `${what} has no ${name}`);
      const inline = [...at, 'responses', String(status), 'headers', name, 'schema'];
      const header = validator(...('$ref' in documented ? ['components', 'headers', name, 'schema'] : inline));
      assertValid(`${what} ${name}`, header, /^\d+$/.test(String(value)) ? Number(value) : value);
    }
    if (status === 429 || status === 503) {
      assertValid(
        `${what} Retry-After`,
        validator('components', 'headers', 'Retry-After', 'schema'),
        Number(response.headers['retry-after']),
      );
    }
    if (status >= 400) {
      const { code } = json as ProblemBody;
      const all = [...codesOf(own), ...commonErrorsOf(operation)];
      assert.ok(all.includes(code), `${what} ${code} is not documented`);
      return;
    }
    if (needsToken(operation)) {
      const names = Object.keys(request.headers ?? {}).map((name) => name.toLowerCase());
      assert.ok(names.includes('authorization'), `${what} without the access token that is documented as needed`);
    }
    const sent = payloadOf(request);
    if (operation.requestBody !== undefined && sent !== undefined) {
      assertValid(`${what}: request`, validator(...at, 'requestBody', 'content', 'application/json', 'schema'), sent);
    }
  };
}

/** Where a part of the document really is: a reference on the way leads to a component. */
function located(document: object, pointer: readonly string[]): string[] {
  let at: string[] = [];
  let part: unknown = document;
  for (const name of pointer) {
    const { $ref } = part as { $ref?: string };
    if ($ref !== undefined) {
      at = $ref.slice('#/'.length).split('/');
      part = at.reduce((whole: unknown, each) => (whole as Record<string, unknown>)[each], document);
    }
    at.push(name);
    part = (part as Record<string, unknown> | undefined)?.[name];
    if (part === undefined) break;
  }
  return at;
}

function pathOf({ url = '/' }: InjectOptions): string {
  if (typeof url !== 'string') return url.pathname;
  return url.split(/[?#]/, 1)[0] ?? '/';
}

/** The documented path that matches the request; a trailing slash does not matter. */
function findRoute(document: Document, pathname: string, method: string): string | undefined {
  const asked = segments(pathname);
  return Object.entries(document.paths ?? {}).find(([path, operations]) => {
    const known = segments(path);
    const fits = known.length === asked.length && known.every((each, i) => /^\{.+\}$/.test(each) || each === asked[i]);
    return fits && operations[method.toLowerCase()] !== undefined;
  })?.[0];
}

function segments(path: string): string[] {
  return path.replace(/\/$/, '').split('/');
}

function mediaTypeOf({ headers }: Response): string {
  return String(headers['content-type']).split(';', 1)[0] ?? '';
}

function jsonOf(response: Response): unknown {
  return /[/+]json$/.test(mediaTypeOf(response)) ? JSON.parse(response.body) : undefined;
}

/** The body of the request; undefined for a stream, which was consumed. RFC 8259 section 8.1 lets a parser ignore a byte order mark. */
function payloadOf({ payload, body = payload }: InjectOptions): unknown {
  if (body instanceof Readable) return undefined;
  return typeof body === 'string' || Buffer.isBuffer(body) ? JSON.parse(body.toString().replace(/^\uFEFF/, '')) : body;
}

function pointerSegment(segment: string): string {
  return encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1'));
}
