// Builders for a route's successful responses and for the examples of bodies.
import { type Static, type TSchema, Type } from '@sinclair/typebox';

/** Examples by name. Request and response examples of the same name belong together. */
export type Examples<T> = Readonly<Record<string, T>>;

/** Optional parts of a response. */
interface ResponseOptions {
  readonly mediaType?: string;
  /** Schemas of response headers, each with a description. They are listed before the headers that every response has. */
  readonly headers?: Readonly<Record<string, TSchema>>;
}

/** The `response` entry of a success with a body. */
export function success<T extends TSchema>(
  description: string,
  schema: T,
  examples: Examples<Static<T>>,
  { mediaType = 'application/json', headers }: ResponseOptions = {},
) {
  return { description, content: { [mediaType]: { schema, examples: named(examples) } }, ...(headers && { headers }) };
}

/** The `response` entry of a success without a body, such as 204. */
export function noContent(description: string, { headers }: Pick<ResponseOptions, 'headers'> = {}) {
  return { description, type: 'null', ...(headers && { headers }) } as const;
}

/** The headers of a response that can be cached, and revalidated with `If-None-Match`. */
export function cacheHeaders(cacheControl: string) {
  return {
    'Cache-Control': Type.Literal(cacheControl, { description: 'How long the response may be cached.' }),
    ETag: Type.String({
      description: 'Identifies this version of the response, for `If-None-Match`.',
      pattern: '^"[\\w-]+"$',
    }),
  };
}

/** The request headers of an operation whose response can be revalidated. */
export const conditionalHeaders = Type.Object({
  'if-none-match': Type.Optional(Type.String({ description: 'The `ETag` of the cached response.' })),
});

/**
 * Options for the schema of a request body: its name among the components of the OpenAPI document, examples that work as they are, and a
 * `description` of what its fields do not say.
 */
export function body(title: string, examples: Examples<object>, description?: string) {
  return { title, ...(description !== undefined && { description }), 'x-examples': named(examples) };
}

function named(examples: Examples<unknown>): Record<string, { value: unknown }> {
  return Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]));
}
