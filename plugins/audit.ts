// app.audit: writes down what was done, and finds it again; request.origin: where a request comes from, for that.
import fp from 'fastify-plugin';
import type { Origin } from '../src/audit/events.js';
import { createAuditRepository } from '../src/audit/repository.js';
import { type Audit, createAudit } from '../src/audit/service.js';
import { deriveKey } from '../src/config/secrets.js';
import { createCursors } from '../src/cursor.js';

declare module 'fastify' {
  interface FastifyInstance {
    audit: Audit;
  }
  interface FastifyRequest {
    readonly origin: Origin;
  }
}

export default fp(
  async (app) => {
    const [current, ...previous] = app.config.secrets;
    const key = (secret: string) => deriveKey(secret, 'cursor/v1');
    const cursors = createCursors<number>([key(current), ...previous.map(key)], 'audit');
    app.decorate('audit', createAudit({ repository: createAuditRepository(app.db), cursors }));
    app.decorateRequest('origin', {
      getter() {
        return { ip: this.ip, userAgent: this.headers['user-agent'], requestId: this.id };
      },
    });
  },
  { name: 'audit', dependencies: ['db'] },
);
