// A change of the API that breaks callers needs a new version: docs/openapi.yaml is compared with docs/openapi.released.yaml.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parse } from 'yaml';
import { packageRoot } from '#platform/process/package-info.js';
import { breakingChanges, mayBreak, type OpenapiDocument } from './breaking-changes.js';

const read = (name: string): OpenapiDocument => parse(readFileSync(join(packageRoot, 'docs', name), 'utf8'));

t.test('the API breaks no caller of the last release, unless the version says so', async (t) => {
  const [released, current] = [read('openapi.released.yaml'), read('openapi.yaml')];
  const changes = mayBreak(released, current) ? [] : breakingChanges(released, current);
  t.strictSame(changes, [], 'see docs/compatibility.md');
});

/** A small document with each kind of thing that a change can break. */
const SAMPLE = `
openapi: 3.1.0
info: { title: Sample, version: 1.2.3 }
paths:
  /things/:
    get:
      operationId: listThings
      parameters:
        - { in: query, name: color, schema: { type: string, enum: [red, green] } }
        - { in: query, name: limit, schema: { type: integer, maximum: 100 } }
      responses:
        '200': { description: OK, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
    post:
      operationId: createThing
      security: []
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Body' } } } }
      responses:
        '201': { description: OK, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
        '409': { description: Conflict }
components:
  schemas:
    Name: { type: string, minLength: 1, maxLength: 10 }
    Body:
      type: object
      required: [name]
      properties: { name: { $ref: '#/components/schemas/Name' }, note: { type: string }, size: { type: integer } }
    Thing:
      type: object
      required: [id, color]
      properties: { id: { type: number }, color: { type: string, enum: [red, green] }, note: { type: [string, 'null'] } }
`;

const [GET, POST] = ['paths./things/.get', 'paths./things/.post'];
const [BODY, THING] = ['components.schemas.Body', 'components.schemas.Thing'];
const REMOVED = undefined;

/** A change: where in the document (names joined by dots), and the new value. */
type Change = readonly [name: string, place: string, value: unknown];

const BREAKING: readonly Change[] = [
  ['a path is removed', 'paths./things/', REMOVED],
  ['an operation is removed', GET, REMOVED],
  ['an operation has another name', `${GET}.operationId`, 'getThings'],
  ['a parameter is removed', `${GET}.parameters.1`, REMOVED],
  ['a parameter becomes required', `${GET}.parameters.0.required`, true],
  ['a required parameter is added', `${GET}.parameters.2`, { in: 'query', name: 'a', required: true, schema: {} }],
  ['a parameter accepts fewer values', `${GET}.parameters.0.schema.enum`, ['red']],
  ['a parameter has a smaller maximum', `${GET}.parameters.1.schema.maximum`, 50],
  ['an operation requires a token', `${POST}.security`, [{ bearer: [] }]],
  ['a successful response has another status', `${GET}.responses`, { 204: { description: 'OK' } }],
  ['a response has another media type', `${GET}.responses.200.content`, { 'text/plain': { schema: {} } }],
  ['a field of a request becomes required', `${BODY}.required`, ['name', 'note']],
  ['a field of a request is removed', `${BODY}.properties.note`, REMOVED],
  ['a field of a request accepts fewer types', `${BODY}.properties.note.type`, 'integer'],
  ['a field of a request is shorter', 'components.schemas.Name.maxLength', 5],
  ['a field of a response is removed', `${THING}.properties.note`, REMOVED],
  ['a field of a response becomes optional', `${THING}.required`, ['id']],
  ['a field of a response has another type', `${THING}.properties.id.type`, 'string'],
  ['a field of a response can be null', `${THING}.properties.color.type`, ['string', 'null']],
  ['a value of a response is renamed', `${THING}.properties.color.enum`, ['red', 'lime']],
  ['a response has an alternative', THING, { oneOf: [{ type: 'object' }, { type: 'object', required: ['a'] }] }],
];

const HARMLESS: readonly Change[] = [
  ['an operation is added', 'paths./things/.put', { operationId: 'a', responses: { 200: { description: 'OK' } } }],
  ['a description changes', `${GET}.description`, 'Lists the things.'],
  ['an optional parameter is added', `${GET}.parameters.2`, { in: 'query', name: 'a', schema: { type: 'string' } }],
  ['a parameter accepts more values', `${GET}.parameters.0.schema.enum`, ['red', 'green', 'blue']],
  ['an error response is added', `${GET}.responses.410`, { description: 'Gone' }],
  ['an error response is removed', `${POST}.responses.409`, REMOVED],
  ['an optional field of a request is added', `${BODY}.properties.a`, { type: 'string' }],
  ['a field of a request becomes optional', `${BODY}.required`, []],
  ['a field of a request accepts more types', `${BODY}.properties.size.type`, 'number'],
  ['a field of a request is longer', 'components.schemas.Name.maxLength', 20],
  ['a field of a response is added', `${THING}.properties.a`, { type: 'string' }],
  ['a field of a response is never null', `${THING}.properties.note.type`, 'string'],
  ['a field of a response is an integer', `${THING}.properties.id.type`, 'integer'],
  ['a response has a new value', `${THING}.properties.color.enum`, ['red', 'green', 'blue']],
  ['a schema that nothing uses is added', 'components.schemas.Other', { type: 'object' }],
];

t.test('changes that break callers are told from those that do not', async (t) => {
  t.strictSame(breakingChanges(parse(SAMPLE), parse(SAMPLE)), []);
  for (const change of BREAKING) t.not(breakingChanges(parse(SAMPLE), changed(change)).length, 0, change[0]);
  for (const change of HARMLESS) t.strictSame(breakingChanges(parse(SAMPLE), changed(change)), [], change[0]);
});

t.test('a message names the operation and the values', async (t) => {
  t.strictSame(breakingChanges(parse(SAMPLE), changed(['', `${THING}.properties.id.type`, 'string'])), [
    'replace /things/ get responses 200 content application/json schema properties id type: "number" to "string"',
    'replace /things/ post responses 201 content application/json schema properties id type: "number" to "string"',
  ]);
});

t.test('a new major version may break callers, and before 1.0.0 a new minor version', async (t) => {
  const of = (version: string): OpenapiDocument => ({ info: { version }, paths: {} });
  for (const [before, after, may] of [
    ['1.2.3', '2.0.0', true],
    ['0.9.0', '1.0.0', true],
    ['0.1.0', '0.2.0', true],
    ['0.1.0', '0.1.1', false],
    ['1.2.3', '1.3.0', false],
    ['1.2.3', '1.2.3', false],
    ['2.0.0', '1.9.9', false],
    ['1.0.0', '0.9.0', false],
  ] as const)
    t.equal(mayBreak(of(before), of(after)), may, `${before} to ${after}`);
});

function changed([, place, value]: Change): OpenapiDocument {
  const document = parse(SAMPLE);
  const names = place.split('.');
  const last = names.pop() ?? '';
  const parent = names.reduce((at, name) => at[name], document);
  if (value !== undefined) parent[last] = value;
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return document;
}
