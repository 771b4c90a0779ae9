// Tells work that waits whether its client is still there.
import type { Socket } from 'node:net';

/**
 * Makes a signal for each connection that is asked about, aborted when it closes. Fastify's `request.signal` is no help: Node emits the
 * request's `close` as soon as its body has been read.
 */
export function createConnectionSignals() {
  // One for all requests of a connection: a listener for each would pile up on one that is kept alive.
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
