// app.audit: writes down what was done, and finds it again; request.origin and request.act: where a request
// comes from and who does it, for that.
import fp from 'fastify-plugin';
import { type Act, byUser, type Origin } from '../src/audit/events.js';
import { type AuditRepository, createAuditRepository } from '../src/audit/repository.js';

declare module 'fastify' {
  interface FastifyInstance {
    audit: AuditRepository;
  }
  interface FastifyRequest {
    readonly origin: Origin;
    /** What the bearer of the access token does, on routes that ask for one. */
    readonly act: Act;
  }
}

export default fp(
  async (app) => {
    app.decorate('audit', createAuditRepository(app.db));
    app.decorateRequest('origin', {
      getter() {
        return { ip: this.ip, userAgent: this.headers['user-agent'], requestId: this.id };
      },
    });
    app.decorateRequest('act', {
      getter() {
        return byUser(this.user, this.origin);
      },
    });
  },
  { name: 'audit', dependencies: ['db'] },
);
