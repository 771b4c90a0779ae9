// Leaves out examples of responses that say nothing beyond the schema and the codes.
import { isDeepStrictEqual } from 'node:util';
import { type Media, mapValues, type Operation, type Paths, type Response } from './document.js';

interface Options {
  /** The operations that every client uses. Only their errors have examples. */
  readonly isFirst: (operation: Operation) => boolean;
  /** The operations of operators. Their responses have no examples. */
  readonly isForOperators: (operation: Operation) => boolean;
}

/** A longer example is left out. */
const MAX_EXAMPLE_BYTES = 1000;

/** The same operations with fewer examples. What another operation shows remains: it becomes a component, which costs nothing more. */
export function withFewerExamples(paths: Paths, { isFirst, isForOperators }: Options): Paths {
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  const responses = (each: Operation) => Object.entries(each.responses);
  const isError = ([status]: [string, unknown]) => Number(status) >= 400;
  const shownErrors = new Set(
    operations
      .filter(isFirst)
      .flatMap((each) => responses(each).filter(isError))
      .map(([, response]) => JSON.stringify(response)),
  );
  const shownExamples = new Set(
    operations
      .filter((each) => !isForOperators(each))
      .flatMap((each) => responses(each).filter((response) => !isError(response)))
      .flatMap(([, response]) => ('content' in response ? Object.values(response.content ?? {}) : []))
      .flatMap(({ examples = {} }) => Object.values(examples).map((example) => JSON.stringify(example))),
  );
  return mapValues(paths, (methods) =>
    mapValues(methods, (operation) => ({
      ...operation,
      responses: mapValues(operation.responses, (response, status) => {
        if (!('content' in response)) return response;
        if (isError([status, response])) {
          return shownErrors.has(JSON.stringify(response)) ? response : withExamples(response as Response, () => false);
        }
        return withExamples(response as Response, (example) => {
          const text = JSON.stringify(example);
          return (
            text.length <= MAX_EXAMPLE_BYTES &&
            !isOnlyToken(example) &&
            !hasKnownForm(example) &&
            (!isForOperators(operation) || shownExamples.has(text))
          );
        });
      }),
    })),
  );
}

/** An access token alone: the examples of a login have one. */
function isOnlyToken(example: { readonly value?: unknown }): boolean {
  const { value } = example;
  return typeof value === 'object' && value !== null && Object.keys(value).join() === 'access_token';
}

/**
 * Members whose form is known: standards define it (WebAuthn, JWKS, `otpauth:` URIs), or the example of a request shows it (recovery
 * codes).
 */
const KNOWN_FORMS = ['challenge', 'keys', 'qr_svg', 'recovery_codes'];

function hasKnownForm({ value }: { readonly value?: unknown }): boolean {
  return typeof value === 'object' && value !== null && KNOWN_FORMS.some((name) => name in value);
}

function withExamples(response: Response, isKept: (example: object) => boolean): Response {
  return { ...response, content: mapValues(response.content ?? {}, (media) => filtered(media, isKept)) };
}

function filtered({ examples = {}, ...media }: Media, isKept: (example: object) => boolean): Media {
  const all = Object.entries(examples);
  // An answer that several requests get is shown once.
  const isFirst = (example: object, i: number) => all.findIndex(([, each]) => isDeepStrictEqual(each, example)) === i;
  const kept = all.filter(([, example], i) => isKept(example) && isFirst(example, i));
  return { ...media, ...(kept.length > 0 && { examples: Object.fromEntries(kept) }) };
}
