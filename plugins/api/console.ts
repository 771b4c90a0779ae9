// Serves the operators' console at /admin/. Its page and scripts are public; the API that they call checks permissions.
import { join } from 'node:path';
import type { FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import { documentFolder } from '#platform/http/document-folder.js';
import { pagePolicy } from '#platform/http/page-policy.js';

/** With and without a trailing slash. */
const PAGE = '/admin';
/** A file whose name contains a hash of its content: all files but the page itself. */
const HASHED_NAME = /-[0-9A-Z]{8}\.[a-z]+$/;

export default fp(
  async (app) => {
    // The files of this build, not those in dist, which may be replaced by another version while the service runs.
    const files = documentFolder(join(import.meta.dirname, '..', '..', 'console', 'public'));
    const send = (reply: FastifyReply, name: string) => {
      const file = files.get(name);
      return file === undefined ? reply.callNotFound() : reply.document(file);
    };

    // A separate context, as for the documentation pages.
    await app.register(async (pages) => {
      pages.addHook('onRoute', (route) => {
        route.config = { ...route.config, access: 'public' };
        route.schema = { ...route.schema, hide: true };
      });
      pages.addHook('onSend', async (request, reply) => {
        // Problems keep the default security headers.
        if (reply.statusCode >= 400) return;
        reply.headers(pagePolicy);
        // Without the query, which is the client's: a cache that ignores it would keep the page for a year.
        const isImmutable = HASHED_NAME.test(request.url.split('?', 1)[0] ?? '');
        reply.header('cache-control', isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache');
      });
      pages.route<{ Params: { '*': string } }>({
        method: ['GET', 'HEAD'],
        url: `${PAGE}/*`,
        handler: (request, reply) => send(reply, request.params['*']),
      });
      pages.route({
        method: ['GET', 'HEAD'],
        url: PAGE,
        handler: ({ url }, reply) => send(reply, /^[^?]*\/(\?|$)/.test(url) ? 'index.html' : 'no-slash.html'),
      });
    });
  },
  { name: 'console', dependencies: ['access', 'documents', 'errors', 'http', 'openapi'] },
);
