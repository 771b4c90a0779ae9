// Accepts request bodies in JSON and UTF-8 only.
import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { Problem } from '#platform/errors/problem.js';

export default fp(
  async (app) => {
    const parseJson = app.getDefaultJsonParser('error', 'error');
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
      // Many clients send the content type without a body. Where a body is required, the schema rejects the request.
      if (body.length === 0) done(null, undefined);
      else if (!isPlainUtf8(request)) done(new Problem('unsupported_media_type'));
      // Fastify's own parser would replace invalid bytes by U+FFFD, so that different passwords could become equal.
      else if (!isUtf8(body)) done(new Problem('malformed_json'));
      else parseJson(request, body.toString('utf8'), done);
    });
  },
  { name: 'json-body' },
);

/** Whether the charset is UTF-8 (RFC 8259 section 8.1) and the body is not compressed: Content-Length would not bound its size. */
function isPlainUtf8({ headers }: FastifyRequest): boolean {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(headers['content-type'] ?? '') ?? [];
  const encoding = headers['content-encoding'] ?? 'identity';
  return /^utf-?8$/i.test(charset) && encoding.toLowerCase() === 'identity';
}
