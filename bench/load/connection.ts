// One HTTP/1.1 client connection, which waits for each response before it sends the next request.
import { connect, type Socket } from 'node:net';

/** A response, undecoded. */
export interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Connects when it is first needed, and again when the server announces that it closes the connection. */
export function createConnection(port: number) {
  let socket: Socket | undefined;
  let received = '';
  let waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;

  function fail(error: Error): void {
    socket?.destroy();
    socket = undefined;
    received = '';
    waiting?.reject(error);
    waiting = undefined;
  }

  function open(): Socket {
    const opened = connect({ host: '127.0.0.1', port, noDelay: true });
    opened.setEncoding('latin1');
    opened.on('data', (chunk: string) => {
      received += chunk;
      const answer = parse(received);
      if (answer === undefined) return;
      received = '';
      if (/\r\nconnection: close\r\n/i.test(answer.head)) {
        opened.end();
        socket = undefined;
      }
      waiting?.resolve(answer);
      waiting = undefined;
    });
    const lost = (error = new Error('the connection was closed')) => {
      if (socket === opened) fail(error);
    };
    opened.on('error', lost);
    opened.on('close', () => lost());
    return opened;
  }

  return {
    /** Sends a complete request and resolves to its response. */
    ask: (request: string): Promise<Answer> => {
      socket ??= open();
      const to = socket;
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        to.write(request);
      });
    },
    close: (): void => {
      socket?.destroy();
    },
  };
}

export type Connection = ReturnType<typeof createConnection>;

/** Undefined while the response is incomplete. The measured servers always send a Content-Length, or a status without a body. */
function parse(received: string): Answer | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const head = received.slice(0, end + 2);
  const [, length = '0'] = /\r\ncontent-length: (\d+)\r\n/i.exec(head) ?? [];
  const body = received.slice(end + 4);
  return body.length < Number(length) ? undefined : { status: Number(head.slice(9, 12)), head, body };
}
