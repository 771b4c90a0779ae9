// Access to the operations and examples of the OpenAPI document.

/** Documented requests or answers by name. */
export type Examples = Readonly<Record<string, { readonly value: Readonly<Record<string, unknown>> }>>;

interface Content {
  readonly [mediaType: string]: { readonly schema: object; readonly examples?: Examples };
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly security: readonly object[];
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly required?: boolean;
    readonly example?: string;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<
    Record<
      string,
      { readonly description: string; readonly headers?: Record<string, object>; readonly content?: Content }
    >
  >;
  /** The codes of the response `Error`, to which others refer. */
  readonly commonErrors: readonly string[];
  readonly path: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
}

interface Document {
  readonly security?: readonly object[];
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components?: { readonly responses?: Readonly<Record<string, { readonly description: string }>> };
}

/** The operations, with the shared parameters, responses and examples in their places. References to schemas remain. */
export function operationsOf(document: object): Operation[] {
  return Object.entries((document as Document).paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) =>
        ({
          security: (document as Document).security,
          ...(resolved(operation, document) as object),
          commonErrors: codesOf((document as Document).components?.responses?.Error),
          path,
          method: method.toUpperCase(),
        }) as unknown as Operation,
    ),
  );
}

function resolved(part: unknown, document: object): unknown {
  if (Array.isArray(part)) return part.map((each) => resolved(each, document));
  if (typeof part !== 'object' || part === null) return part;
  const { $ref } = part as { $ref?: string };
  const [, kind = '', name = ''] =
    /^#\/components\/(parameters|responses|requestBodies|examples)\/(.+)$/.exec($ref ?? '') ?? [];
  if (kind === '')
    return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, resolved(each, document)]));
  const { components } = document as { components: Record<string, Record<string, unknown>> };
  const found = components[kind]?.[name];
  if (found === undefined) throw new Error(`${$ref} leads nowhere`);
  return resolved(found, document);
}

/** The codes of the errors that every operation of its kind can answer with. */
export function commonErrorsOf({ responses, commonErrors }: Operation): string[] {
  const codes = codesOf(responses.default);
  return codes.includes('Error') ? [...codes.filter((code) => code !== 'Error'), ...commonErrors] : codes;
}

/** The codes that the description of an error lists. */
export function codesOf({ description } = { description: '' }): string[] {
  return [...description.matchAll(/`(\w+)`/g)].map(([, code = '']) => code);
}

/** An operation with all errors that its route declares: also those that the document describes once. */
export function asDeclared(operation: Operation, routes: readonly { readonly schema?: object }[]): Operation {
  type Declared = { readonly operationId?: string; readonly response: Operation['responses'] };
  const route = routes.find(({ schema }) => (schema as Declared | undefined)?.operationId === operation.operationId);
  if (route === undefined) throw new Error(`no route for ${operation.operationId}`);
  return { ...operation, responses: (route.schema as Declared).response };
}

/** Whether an operation needs an access token. */
export function needsToken({ security }: Operation): boolean {
  return security.length > 0;
}

/** The documented request bodies of an operation; undefined if it takes none. */
export function requestExamples({ requestBody }: Operation): Examples | undefined {
  return requestBody?.content['application/json']?.examples;
}

/** The documented answers of an operation. An answer without a body has no value and belongs to every request. */
export function answerExamples(operation: Operation) {
  const withoutBody = Object.keys(requestExamples(operation) ?? { 'no body': {} }).map((name) => [name, {}] as const);
  const byStatus = Object.entries(operation.responses).filter(([status]) => status !== 'default');
  return byStatus.flatMap(([status, { content }]) => {
    const examples: (readonly [name: string, example: { readonly value?: Readonly<Record<string, unknown>> }])[] =
      content === undefined
        ? withoutBody
        : Object.values(content).flatMap((media) => Object.entries(media.examples ?? {}));
    return examples.map(([name, { value }]) => ({ status: Number(status), name, value }));
  });
}
