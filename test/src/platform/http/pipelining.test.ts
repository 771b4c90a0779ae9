// A version of Node whose parser cannot be paused: one warning, connections with many unanswered requests are closed, others are served.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import t, { type Test } from 'tap';
import { createPipelining } from '#platform/http/pipelining.js';
import { converse } from '../../../support/wire.js';

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

interface HttpSocket extends Socket {
  readonly parser: { onIncoming: Callback; execute?: unknown };
}
type Callback = (...all: unknown[]) => number;

/** What differs in such a version. */
interface Version {
  readonly socket?: (socket: HttpSocket) => void;
  readonly error?: (error: object) => object;
}

const VERSIONS: Readonly<Record<string, Version>> = {
  'the socket does not say whether it is paused': {
    socket: (socket) => Object.assign(socket, { _paused: undefined }),
  },
  'the parser has other members': {
    // Node uses a parser again.
    socket: ({ parser }) => Object.defineProperty(parser, 'execute', { value: undefined, configurable: true }),
  },
  'the return value of the callback is ignored': {
    socket: ({ parser }) => {
      let callback = parser.onIncoming;
      Object.defineProperty(parser, 'onIncoming', {
        configurable: true,
        get: () => callback,
        set: (set: Callback) => {
          callback = (...all) => {
            set(...all);
            return 0;
          };
        },
      });
    },
  },
  'an error does not say how far the parser came': { error: (error) => ({ ...error, bytesParsed: undefined }) },
  'an error does not have the bytes': { error: (error) => ({ ...error, rawPacket: undefined }) },
};

async function listening(t: Test, { socket: change, error: changed = (error) => error }: Version) {
  const warnings: string[] = [];
  const pipelining = createPipelining((message) => void warnings.push(message));
  const server = createServer({ ServerResponse: pipelining.Response }, (_request, response) =>
    setImmediate(() => response.end('answer')),
  );
  server.on('connection', (socket) => {
    const { parser } = socket as HttpSocket;
    change?.(socket as HttpSocket);
    pipelining.track(socket);
    socket.once('close', () => {
      for (const name of ['execute', 'onIncoming'] as const) Reflect.deleteProperty(parser, name);
    });
  });
  server.on('clientError', (error, socket) => {
    if (!pipelining.pause(changed(error), socket as Socket)) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return { port: (server.address() as AddressInfo).port, warnings };
}

for (const [what, version] of Object.entries(VERSIONS)) {
  t.test(what, async (t) => {
    const { port, warnings } = await listening(t, version);
    for (let i = 0; i < 3; i += 1) {
      const { answers, closed } = await converse(port, GET.repeat(1000), { answers: 1000 });
      t.ok(closed, 'a connection with many requests is closed');
      t.ok(answers.length <= 100, `after ${answers.length} answers`);
    }
    const { answers } = await converse(port, GET.repeat(100), { answers: 100 });
    t.equal(answers.length, 100, 'others are served');
    t.equal(warnings.length, 1);
    t.match(warnings[0], /cannot be paused/);
  });
}

t.test('in this version of Node it can be paused', async (t) => {
  const { port, warnings } = await listening(t, {});
  const { answers } = await converse(port, GET.repeat(1000), { answers: 1000 });
  t.equal(answers.length, 1000);
  t.strictSame(warnings, []);
});
