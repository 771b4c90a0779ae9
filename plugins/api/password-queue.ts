// Refuses a request whose password could not be hashed in time, before its body is read: in a storm of logins most requests are refused,
// and the processor time of each refusal is taken from hashing.
import type { onRequestHookHandler } from 'fastify';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `joins`: each request of the route hashes a password, so it is refused early while the queue for that is full. */
    passwordQueue?: 'joins';
  }
}

export default fp(
  async (app) => {
    const assertOpen: onRequestHookHandler = (_request, _reply, done) => {
      try {
        app.passwords.assertOpen();
        done();
      } catch (error) {
        done(error as Error);
      }
    };

    app.addHook('onRoute', (route) => {
      // The last one: a client above its rate limit gets that answer.
      if (route.config?.passwordQueue === 'joins') route.onRequest = [...[route.onRequest ?? []].flat(), assertOpen];
    });
  },
  { name: 'password-queue', dependencies: ['passwords', 'rate-limits'] },
);
