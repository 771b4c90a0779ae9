// Sets the headers of every response, before any other hook can respond.
import fp from 'fastify-plugin';
import { securityHeaders } from '#platform/http/security-headers.js';

export default fp(
  async (app) => {
    app.addHook('onRequest', (request, reply, done) => {
      reply.headers(securityHeaders);
      reply.header('x-request-id', request.id);
      done();
    });
  },
  { name: 'security-headers' },
);
