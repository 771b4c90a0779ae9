// Bounds how many requests of one connection are processed at a time. A client that pipelines delays only its own answers.
//
// Node parses everything that one read brings (64 KiB, more than 2,000 requests) before it does anything else, and stops reading only while
// answers wait to be sent. nginx, HAProxy, Envoy and Go take the next request of a connection when the previous one is answered. Here a few
// requests are taken at a time: a callback of the parser pauses it (llhttp's HPE_PAUSED), and the bytes that it has not parsed go back to
// the socket. A connection that does not pipeline is never paused and stays in Node's own code path.
import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests of one connection that may be unanswered, or be taken in one iteration of the event loop. */
const MAX_REQUESTS = 8;
/** A paused connection continues when it has no more unanswered requests than this. */
const RESUME_REQUESTS = 4;
/** In each iteration of the event loop, connections take more than one request only within this time. */
const ITERATION_MILLISECONDS = 5;
/** A paused connection passes on what it has buffered in pieces of this size: a few requests each. */
const PIECE_BYTES = 4096;
/** Paused connections; each buffers up to 128 KiB of what it has sent. When there are more, the next one is closed. */
const MAX_PAUSED = 512;
/** Unanswered requests at which a connection is closed. Reached only where the parser cannot be paused. */
const MAX_UNPAUSED_REQUESTS = 100;
/** llhttp's error code for a pause that the parser can continue from. */
const HPE_PAUSED = 21;

/** The part of Node's parser that is used here. It is undocumented: `isPausable` checks it. */
interface Parser {
  /** Called with each request when its headers are complete. Returns a code for llhttp; 0 continues. */
  onIncoming: (request: IncomingMessage, keepAlive: boolean) => number;
  resume(): void;
  execute(bytes: Buffer): unknown;
}

interface HttpSocket extends Socket {
  readonly parser?: Parser | null;
  /** Node has stopped reading because too much of its answers has not been sent. */
  readonly _paused?: boolean;
  [CONNECTION]?: Connection;
}

const CONNECTION = Symbol('connection');

interface Connection {
  readonly socket: HttpSocket;
  unanswered: number;
  /** The iteration in which the latest request was taken, and how many were taken in it. */
  iteration: number;
  taken: number;
  /** Nothing is read or parsed until `resume`. */
  paused: boolean;
  /** Paused, and scheduled to continue. */
  scheduled: boolean;
  /** Paused at least once: since then its bytes reach the parser through the stream of the socket. */
  streaming: boolean;
}

/** The part of a parser error that is used here: which bytes were parsed, and how far. */
interface ParserError {
  readonly code?: string | undefined;
  readonly rawPacket?: unknown;
  readonly bytesParsed?: number;
}

/**
 * For one server: `Response` is its `ServerResponse` class, `track` gets its `connection` events, and `pause` its `clientError` events,
 * first. `warn` is called once when this version of Node does not let its parser be paused. The parser is not paused any more then, and
 * connections with more than 100 unanswered requests are closed.
 */
export function createPipelining(warn: (message: string) => void) {
  let iteration = 0;
  let iterationBegan = 0;
  let iterationEnd: NodeJS.Immediate | undefined;
  let paused = 0;
  /** Connections that continued in this iteration. */
  let resumed = 0;
  /** Whether the parser has been found to be another one than expected. */
  let unpausable = false;

  // Node creates a response when the headers of a request are parsed, and detaches it from its socket when it has been sent.
  class Response extends ServerResponse {
    constructor(...parameters: ConstructorParameters<typeof ServerResponse>) {
      super(...parameters);
      const connection = (parameters[0].socket as HttpSocket)[CONNECTION];
      if (connection !== undefined) count(connection);
    }

    override detachSocket(socket: HttpSocket): void {
      super.detachSocket(socket);
      const connection = socket[CONNECTION];
      if (connection === undefined) return;
      connection.unanswered -= 1;
      if (connection.paused) scheduleIfReady(connection);
    }
  }

  function track(socket: HttpSocket): void {
    const connection: Connection = {
      socket,
      unanswered: 0,
      iteration: -1,
      taken: 0,
      paused: false,
      scheduled: false,
      streaming: false,
    };
    socket[CONNECTION] = connection;
    const { parser } = socket;
    if (!isPausable(parser) || typeof socket._paused !== 'boolean') {
      setUnpausable();
      return;
    }
    const { onIncoming } = parser;
    parser.onIncoming = (request, keepAlive) => {
      const code = onIncoming(request, keepAlive);
      return code === 0 && !unpausable && isFull(connection) ? HPE_PAUSED : code;
    };
  }

  function count(connection: Connection): void {
    beginIteration();
    connection.unanswered += 1;
    if (connection.iteration === iteration) connection.taken += 1;
    else [connection.iteration, connection.taken] = [iteration, 1];
    if (connection.unanswered <= MAX_UNPAUSED_REQUESTS) return;
    setUnpausable();
    connection.socket.destroy();
  }

  function isFull({ socket, unanswered, taken }: Connection): boolean {
    if (taken === 1 && unanswered === 1) return false;
    if (unanswered >= MAX_REQUESTS || taken >= MAX_REQUESTS || socket.writableNeedDrain || socket._paused) return true;
    return taken > 1 && isIterationSpent();
  }

  function setUnpausable(): void {
    if (unpausable) return;
    unpausable = true;
    warn(
      `the HTTP parser of Node ${process.version} cannot be paused: connections with many pipelined requests are closed`,
    );
  }

  function beginIteration(): void {
    if (iterationEnd !== undefined) return;
    iterationBegan = performance.now();
    resumed = 0;
    iterationEnd = setImmediate(() => {
      iterationEnd = undefined;
      iteration += 1;
    });
  }

  const isIterationSpent = () => performance.now() - iterationBegan > ITERATION_MILLISECONDS;

  /**
   * Returns false when the error is not a pause, or when too many connections are paused: the caller then answers it and closes the
   * connection.
   */
  function pause({ code, rawPacket, bytesParsed }: ParserError, socket: HttpSocket): boolean {
    const { parser, [CONNECTION]: connection } = socket;
    if (code !== 'HPE_PAUSED' || !parser || !connection) return false;
    if (!Buffer.isBuffer(rawPacket) || typeof bytesParsed !== 'number') {
      setUnpausable();
      return false;
    }
    if (paused >= MAX_PAUSED) return false;
    const rest = rawPacket.subarray(bytesParsed);
    parser.resume();
    // Completes a request without a body. Otherwise it would run into the timeout of a request that is still arriving.
    parser.execute(rest.subarray(0, 0));
    connection.paused = true;
    paused += 1;
    // Before `socket.pause()`, which stops the handle of a socket whose stream Node bypasses; the stream would not start it again.
    if (!connection.streaming) startStreaming(connection);
    socket.pause();
    if (rest.length > 0) socket.unshift(rest);
    scheduleIfReady(connection);
    return true;
  }

  /** From now on, bytes reach the parser through the stream of the socket, which takes back what has not been parsed. */
  function startStreaming(connection: Connection): void {
    const { socket } = connection;
    connection.streaming = true;
    // Node's own `data` listener is there from the start, but Node bypasses the stream until another one is added.
    socket.on('data', noop);
    socket.off('data', noop);
    // Node has stopped the handle if answers wait to be sent, which the stream does not know: it would wait for the handle for ever.
    socket._read(0);
    // Node resumes the socket when answers have been sent and when a body is read. A paused connection waits until it is scheduled.
    const { resume } = socket;
    socket.resume = () => {
      if (!connection.paused) return resume.call(socket);
      scheduleIfReady(connection);
      return socket;
    };
    socket.on('drain', () => scheduleIfReady(connection));
    socket.once('close', () => endPause(connection));
  }

  function scheduleIfReady(connection: Connection): void {
    const { socket, unanswered } = connection;
    if (!connection.paused || unanswered > RESUME_REQUESTS || socket.writableNeedDrain || socket._paused) return;
    schedule(connection);
  }

  // Each connection gets an immediate of its own. Promises settle between two immediates, so the time that a request takes is counted.
  function schedule(connection: Connection): void {
    if (connection.scheduled) return;
    connection.scheduled = true;
    setImmediate(continueInTime, connection);
  }

  /** Each iteration continues at least one connection, however long other work takes. */
  function continueInTime(connection: Connection): void {
    connection.scheduled = false;
    if (!connection.paused) return;
    beginIteration();
    if (resumed > 0 && isIterationSpent()) schedule(connection);
    else {
      resumed += 1;
      continueReading(connection);
    }
  }

  function continueReading(connection: Connection): void {
    const { socket } = connection;
    endPause(connection);
    // Passes on the bytes that were given back; this can pause the connection again. In pieces, so that the stream reads more from the
    // network only when it holds less than its high water mark, and does not join all that it holds each time.
    while (!connection.paused && !socket._paused && !socket.destroyed && socket.readableLength > 0) {
      socket.read(Math.min(PIECE_BYTES, socket.readableLength));
    }
    if (!connection.paused && !socket._paused && !socket.destroyed) socket.resume();
  }

  function endPause(connection: Connection): void {
    if (connection.paused) paused -= 1;
    connection.paused = false;
  }

  return { Response: Response as typeof ServerResponse, track, pause };
}

function isPausable(parser: Partial<Parser> | null | undefined): parser is Parser {
  return [parser?.onIncoming, parser?.resume, parser?.execute].every((each) => typeof each === 'function');
}

function noop(): void {}
