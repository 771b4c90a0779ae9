// Sends requests that no HTTP client would send, byte by byte.
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Response } from '../support/conformance.js';

/** Sends `request` and resolves to the answer that arrives before the service closes the connection. */
export async function exchange(port: number, request: string): Promise<Response> {
  const socket = connect(port, '127.0.0.1');
  socket.write(request);
  const [head = '', body = ''] = (await text(socket)).split(/\r\n\r\n(.*)/s);
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.toLowerCase(), value.join(':').trim()];
    }),
  );
  return { statusCode: Number(statusLine.split(' ')[1]), headers, body };
}
