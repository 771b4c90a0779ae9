// How a route declares its success, and how bodies carry their examples.
import type { Static, TSchema } from '@sinclair/typebox';

/** Examples by name. An example of a request and one of an answer that have the same name belong together. */
export type Examples<T> = Readonly<Record<string, T>>;

/** The `response` entry of a success: JSON, with the answers to the requests of the same names. */
export function success<T extends TSchema>(description: string, schema: T, examples: Examples<Static<T>>) {
  return { description, content: { 'application/json': { schema, examples: named(examples) } } };
}

/** The `response` entry of a success without a body, as for 204: the status says it all. */
export function noContent(description: string) {
  return { description, type: 'null' } as const;
}

/** Options of a body's schema: its name among the components of the document, and requests that work as they stand. */
export function body(title: string, description: string, examples: Examples<object>) {
  return { title, description, 'x-examples': named(examples) };
}

function named(examples: Examples<unknown>): Record<string, { value: unknown }> {
  return Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]));
}
