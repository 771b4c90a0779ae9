// Sets the headers of every response, before any other hook can respond.
import fp from 'fastify-plugin';
import { setCommonHeaders } from '#platform/http/security-headers.js';

export default fp(
  async (app) => {
    app.addHook('onRequest', (request, reply, done) => {
      setCommonHeaders(reply, request.id);
      done();
    });
  },
  { name: 'security-headers' },
);
