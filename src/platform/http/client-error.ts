// Responds to input that is not HTTP, or too slow or too large to become a request: there is only a socket to write to.
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_MEDIA_TYPE } from '#platform/errors/problem-body.js';
import { parserProblem } from '#platform/errors/translate.js';
import type { Log } from '#platform/log/log.js';
import { securityHeaders } from './security-headers.js';

/** Node stores the pending response on the socket; its own handler of these errors reads it too. */
interface HttpSocket extends Socket {
  readonly _httpMessage?: ServerResponse | null;
}

/** Writes the problem and closes the connection, on which the next request cannot be located any more. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket, requestId: string, log: Log): void {
  if (socket.destroyed) return;
  const { _httpMessage: pending } = socket as HttpSocket;
  // The responses to all earlier requests go first; otherwise the client would attribute this one to one of them.
  if (pending?.headersSent || pending?.req.complete) {
    socket.pause();
    pending.once('close', () => answerClientError(error, socket, requestId, log));
  } else {
    writeProblem(error, socket, requestId, log);
    socket.resume();
  }
}

function writeProblem(error: NodeJS.ErrnoException, socket: Socket, requestId: string, log: Log): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = parserProblem(error.code);
  log.info(
    {
      request_id: requestId,
      code: problem.code,
      status: problem.status,
      ip: socket.remoteAddress,
      parserCode: error.code,
    },
    'request refused',
  );
  const body = JSON.stringify(problem.toBody(requestId));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `Content-Type: ${PROBLEM_MEDIA_TYPE}; charset=utf-8`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(securityHeaders).map(([name, value]) => `${name}: ${value}`),
    `X-Request-Id: ${requestId}`,
    ...Object.entries(problem.headers).map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
