// GET /: shows a person the documentation, and a program the way to it.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/', { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
    reply.header('vary', 'accept');
    if (request.headers.accept?.includes('text/html')) return reply.redirect('/docs/');
    return { service: 'latchkey', docs: '/docs/', openapi: '/openapi.json' };
  });
};

export default route;
