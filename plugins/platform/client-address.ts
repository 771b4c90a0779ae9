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
    const { trustedProxies, clientAddressHeader } = app.config;
    if (trustedProxies.length === 0) return;
    app.addHook('onRequest', (request, _reply, done) => {
      if (clientAddressHeader !== 'x-forwarded-for') useHeaderOfProxy(request, clientAddressHeader);
      readForwardedFor(request);
      done();
    });
  },
  // The span of a request begins before anything can refuse it.
  { name: 'client-address', dependencies: ['tracing'] },
);

/** A proxy that overwrites a header of its own names one address there; what it forwards of X-Forwarded-For is the client's text. */
function useHeaderOfProxy({ raw: { headers } }: FastifyRequest, name: string): void {
  const address = headers[name];
  if (typeof address === 'string') headers['x-forwarded-for'] = address;
  else delete headers['x-forwarded-for'];
}

/** Fastify uses the entries of X-Forwarded-For unchanged, even with ports or as thousands of arbitrary characters. */
function readForwardedFor(request: FastifyRequest): void {
  const { headers } = request.raw;
  const forwarded = headers['x-forwarded-for'];
  if (typeof forwarded !== 'string') return;
  headers['x-forwarded-for'] = canonicalForwardedFor(forwarded);
  if (request.ip === NO_ADDRESS) Object.defineProperty(request, 'ip', { value: null });
}
