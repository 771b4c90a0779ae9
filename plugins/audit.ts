// app.audit: writes down what was done, and finds it again; request.origin and request.act: where a request
// comes from and who does it, for that.
import fp from 'fastify-plugin';
import { type Act, byUser, type Origin } from '../src/audit/events.js';
import { createAuditRepository } from '../src/audit/repository.js';
import { type Audit, createAudit } from '../src/audit/service.js';
import { canonicalAddress } from '../src/client-address.js';
import { deriveKey } from '../src/config/secrets.js';
import { createCursors } from '../src/cursor.js';

declare module 'fastify' {
  interface FastifyInstance {
    audit: Audit;
  }
  interface FastifyRequest {
    readonly origin: Origin;
    /** What the bearer of the access token does, on routes that ask for one. */
    readonly act: Act;
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
        return { ip: canonicalAddress(this.ip), userAgent: this.headers['user-agent'], requestId: this.id };
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
