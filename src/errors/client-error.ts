// Answers what is not HTTP, or too slow or too large to become a request: there is only a socket to write to.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '../log.js';
import { PROBLEM_MEDIA_TYPE } from '../schemas/problem.js';
import { parserProblem } from './translate.js';

/** Writes the problem and closes the connection: what follows on it cannot be told apart any more. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket, requestId: string, log: Log): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = parserProblem(error.code);
  log.info(
    { request_id: requestId, code: problem.code, status: problem.status, parserCode: error.code },
    'request refused',
  );
  const body = JSON.stringify(problem.toBody(requestId));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `Content-Type: ${PROBLEM_MEDIA_TYPE}; charset=utf-8`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
