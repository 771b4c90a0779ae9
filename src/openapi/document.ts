// The parts of an OpenAPI 3.1 document that this service reads and changes.

/** A `$ref` to a component. */
export interface Reference {
  readonly $ref: string;
}

/** A JSON Schema. */
export interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly $ref?: string;
  readonly type?: string | string[];
  readonly enum?: unknown[];
  readonly pattern?: string;
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly anyOf?: Schema[];
  readonly additionalProperties?: boolean | Schema;
}

/** A body in one media type. */
export interface Media {
  readonly schema: Schema;
  readonly examples?: Record<string, object>;
}

/** The body of a request. */
export interface Body {
  readonly description?: string;
  readonly content: Record<string, Media>;
  readonly required?: boolean;
}

/** A response with one status. */
export interface Response {
  readonly description: string;
  readonly headers?: Record<string, object>;
  readonly content?: Record<string, Media>;
}

/** A parameter in the path, the query or a header. */
export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

/** An operation. */
export interface Operation {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly parameters?: (Parameter | Reference)[];
  readonly security?: object[];
  readonly requestBody?: Body | Reference;
  readonly responses: Record<string, Response | Reference>;
}

/** Operations by path and method. */
export type Paths = Record<string, Record<string, Operation>>;

/** The document. */
export interface Document {
  readonly paths: Paths;
  readonly components: { readonly schemas: Record<string, Schema>; readonly headers?: Record<string, object> };
}

/** The same record with other values. */
export function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  map: (value: T, key: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
