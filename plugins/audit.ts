// app.audit records and lists audit events. For them, request.origin is where a request comes from, and request.act adds the user
// who makes it.
import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { type Act, byUser, type Origin } from '#audit/events.js';
import { createAuditRepository } from '#audit/repository.js';
import { type Audit, createAudit, type FindEvents } from '#audit/service.js';
import { preferredLanguage } from '#mail/locale.js';
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
    /** The bearer of the access token and the origin, on routes that require a token. */
    readonly act: Act;
  }
}

export default fp(
  async (app) => {
    const cursors = createCursors<number>(deriveKeys(app.config.secrets, 'cursor/v1'), 'audit');
    const repository = createAuditRepository(app.db);
    const read = app.readerOf(repository, createAuditRepository);
    const find: FindEvents = (...query) => read(async (each) => each.find(...query));
    app.decorate('audit', createAudit({ repository, find, cursors }));
    const signalOf = createConnectionSignals();
    app.decorateRequest('origin', {
      getter() {
        return new RequestOrigin(this, signalOf);
      },
    });
    app.decorateRequest('act', {
      getter() {
        return byUser(this.user, this.origin);
      },
    });
  },
  { name: 'audit', dependencies: ['db', 'replica'] },
);

/**
 * Reads what it says when it is asked, because few requests need more than one member. A class: the accessors of an object literal are made
 * anew for each object, in V8's old generation, and until that is collected they keep everything alive that their request refers to.
 */
class RequestOrigin implements Origin {
  readonly #request: FastifyRequest;
  readonly #signalOf: (socket: Socket) => AbortSignal;

  constructor(request: FastifyRequest, signalOf: (socket: Socket) => AbortSignal) {
    this.#request = request;
    this.#signalOf = signalOf;
  }

  get ip() {
    return canonicalAddress(this.#request.ip);
  }

  get userAgent() {
    return this.#request.headers['user-agent'];
  }

  get requestId() {
    return this.#request.id;
  }

  get locale() {
    return preferredLanguage(this.#request.headers['accept-language']);
  }

  get signal() {
    return this.#signalOf(this.#request.raw.socket);
  }
}
