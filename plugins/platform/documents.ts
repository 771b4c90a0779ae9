// reply.document(): answers with a document in the coding that the client prefers, or 304 when the client has it already.
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { Problem } from '#platform/errors/problem.js';
import { answerWith, createDocument, type Document, isCurrent } from '#platform/http/documents.js';

declare module 'fastify' {
  interface FastifyReply {
    document(document: Document): Promise<FastifyReply>;
    /** For an answer that a route makes itself: sets `ETag`; answers 304 and returns true when `If-None-Match` names it. */
    isNotModified(etag: string): boolean;
  }
  interface FastifyInstance {
    /**
     * Keeps what the routes of this instance answer with 200 and a text: each answer is made by its route once. For pages that depend on
     * nothing but their route, and whether the path ends with a slash. Routes with parameters are left out.
     */
    keepAnswers(): void;
  }
}

export default fp(
  async (app) => {
    app.decorateReply('document', async function (this: FastifyReply, document: Document) {
      return this.send(await prepare(document, this.request, this));
    });

    app.decorateReply('isNotModified', function (this: FastifyReply, etag: string) {
      this.header('etag', etag);
      if (!isCurrent(etag, this.request.headers['if-none-match'])) return false;
      this.code(304).send(emptyBody(this.request));
      return true;
    });

    app.decorate('keepAnswers', function () {
      const kept = new Map<string, Document>();
      this.addHook('onRequest', async (request, reply) => {
        const document = kept.get(pageOf(request) ?? '');
        if (document !== undefined) return reply.document(document);
      });
      // After the hooks that were added before, which may change what is sent.
      this.addHook('onSend', async (request, reply, payload: unknown) => {
        const page = pageOf(request);
        if (page === undefined || reply.statusCode !== 200 || typeof payload !== 'string') return payload;
        // Of several requests that are the first, one keeps its answer.
        const document = kept.get(page) ?? createDocument(String(reply.getHeader('content-type')), () => payload);
        kept.set(page, document);
        return prepare(document, request, reply);
      });
    });
  },
  { name: 'documents', dependencies: ['errors'] },
);

/** Not the path, which can be spelled in many ways (`/docs/%6Ason`): each would be made and compressed anew. */
function pageOf({ routeOptions, url }: FastifyRequest): string | undefined {
  const route = routeOptions.url;
  if (route === undefined || /[*:]/.test(route)) return undefined;
  const [path = ''] = url.split('?', 1);
  return path.endsWith('/') ? `${route} with slash` : route;
}

/** Sets status and headers; resolves to what is to be sent. */
async function prepare(document: Document, request: FastifyRequest, reply: FastifyReply) {
  const { status, headers, body } = await answerWith(document, request.headers);
  // CORS has set `Vary: Origin`, without which a cache would give the response for one origin to another.
  const before = reply.getHeader('vary');
  const complete = { ...headers, ...(typeof before === 'string' && { vary: `${before}, ${headers.vary}` }) };
  if (status === 406) throw new Problem('not_acceptable', { headers: complete });
  reply.code(status).headers(complete);
  return status === 304 ? emptyBody(request) : body;
}

/** The body of a 304. Fastify adds `Content-Length: 0` to an answer to HEAD without a payload; the document is longer. */
function emptyBody({ method }: FastifyRequest): Readable | undefined {
  return method === 'HEAD' ? Readable.from([]) : undefined;
}
