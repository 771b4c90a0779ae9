// Bodies: JSON in UTF-8, nothing else.
import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { Problem } from '#platform/errors/problem.js';

export default fp(
  async (app) => {
    const parseJson = app.getDefaultJsonParser('error', 'error');
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
      // Many clients always send the type. Where a body is required, the schema refuses a request without one.
      if (body.length === 0) done(null, undefined);
      else if (!isPlainUtf8(request)) done(new Problem('unsupported_media_type'));
      // Fastify's own parser would put U+FFFD for bytes that are no UTF-8, and let two passwords become the same.
      else if (!isUtf8(body)) done(new Problem('malformed_json'));
      else parseJson(request, body.toString('utf8'), done);
    });
  },
  { name: 'json-body' },
);

/** No other charset is named (RFC 8259 section 8.1), and nothing is compressed: an unpacked body has no honest length. */
function isPlainUtf8({ headers }: FastifyRequest): boolean {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(headers['content-type'] ?? '') ?? [];
  const encoding = headers['content-encoding'] ?? 'identity';
  return /^utf-?8$/i.test(charset) && encoding.toLowerCase() === 'identity';
}
