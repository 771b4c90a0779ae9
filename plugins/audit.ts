// app.audit: writes down what was done, and finds it again; request.origin and request.act: where a request
// comes from and who does it, for that.
import fp from 'fastify-plugin';
import { type Act, byUser, type Origin } from '#audit/events.js';
import { createAuditRepository } from '#audit/repository.js';
import { type Audit, createAudit } from '#audit/service.js';
import { deriveKeys } from '#platform/config/secrets.js';
import { canonicalAddress } from '#platform/http/client-address.js';
import { createConnectionSignals } from '#platform/http/connection-signal.js';
import { createCursors } from '#platform/http/pagination.js';

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
    const cursors = createCursors<number>(deriveKeys(app.config.secrets, 'cursor/v1'), 'audit');
    app.decorate('audit', createAudit({ repository: createAuditRepository(app.db), cursors }));
    const signalOf = createConnectionSignals();
    app.decorateRequest('origin', {
      getter() {
        const request = this;
        return {
          ip: canonicalAddress(request.ip),
          userAgent: request.headers['user-agent'],
          requestId: request.id,
          // Made when it is asked for: few requests need it.
          get signal() {
            return signalOf(request.raw.socket);
          },
        };
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
