// The operator's console at /admin/: a page and its script, for anybody; what they do is done by the API, for who may.
import { join } from 'node:path';
import type { FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import { documentFolder } from '#platform/http/document-folder.js';
import { pagePolicy } from '#platform/http/page-policy.js';

/** With and without its slash. */
const PAGE = '/admin';
/** A file whose name changes with its content; all but the page itself. */
const NAMED = /-[0-9A-Z]{8}\.[a-z]+$/;

export default fp(
  async (app) => {
    // Beside this build, not in dist: while a service runs, dist may become another version.
    const files = documentFolder(join(import.meta.dirname, '..', '..', 'console', 'public'));
    const send = (reply: FastifyReply, name: string) => {
      const file = files.get(name);
      return file === undefined ? reply.callNotFound() : reply.document(file);
    };

    // A context of its own, as that of the docs.
    await app.register(async (pages) => {
      pages.addHook('onRoute', (route) => {
        route.config = { ...route.config, access: 'public' };
        route.schema = { ...route.schema, hide: true };
      });
      pages.addHook('onSend', async (request, reply) => {
        // A problem keeps the headers of every problem.
        if (reply.statusCode >= 400) return;
        reply.headers(pagePolicy);
        reply.header('cache-control', NAMED.test(request.url) ? 'public, max-age=31536000, immutable' : 'no-cache');
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
