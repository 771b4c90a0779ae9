// Moves what several operations have in common to the components of the OpenAPI document, so that it is written once.
import { STATUS_CODES } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import {
  type Body,
  type Document,
  type Media,
  mapValues,
  type Operation,
  type Parameter,
  type Paths,
  type Reference,
  type Response,
  type Schema,
} from './document.js';
import { merged } from './unions.js';

/** The same API in fewer bytes. `document` is not changed. `further` responses are added to the components. */
export function withComponents<T extends Document>(document: T, further: Record<string, Response>): T {
  const schemas: Record<string, Schema> = {};
  const name = (schema: Schema) => named(schema, schemas);
  for (const [title, schema] of Object.entries(document.components.schemas))
    schemas[title] = withNamedParts(schema, name);
  const withNames = mapOperations(document.paths, (operation) => ({
    ...mapMedia(operation, (media) => ({ ...media, schema: name(media.schema) })),
    ...(operation.parameters && { parameters: operation.parameters.map((each) => parameter(each, name)) }),
  }));

  // Inner parts last: what only one shared response uses is not needed a second time.
  const operations = entriesOf(withNames);
  const parameters = shared('parameters', operations.flatMap(parametersOf));
  const responses = shared('responses', operations.flatMap(responsesOf));
  const bodies = shared('requestBodies', operations.flatMap(bodyOf));
  const outer = mapOperations(withNames, (operation) => ({
    ...operation,
    ...(operation.parameters && { parameters: operation.parameters.map(parameters.refer) }),
    ...(operation.requestBody && { requestBody: bodies.refer(operation.requestBody) }),
    responses: mapValues(operation.responses, responses.refer),
  }));
  const allResponses = { ...further, ...responses.components };
  const inside = [
    ...entriesOf(outer).flatMap(({ operation }) => partsOf(operation)),
    ...Object.values(allResponses),
    ...Object.values(bodies.components),
  ];
  const headers = shared('headers', inside.flatMap(headersOf));
  const examples = shared('examples', inside.flatMap(mediaOf).flatMap(examplesOf));
  const refer = <P extends Body | Response | Reference>(part: P): P => ({
    ...within(part, (media) => ({
      ...media,
      ...(media.examples && { examples: mapValues(media.examples, examples.refer) }),
    })),
    ...('headers' in part && { headers: mapValues(part.headers ?? {}, headers.refer) }),
  });
  return {
    ...document,
    paths: mapOperations(outer, (operation) => mapParts(operation, refer)),
    components: {
      ...document.components,
      headers: sorted({ ...document.components.headers, ...headers.components }),
      parameters: sorted(parameters.components),
      responses: sorted(mapValues(allResponses, refer)),
      requestBodies: sorted(mapValues(bodies.components, refer)),
      examples: sorted(examples.components),
      // The name of a component is its title.
      schemas: mapValues(sorted(schemas), ({ title: _, ...schema }) => schema),
    },
  };
}

/** Without a member that has its default value. */
function parameter(given: Parameter | Reference, name: (schema: Schema) => Schema): Parameter | Reference {
  if ('$ref' in given) return given;
  const { required, ...rest } = given;
  return { ...rest, schema: name(given.schema), ...(required === true && { required }) };
}

/** Schemas with a title become components, where client generators find names for their types. */
function named(schema: Schema, schemas: Record<string, Schema>): Schema {
  const { title } = schema;
  const full = withNamedParts(schema, (each) => named(each, schemas));
  if (title === undefined) return full;
  const reference = { $ref: `#/components/schemas/${title}` };
  const known = schemas[title] ?? full;
  schemas[title] = known;
  if (isDeepStrictEqual(known, full)) return reference;
  if (!isDeepStrictEqual({ ...known, description: '' }, { ...full, description: '' })) {
    throw new Error(`two schemas have the title ${title}`);
  }
  return { ...reference, ...(full.description !== undefined && { description: full.description }) };
}

function withNamedParts(schema: Schema, name: (part: Schema) => Schema): Schema {
  const { properties, items, anyOf, additionalProperties, ...rest } = schema;
  return merged({
    ...rest,
    ...(rest.pattern !== undefined && { pattern: portable(rest.pattern) }),
    ...(properties && { properties: mapValues(properties, name) }),
    ...(items && { items: name(items) }),
    ...(anyOf && { anyOf: anyOf.map(name) }),
    // A response may get more members in a later version, and a request may have undocumented ones: neither is forbidden.
    ...(additionalProperties && { additionalProperties }),
  });
}

/**
 * A pattern without lone surrogates, which the service rejects, but for which clients need no rule. With them, JavaScript without the flag `u`,
 * as in the Zod schemas of several generators, rejects every emoji, and Rust's engine, which Pydantic uses, rejects the pattern.
 */
function portable(pattern: string): string {
  return pattern.replaceAll('\\uD800-\\uDFFF', '');
}

/**
 * Values that occur more than once, under the first name that each has, if references to it are shorter. A second value of the same name
 * stays where it is.
 */
function shared<T extends object>(kind: string, uses: readonly (readonly [name: string, value: T])[]) {
  const counts = new Map<string, number>();
  for (const [, value] of uses) counts.set(keyOf(value), (counts.get(keyOf(value)) ?? 0) + 1);
  const names = new Map<string, string>();
  const found: Record<string, T> = {};
  for (const [name, value] of uses) {
    const key = keyOf(value);
    if (names.has(key) || found[name] !== undefined || !isWorthSharing(kind, name, key, counts.get(key) ?? 0)) continue;
    names.set(key, name);
    found[name] = value;
  }
  return {
    components: found,
    refer: (value: T): T | Reference => {
      const name = names.get(keyOf(value));
      return name === undefined ? value : { $ref: `#/components/${kind}/${name}` };
    },
  };
}

const keyOf = (value: object): string => JSON.stringify(value);

function isWorthSharing(kind: string, name: string, text: string, count: number): boolean {
  return count > 1 && text.length + name.length + count * referenceTo(kind, name).length < count * text.length;
}

const referenceTo = (kind: string, name: string): string => JSON.stringify({ $ref: `#/components/${kind}/${name}` });

/** An example of an error has the name of the error; any other the name of its schema. */
function examplesOf({ schema, examples = {} }: Media): [string, object][] {
  const schemaName = schemaNameOf(schema);
  return Object.entries(examples).map(([name, example]) => [schemaName === 'Problem' ? name : schemaName, example]);
}

/** A parameter in the path is named after the segment before it: `/users/{id}/` has `UsersId`. */
function parametersOf({ path, operation }: Entry): [string, Parameter | Reference][] {
  return (operation.parameters ?? []).map((parameter) => {
    const { name, in: place } = parameter as Parameter;
    const before = place === 'path' ? (path.split('/').at(path.split('/').indexOf(`{${name}}`) - 1) ?? '') : '';
    return [pascalCase(`${before} ${name}`), parameter];
  });
}

/**
 * An error response is named after its codes, which its description lists: `EmailTaken`, `MissingTokenOrInvalidToken`. Any other is named
 * after its status. A body of a success stays where it is: clients of swagger-typescript-api would not read one behind a reference.
 */
function responsesOf({ operation }: Entry): [string, Response | Reference][] {
  return Object.entries(operation.responses).flatMap(([status, response]): [string, Response | Reference][] => {
    if ('$ref' in response) return [];
    if (!isError(response)) {
      return mediaOf(response).length > 0 ? [] : [[pascalCase(STATUS_CODES[status] ?? ''), response]];
    }
    const { description = '' } = response as Partial<Response>;
    const codes = [...description.matchAll(/`(\w+)`/g)].map(([, code = '']) => pascalCase(code));
    return codes.length > 0 ? [[codes.join('Or'), response]] : [];
  });
}

/** A body is named after its schema. */
function bodyOf({ operation: { requestBody } }: Entry): [string, Body | Reference][] {
  if (requestBody === undefined) return [];
  return mediaOf(requestBody).map(({ schema }) => [schemaNameOf(schema), requestBody]);
}

function schemaNameOf({ $ref = '' }: Schema): string {
  return $ref.replace(/.*\//, '');
}

function isError(response: Response | Reference): boolean {
  return mediaOf(response).some(({ schema }) => schema.$ref === '#/components/schemas/Problem');
}

function pascalCase(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

interface Entry {
  readonly path: string;
  readonly operation: Operation;
}

function entriesOf(paths: Paths): Entry[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, operation })),
  );
}

function partsOf({ requestBody, responses }: Operation): (Body | Response | Reference)[] {
  return [...(requestBody ? [requestBody] : []), ...Object.values(responses)];
}

function mediaOf(part: Body | Response | Reference): Media[] {
  return 'content' in part ? Object.values(part.content ?? {}) : [];
}

function headersOf(part: Body | Response | Reference): [string, object][] {
  return 'headers' in part ? Object.entries(part.headers ?? {}).filter(([, header]) => !('$ref' in header)) : [];
}

function mapOperations(paths: Paths, map: (operation: Operation) => Operation): Paths {
  return mapValues(paths, (methods) => mapValues(methods, map));
}

function mapMedia(operation: Operation, map: (media: Media) => Media): Operation {
  return mapParts(operation, (part) => within(part, map));
}

function mapParts(operation: Operation, map: <T extends Body | Response | Reference>(part: T) => T): Operation {
  return {
    ...operation,
    ...(operation.requestBody && { requestBody: map(operation.requestBody) }),
    responses: mapValues(operation.responses, map),
  };
}

function within<T extends Body | Response | Reference>(part: T, map: (media: Media) => Media): T {
  return 'content' in part ? { ...part, content: mapValues(part.content ?? {}, map) } : part;
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
