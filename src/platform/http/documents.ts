// Documents that are the same for every client: created and compressed once, and sent from one shared buffer.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Content codings, in the order in which they are preferred. */
const ENCODINGS = ['br', 'gzip', 'identity'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** The document in one content coding. */
interface Representation {
  readonly bytes: Buffer;
  /** A strong entity tag, different for each coding (RFC 9110 section 8.8.3). */
  readonly etag: string;
}

/** A document with its representations. */
export interface Document {
  readonly mediaType: string;
  /** The available codings, preferred ones first. */
  readonly encodings: readonly Encoding[];
  /** Created at the first call. Rejects if the content cannot be read. */
  in(encoding: Encoding): Promise<Representation>;
}

/** The request headers that select a representation. */
export interface DocumentRequest {
  readonly 'accept-encoding'?: string | string[] | undefined;
  readonly 'if-none-match'?: string | undefined;
}

/** A response with a document. A 304 has no body; 406 means that the client accepts none of the codings. */
export interface DocumentAnswer {
  readonly status: 200 | 304 | 406;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** Formats that are compressed already: images except SVG, and fonts. */
const INCOMPRESSIBLE = /^(image\/(?!svg)|font\/)/;

/** `content` is called at the first request for the document, and again only if it failed. */
export function createDocument(mediaType: string, content: () => Content | Promise<Content>): Document {
  const made = new Map<Encoding, Promise<Representation>>();

  async function make(encoding: Encoding): Promise<Representation> {
    if (encoding === 'identity') {
      const bytes = Buffer.from(await content());
      return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url')}"` };
    }
    const { bytes, etag } = await document.in('identity');
    return { bytes: await compress[encoding](bytes), etag: `${etag.slice(0, -1)}-${encoding}"` };
  }

  const document: Document = {
    mediaType,
    encodings: INCOMPRESSIBLE.test(mediaType) ? ['identity'] : ENCODINGS,
    in(encoding) {
      const known = made.get(encoding);
      if (known !== undefined) return known;
      const representation = make(encoding);
      made.set(encoding, representation);
      representation.catch(() => made.delete(encoding));
      return representation;
    },
  };
  return document;
}

type Content = string | Buffer;

/** The response to GET and HEAD. A 304 has the headers that RFC 9110 section 15.4.5 requires; a 200 also describes the body. */
export async function answerWith(document: Document, request: DocumentRequest): Promise<DocumentAnswer> {
  const vary = { vary: 'accept-encoding' };
  const encoding = chooseEncoding(request['accept-encoding']?.toString(), document.encodings);
  if (encoding === undefined) return { status: 406, headers: vary };
  const { bytes, etag } = await document.in(encoding);
  const headers = { ...vary, etag };
  if (isCurrent(etag, request['if-none-match'])) return { status: 304, headers };
  return {
    status: 200,
    headers: {
      ...headers,
      'content-type': document.mediaType,
      ...(encoding !== 'identity' && { 'content-encoding': encoding }),
    },
    body: bytes,
  };
}

/** The coding with the highest weight, the first of equals; undefined if the client accepts none (RFC 9110 section 12.5.3). */
export function chooseEncoding(
  acceptEncoding: string | undefined,
  encodings: readonly Encoding[] = ENCODINGS,
): Encoding | undefined {
  // Without the header any coding is acceptable, and every client can read this one.
  if (acceptEncoding === undefined) return 'identity';
  const weights = new Map<string, number>();
  // Cut before it is split, so that the time that this takes is bounded.
  for (const item of acceptEncoding.slice(0, MAX_HEADER_LENGTH).toLowerCase().split(',')) {
    const [coding = '', ...parameters] = item.split(';').map((each) => each.trim());
    const weight = parameters.find((each) => /^q\s*=/.test(each))?.replace(/^q\s*=\s*/, '') ?? '1';
    // An invalid weight counts as 0.
    if (coding !== '') weights.set(coding === 'x-gzip' ? 'gzip' : coding, QVALUE.test(weight) ? Number(weight) : 0);
  }
  const weightOf = (encoding: Encoding) =>
    // If it is not mentioned, identity is acceptable, but every coding that is mentioned is preferred.
    weights.get(encoding) ?? weights.get('*') ?? (encoding === 'identity' ? Number.MIN_VALUE : 0);
  const [best] = encodings.filter((each) => weightOf(each) > 0).sort((a, b) => weightOf(b) - weightOf(a));
  return best;
}

/** Far longer than what any browser sends. */
const MAX_HEADER_LENGTH = 1000;
const QVALUE = /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/;

/**
 * Whether `If-None-Match`, which is `*` or a list, contains this entity tag by weak comparison (RFC 9110 section 13.1.2). These tags
 * contain no comma, so the list can be split at commas.
 */
export function isCurrent(etag: string, ifNoneMatch: string | undefined): boolean {
  return ifNoneMatch?.split(',').some((each) => ['*', etag].includes(each.trim().replace(/^W\//, ''))) ?? false;
}

// Compressed in the thread pool of Node, so that the main thread is not blocked. Higher brotli levels take 20 to 50 times as long for large
// documents and save a tenth of the size.
const compress = {
  br: (bytes: Buffer) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: bytes.length > 100_000 ? 6 : constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }),
} as const;
