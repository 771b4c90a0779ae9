// GET /: redirects browsers to the documentation, and returns its URLs to programs.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';

const route: FastifyPluginAsyncTypebox = async (app) => {
  // Relative without PUBLIC_URL: if a proxy adds a path prefix, `/docs/` would be outside of it.
  const base = app.config.publicUrl === undefined ? '' : `${app.config.publicUrl.href}/`;
  app.get('/', { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
    reply.header('vary', 'accept');
    if (request.headers.accept?.includes('text/html')) return reply.redirect(`${base}docs/`);
    return { service: 'latchkey', docs: `${base}docs/`, openapi: `${base}openapi.json` };
  });
};

export default route;
