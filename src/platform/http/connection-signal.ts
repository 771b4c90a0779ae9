// Aborts waiting work when its client disconnects.
import type { Socket } from 'node:net';

/**
 * Returns a function that gives a connection's signal, which is aborted when the connection closes. Fastify's `request.signal` does
 * not serve this purpose: Node emits the request's `close` as soon as its body has been read.
 */
export function createConnectionSignals() {
  // One signal per connection: with one per request, listeners would accumulate on a connection that is kept alive.
  const signals = new WeakMap<Socket, AbortSignal>();

  return function signalOf(socket: Socket): AbortSignal {
    const known = signals.get(socket);
    if (known !== undefined) return known;
    const controller = new AbortController();
    if (socket.destroyed) controller.abort();
    else socket.once('close', () => controller.abort());
    signals.set(socket, controller.signal);
    return controller.signal;
  };
}
