// A raw HTTP client that sends any bytes and parses the answers.
import { connect } from 'node:net';
import type { Answer } from './problem.js';

/** The answers on one connection. */
export interface Conversation {
  readonly answers: readonly Answer[];
  /** Whether the server closed the connection. */
  readonly closed: boolean;
}

interface ConversationOptions {
  /** The number of answers to wait for; without it, until the server closes the connection. */
  readonly answers?: number;
  /** Whether the requests are HEAD, whose answers have a content length but no body. */
  readonly head?: boolean;
  /** Called when the connection is open, with a function that sends more bytes. */
  readonly more?: (send: (bytes: string) => void) => void;
}

/** Opens a connection, sends `bytes`, and resolves when the answers have arrived or the server has closed the connection. */
export function converse(
  port: number,
  bytes: string | Buffer,
  options: ConversationOptions = {},
): Promise<Conversation> {
  const { answers: wanted = Number.POSITIVE_INFINITY, head = false, more } = options;
  return new Promise((resolve, reject) => {
    const { answers, parse } = answerParser(head);
    const socket = connect(port, '127.0.0.1');
    const finish = (closed: boolean) => {
      socket.destroy();
      resolve({ answers, closed });
    };
    socket.on('connect', () => {
      socket.write(bytes);
      more?.((each) => void (socket.writable && socket.write(each)));
    });
    socket.on('data', (chunk) => {
      parse(chunk);
      if (answers.length >= wanted) finish(false);
    });
    socket.on('end', () => finish(true));
    // A server that closes while the client still writes resets the connection.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? finish(true) : reject(error),
    );
  });
}

/** Collects the complete answers among the bytes that arrive, without `100 Continue`. Every answer of the service has a Content-Length. */
function answerParser(head: boolean) {
  const answers: Answer[] = [];
  let rest: Buffer = Buffer.alloc(0);

  function parse(chunk: Buffer): void {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      const end = rest.indexOf('\r\n\r\n');
      if (end === -1) return;
      const [statusLine = '', ...lines] = rest.subarray(0, end).toString('latin1').split('\r\n');
      const statusCode = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]);
      const headers = Object.fromEntries(
        lines.map((line): [string, string] => {
          const [name = '', ...value] = line.split(': ');
          return [name.toLowerCase(), value.join(': ')];
        }),
      );
      const length = head || [100, 204, 304].includes(statusCode) ? 0 : Number(headers['content-length']);
      if (Number.isNaN(length)) throw new Error(`an answer without its length: ${rest}`);
      const bodyStart = end + 4;
      if (rest.length < bodyStart + length) return;
      if (statusCode !== 100) {
        answers.push({ statusCode, headers, body: rest.subarray(bodyStart, bodyStart + length).toString() });
      }
      rest = rest.subarray(bodyStart + length);
    }
  }

  return { answers, parse };
}
