// Makes `request.ip` the canonical address of the client, or null if a proxy does not name one. Logs and records use it.
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { canonicalAddress, canonicalForwardedFor, NO_ADDRESS } from '#platform/http/client-address.js';

export default fp(
  async (app) => {
    // Once per connection. A server that listens on `::` sees IPv4 clients with IPv4-mapped addresses.
    app.server.on('connection', (socket) => {
      const { remoteAddress } = socket;
      const canonical = canonicalAddress(remoteAddress);
      if (canonical !== remoteAddress) Object.defineProperty(socket, 'remoteAddress', { value: canonical });
    });
    if (app.config.trustedProxies.length === 0) return;
    app.addHook('onRequest', (request, _reply, done) => {
      readForwardedFor(request);
      done();
    });
  },
  { name: 'client-address' },
);

/** Fastify uses the entries of X-Forwarded-For unchanged, even with ports or as thousands of arbitrary characters. */
function readForwardedFor(request: FastifyRequest): void {
  const { headers } = request.raw;
  const forwarded = headers['x-forwarded-for'];
  if (typeof forwarded !== 'string') return;
  headers['x-forwarded-for'] = canonicalForwardedFor(forwarded);
  if (request.ip === NO_ADDRESS) Object.defineProperty(request, 'ip', { value: null });
}
