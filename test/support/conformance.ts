// Holds every answer of the tests against the OpenAPI document: status, media type, and body.
import { strict as assert } from 'node:assert';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { InjectOptions, LightMyRequestResponse as Response } from 'fastify';

interface Operation {
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: object }> }>;
}

interface Document {
  readonly paths?: Record<string, Record<string, unknown>>;
}

/** Answers that any path can give, documented or not: no operation has taken the request. */
const UNROUTED = new Set([404, 405]);

/** A check that throws when an answer is not as `document` says. */
export function conformance(document: object) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, 'openapi');

  return (request: InjectOptions, response: Response): void => {
    const path = new URL(String(request.url), 'http://localhost').pathname;
    const method = (request.method ?? 'GET').toLowerCase();
    const documented = [path, `${path}/`].find((each) => (document as Document).paths?.[each]?.[method]);
    if (documented === undefined || UNROUTED.has(response.statusCode)) return;
    const operation = (document as Document).paths?.[documented]?.[method] as Operation;
    const what = `${method.toUpperCase()} ${documented} ${response.statusCode}`;
    const expected = operation.responses[response.statusCode];
    assert.ok(expected, `${what} is not documented: ${response.body}`);
    const [mediaType = ''] = String(response.headers['content-type']).split(';');
    assert.ok(expected.content?.[mediaType], `${what} is not documented as ${mediaType}`);
    const pointer = [
      'paths',
      documented,
      method,
      'responses',
      String(response.statusCode),
      'content',
      mediaType,
      'schema',
    ];
    const validate = ajv.getSchema(`openapi#/${pointer.map(pointerSegment).join('/')}`);
    assert.ok(validate?.(response.json()), `${what} is not as documented: ${ajv.errorsText(validate?.errors)}`);
    if (response.statusCode < 400) assertExactMembers(what, operation, response, mediaType);
  };
}

/** The contract's bodies have exactly their members. */
function assertExactMembers(what: string, operation: Operation, response: Response, mediaType: string): void {
  const schema = operation.responses[response.statusCode]?.content?.[mediaType]?.schema as { properties?: object };
  if (schema.properties === undefined) return;
  assert.deepEqual(Object.keys(response.json()).sort(), Object.keys(schema.properties).sort(), `${what}: members`);
}

function pointerSegment(segment: string): string {
  return encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1'));
}
