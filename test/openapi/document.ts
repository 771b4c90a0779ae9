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
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
  readonly path: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
}

interface Document {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export function operationsOf(document: object): Operation[] {
  return Object.entries((document as Document).paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => ({ ...(operation as object), path, method: method.toUpperCase() }) as Operation,
    ),
  );
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
  return Object.entries(operation.responses).flatMap(([status, { content }]) => {
    const examples: (readonly [name: string, example: { readonly value?: Readonly<Record<string, unknown>> }])[] =
      content === undefined
        ? withoutBody
        : Object.values(content).flatMap((media) => Object.entries(media.examples ?? {}));
    return examples.map(([name, { value }]) => ({ status: Number(status), name, value }));
  });
}
