// How a route declares its success, and how bodies carry their examples.
import { type Static, type TSchema, Type } from '@sinclair/typebox';

/** Examples by name. An example of a request and one of an answer that have the same name belong together. */
export type Examples<T> = Readonly<Record<string, T>>;

/** What else an answer has to say of itself. */
interface AnswerOptions {
  readonly mediaType?: string;
  /** Schemas of response headers, each with a description; they come before those that every answer has. */
  readonly headers?: Readonly<Record<string, TSchema>>;
}

/** The `response` entry of a success: JSON, with the answers to the requests of the same names. */
export function success<T extends TSchema>(
  description: string,
  schema: T,
  examples: Examples<Static<T>>,
  { mediaType = 'application/json', headers }: AnswerOptions = {},
) {
  return { description, content: { [mediaType]: { schema, examples: named(examples) } }, ...(headers && { headers }) };
}

/** The `response` entry of an answer without a body, as for 204: the status says it all. */
export function noContent(description: string, { headers }: Pick<AnswerOptions, 'headers'> = {}) {
  return { description, type: 'null', ...(headers && { headers }) } as const;
}

/** The headers of an answer that may be kept, and asked for again with `If-None-Match`. */
export function cacheHeaders(cacheControl: string) {
  return {
    'Cache-Control': Type.Literal(cacheControl, { description: 'How long the answer may be kept.' }),
    ETag: Type.String({
      description: 'Names this version of the answer, for `If-None-Match`.',
      pattern: '^"[\\w-]+"$',
    }),
  };
}

/** The request headers of an answer with `cacheHeaders`. */
export const conditionalHeaders = Type.Object({
  'if-none-match': Type.Optional(Type.String({ description: 'The `ETag` of the answer that the client has.' })),
});

/** Options of a body's schema: its name among the components of the document, and requests that work as they stand. */
export function body(title: string, description: string, examples: Examples<object>) {
  return { title, description, 'x-examples': named(examples) };
}

function named(examples: Examples<unknown>): Record<string, { value: unknown }> {
  return Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]));
}
