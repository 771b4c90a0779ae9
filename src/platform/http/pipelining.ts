// Bounds what one connection can have outstanding. A client that sends ahead waits for its own answers; nobody else does.
//
// Node parses everything that lies in one read (64 KiB, more than 2,000 requests) before it does anything else, and stops reading only for answers
// that it could not send. Proxies and other servers (nginx, HAProxy, Envoy, Go) take the next request of a connection when the one before
// is answered, and leave the rest where it is. Here it is a few at a time: a callback of the parser may pause it (llhttp's HPE_PAUSED), and
// what has not been parsed goes back to the socket. A connection that does not pipeline never gets that far: it stays with Node.
import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests of one connection that are taken before one of them is answered, or in one turn of the event loop. */
const MAX_REQUESTS = 8;
/** Unanswered requests with which a connection that was held goes on. */
const FEW_REQUESTS = 4;
/** For how long, in one turn of the event loop, more than one request of each connection is taken. */
const TURN_MILLISECONDS = 5;
/** Connections that can be held at a time: each keeps up to 128 KiB that it has sent. One more is closed. */
const MAX_HELD = 512;
/** llhttp: pause, and go on from here later. */
const HPE_PAUSED = 21;

/** As much of Node's parser of a connection as is used; `node:http` sets and calls the same. */
interface Parser {
  /** Called with each request when its headers are there. What it returns goes to llhttp; 0: go on. */
  onIncoming: (request: IncomingMessage, keepAlive: boolean) => number;
  resume(): void;
  execute(bytes: Buffer): unknown;
}

interface HttpSocket extends Socket {
  readonly parser?: Parser | null;
  /** Node reads nothing for now, because too much has not been sent. */
  readonly _paused?: boolean;
  [CONNECTION]?: Connection;
}

const CONNECTION = Symbol('connection');

interface Connection {
  readonly socket: HttpSocket;
  unanswered: number;
  /** The turn in which the latest request was taken, and how many were taken in it. */
  turn: number;
  inTurn: number;
  /** Nothing is read until `release`. */
  held: boolean;
  /** Is held and can go on when its turn comes. */
  waits: boolean;
  /** Was held before: its bytes come through the stream of the socket since then. */
  streams: boolean;
}

/** An error of Node's parser, as much of it as is used: where in which bytes it occurred. */
interface ParserError {
  readonly code?: string;
  readonly rawPacket?: unknown;
  readonly bytesParsed?: number;
}

/** For one server. `Response` is to be its `ServerResponse`, `watch` to be called with each connection, and `hold` with each `clientError`. */
export function createPipelining() {
  let turn = 0;
  let turnBegan = 0;
  let turnEnds: NodeJS.Immediate | undefined;
  let held = 0;
  /** Connections that were released in this turn. */
  let released = 0;

  class Response extends ServerResponse {
    override detachSocket(socket: HttpSocket): void {
      super.detachSocket(socket);
      const connection = socket[CONNECTION];
      if (connection === undefined) return;
      connection.unanswered -= 1;
      if (connection.held) offer(connection);
    }
  }

  function watch(socket: HttpSocket): void {
    const { parser } = socket;
    if (!parser) return;
    const connection: Connection = {
      socket,
      unanswered: 0,
      turn: -1,
      inTurn: 0,
      held: false,
      waits: false,
      streams: false,
    };
    socket[CONNECTION] = connection;
    const { onIncoming } = parser;
    parser.onIncoming = (request, keepAlive) => {
      beginTurn();
      connection.unanswered += 1;
      if (connection.turn === turn) connection.inTurn += 1;
      else [connection.turn, connection.inTurn] = [turn, 1];
      const code = onIncoming(request, keepAlive);
      return code === 0 && hasEnough(connection) ? HPE_PAUSED : code;
    };
  }

  function hasEnough({ socket, unanswered, inTurn }: Connection): boolean {
    if (inTurn === 1 && unanswered === 1) return false;
    if (unanswered >= MAX_REQUESTS || inTurn >= MAX_REQUESTS || socket.writableNeedDrain) return true;
    return inTurn > 1 && isTurnOver();
  }

  function beginTurn(): void {
    if (turnEnds !== undefined) return;
    turnBegan = performance.now();
    released = 0;
    turnEnds = setImmediate(() => {
      turnEnds = undefined;
      turn += 1;
    });
  }

  const isTurnOver = () => performance.now() - turnBegan > TURN_MILLISECONDS;

  /**
   * Each in an immediate of its own, since promises go on between two of them: so all that a request does at once counts. One is released in
   * each turn, however much others do in it.
   */
  function takeTurn(connection: Connection): void {
    connection.waits = false;
    if (!connection.held) return;
    beginTurn();
    if (released > 0 && isTurnOver()) wait(connection);
    else {
      released += 1;
      release(connection);
    }
  }

  function wait(connection: Connection): void {
    if (connection.waits) return;
    connection.waits = true;
    setImmediate(takeTurn, connection);
  }

  /** Keeps what follows a request until there is room for it; false for an error that is none of ours, and when too many are held. */
  function hold({ code, rawPacket, bytesParsed }: ParserError, socket: HttpSocket): boolean {
    const { parser, [CONNECTION]: connection } = socket;
    if (code !== 'HPE_PAUSED' || !parser || !connection || !Buffer.isBuffer(rawPacket) || held >= MAX_HELD)
      return false;
    const rest = rawPacket.subarray(bytesParsed);
    parser.resume();
    // A request without a body is complete with that, and must not run into the timeout of one that still arrives.
    parser.execute(rest.subarray(0, 0));
    connection.held = true;
    held += 1;
    // First: to pause a socket that Node passes over would stop its handle, which its stream would not start again.
    if (!connection.streams) stream(connection);
    socket.pause();
    if (rest.length > 0) socket.unshift(rest);
    offer(connection);
    return true;
  }

  /** From now on bytes go to the parser through the stream of the socket, where they can be given back and wait. */
  function stream(connection: Connection): void {
    const { socket } = connection;
    connection.streams = true;
    // Node passes the stream over until somebody listens; its own listener is there from the beginning.
    socket.on('data', noop);
    socket.off('data', noop);
    // Node goes on reading when an answer has been sent or a body is read; a connection that is held does so in its turn.
    const { resume } = socket;
    socket.resume = () => {
      if (!connection.held) return resume.call(socket);
      offer(connection);
      return socket;
    };
    socket.on('drain', () => offer(connection));
    socket.once('close', () => letGo(connection));
  }

  function offer(connection: Connection): void {
    const { socket, unanswered } = connection;
    if (!connection.held || unanswered > FEW_REQUESTS || socket.writableNeedDrain || socket._paused) return;
    wait(connection);
  }

  function release(connection: Connection): void {
    const { socket } = connection;
    letGo(connection);
    // What was given back goes to the parser at once, and may make it pause again.
    if (!socket.destroyed) socket.read();
    if (!connection.held && !socket._paused && !socket.destroyed) socket.resume();
  }

  function letGo(connection: Connection): void {
    if (connection.held) held -= 1;
    connection.held = false;
  }

  return { Response: Response as typeof ServerResponse, watch, hold };
}

function noop(): void {}
