// Leaves out examples of responses that only operators get. Their schemas tell a program as much, and there are many of them.
import { type Media, mapValues, type Operation, type Paths, type Response } from './document.js';

/** `isForOperators` tells which operations are meant. An example that another operation has too remains. */
export function withoutOperatorsExamples(paths: Paths, isForOperators: (operation: Operation) => boolean): Paths {
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  const known = new Set(
    operations
      .filter((operation) => !isForOperators(operation))
      .flatMap(({ responses }) => Object.values(responses))
      .flatMap((response) => ('content' in response ? Object.values(response.content ?? {}) : []))
      .flatMap(({ examples = {} }) => Object.values(examples).map((example) => JSON.stringify(example))),
  );
  const isKnown = (example: object) => known.has(JSON.stringify(example));
  const shorten = ({ examples = {}, ...media }: Media): Media => {
    const kept = Object.entries(examples).filter(([, example]) => isKnown(example));
    return { ...media, ...(kept.length > 0 && { examples: Object.fromEntries(kept) }) };
  };
  return mapValues(paths, (methods) =>
    mapValues(methods, (operation) =>
      isForOperators(operation)
        ? {
            ...operation,
            responses: mapValues(operation.responses, (response) =>
              'content' in response
                ? { ...response, content: mapValues((response as Response).content ?? {}, shorten) }
                : response,
            ),
          }
        : operation,
    ),
  );
}
