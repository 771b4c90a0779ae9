// Leaves to each operation the errors that are its own. Errors that all operations of a kind can answer with are said once: in a response
// of the components, which is the `default` of these operations.
import { STATUS_CODES } from 'node:http';
import { type Media, mapValues, type Operation, type Response } from './document.js';

interface Options {
  /** The codes of the common errors, and the name of the response that describes them. */
  readonly common: readonly string[];
  /** Whether a status with own errors lists its common ones too, except 400: a client that sends well-formed requests never sees those. */
  readonly listsCommon: boolean;
  readonly commonName: string;
  /** An example that takes the place of all examples with its code. */
  readonly standsForAll: object;
  /** The names of headers that errors with a status have. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

/** The operation with its own errors, and with the common ones as `default`. */
export function withOwnErrors(operation: Operation, options: Options): Operation {
  const responses: Operation['responses'] = {};
  for (const [status, response] of Object.entries(operation.responses)) {
    const own = Number(status) < 400 ? response : ownErrors(status, response as Response, options);
    if (own !== undefined) responses[status] = own;
  }
  return {
    ...operation,
    responses: { ...responses, default: { $ref: `#/components/responses/${options.commonName}` } },
  };
}

function ownErrors(status: string, response: Response, options: Options): Response | undefined {
  const content = mapValues(response.content ?? {}, (media) => withOwnExamples(status, media, options));
  const codes = Object.values(content).flatMap(({ examples = {} }) => Object.values(examples).map(codeOf));
  if (codes.length === 0) return undefined;
  const headers = options.headers[status];
  return {
    description: `${STATUS_CODES[status]}: ${codes.map((code) => `\`${code}\``).join(', ')}.`,
    ...(headers && { headers: Object.fromEntries(headers.map((name) => [name, reference(name)])) }),
    content,
  };
}

function withOwnExamples(
  status: string,
  { schema, examples = {} }: Media,
  { common, listsCommon, standsForAll }: Options,
): Media {
  const isOwn = (example: object) => !common.includes(codeOf(example));
  if (!Object.values(examples).some(isOwn)) return { schema, examples: {} };
  const kept = Object.entries(examples).filter(([, example]) => (listsCommon && status !== '400') || isOwn(example));
  const code = codeOf(standsForAll);
  const entries = kept.map(([name, example]) => (codeOf(example) === code ? [code, standsForAll] : [name, example]));
  return { schema, examples: Object.fromEntries(entries) };
}

const reference = (header: string) => ({ $ref: `#/components/headers/${header}` });

function codeOf(example: object): string {
  return (example as { value: { code: string } }).value.code;
}
