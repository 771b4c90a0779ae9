// A separate process that answers every request with a 503 of constant bytes, at as little cost as a server can have.
import { type AddressInfo, createServer } from 'node:net';

const END_OF_HEAD = '\r\n\r\n';
const ANSWER = `HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\n{}`;

const server = createServer({ noDelay: true }, (socket) => {
  socket.setEncoding('latin1');
  // A client sends its next request when it has the answer, and the head of each request in one write.
  socket.on('data', (text: string) => {
    if (text.includes(END_OF_HEAD)) socket.write(ANSWER);
  });
  socket.on('error', () => {});
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
