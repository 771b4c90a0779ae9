// Closes connections whose client does not read its answers.
//
// Node's own timeout of a socket is not enough: it starts again with each byte that the client sends, takes up to twice its time when a
// part of an answer has been sent, and logs nothing.
import type { Socket } from 'node:net';
import type { Log } from '#platform/log/log.js';

/** A connection is closed when at this many checks in a row nothing of its answers has left the process. */
const STALLED_CHECKS = 15;
const CHECK_MILLISECONDS = 1000;

interface HttpSocket extends Socket {
  /** Its bytes that the kernel has not taken yet. Undocumented: without it, progress within one chunk is not seen. */
  readonly _handle?: { readonly writeQueueSize?: number } | null;
}

/** The unsent bytes of a connection at the last check, and at how many checks in a row they were the same. */
interface Progress {
  written: number;
  unsent: number;
  queued: number;
  checks: number;
}

/**
 * Returns a function that takes the connections of a server. Checks are counted instead of time, so that a process that was stopped for a
 * while does not close the connections of clients that were waiting for it.
 */
export function createStalledConnections(log: Pick<Log, 'info'>, checkMilliseconds = CHECK_MILLISECONDS) {
  const connections = new Map<HttpSocket, Progress>();
  let timer: NodeJS.Timeout | undefined;

  function check(): void {
    for (const [socket, progress] of connections) {
      if (isStalled(socket, progress)) close(socket);
    }
  }

  function close(socket: Socket): void {
    log.info(
      { event: 'connection_stalled', ip: socket.remoteAddress, unsentBytes: socket.writableLength },
      'connection closed: the client does not read its answers',
    );
    socket.destroy();
  }

  return (socket: Socket): void => {
    connections.set(socket, { written: 0, unsent: 0, queued: 0, checks: 0 });
    timer ??= setInterval(check, checkMilliseconds).unref();
    socket.once('close', () => {
      connections.delete(socket);
      if (connections.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    });
  };
}

function isStalled(socket: HttpSocket, progress: Progress): boolean {
  const unsent = socket.writableLength;
  if (unsent === 0) {
    progress.unsent = 0;
    return false;
  }
  const { bytesWritten: written } = socket;
  const queued = socket._handle?.writeQueueSize ?? 0;
  const isSame = progress.unsent === unsent && progress.queued === queued && progress.written === written;
  Object.assign(progress, { written, unsent, queued, checks: isSame ? progress.checks + 1 : 0 });
  return progress.checks >= STALLED_CHECKS;
}
