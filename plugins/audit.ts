// app.audit: writes down what was done, and finds it again; request.origin: where a request comes from, for that.
import fp from 'fastify-plugin';
import type { Origin } from '../src/audit/events.js';
import { type AuditRepository, createAuditRepository } from '../src/audit/repository.js';

declare module 'fastify' {
  interface FastifyInstance {
    audit: AuditRepository;
  }
  interface FastifyRequest {
    readonly origin: Origin;
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
  },
  { name: 'audit', dependencies: ['db'] },
);
