// A separate process that floods one service with pipelined requests, so that the test process measures the service and not the flood.
import { connect, type Socket } from 'node:net';

/** What one flood sends, and how. */
export interface FloodPlan {
  readonly port: number;
  readonly connections: number;
  /** Each connection sends `head`, then `request` this many times, then `tail`. */
  readonly head: string;
  readonly request: string;
  readonly times: number;
  readonly tail: string;
  /** Send the same bytes without `head` again as soon as the service has taken them. */
  readonly again: boolean;
  /** Bytes sent every 5 ms; all in one write when omitted. */
  readonly pieces?: number;
  /** Bytes read every 50 ms; Infinity reads everything, 0 reads nothing. */
  readonly reads: number | 'all';
}

/** Sent to the parent when every connection is open, and when every connection is closed. */
export type FloodMessage = 'open' | 'closed';

const plan: FloodPlan = JSON.parse(process.argv[2] ?? '{}');
const bytes = Buffer.from(plan.request.repeat(plan.times) + plan.tail);
let pending = plan.connections;

const sockets = Array.from({ length: plan.connections }, () => {
  const socket = connect(plan.port, '127.0.0.1');
  // The service may refuse or close a connection; that does not end the flood.
  socket.on('error', () => {});
  if (plan.reads === 'all') socket.resume();
  else socket.pause();
  socket.on('connect', () => {
    pending -= 1;
    if (pending === 0) process.send?.('open' satisfies FloodMessage);
    socket.write(plan.head);
    send(socket);
  });
  return socket;
});

function send(socket: Socket): void {
  const { pieces, reads } = plan;
  if (pieces === undefined) {
    socket.write(bytes);
    if (plan.again) every(20, socket, () => socket.writableLength < bytes.length && socket.write(bytes));
  } else {
    let sent = 0;
    every(5, socket, () => {
      if (socket.writableLength > 0 || sent >= bytes.length) return;
      socket.write(bytes.subarray(sent, sent + pieces));
      sent += pieces;
    });
  }
  if (typeof reads === 'number' && reads > 0) every(50, socket, () => socket.read(reads));
}

function every(milliseconds: number, socket: Socket, work: () => void): void {
  const timer = setInterval(work, milliseconds);
  socket.on('close', () => clearInterval(timer));
}

process.on('message', () => {
  for (const socket of sockets) socket.destroy();
  process.send?.('closed' satisfies FloodMessage);
});
