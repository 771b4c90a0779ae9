// Common headers are in every response once, whether Node's responses write them or a hook sets them.
import { once } from 'node:events';
import { createServer, type RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { securityHeaders, setCommonHeaders, withCommonHeaders } from '#platform/http/security-headers.js';
import { converse } from '../../../support/wire.js';

const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

async function answerOf(t: Test, respond: RequestListener, Response = withCommonHeaders(ServerResponse)) {
  const server = createServer({ ServerResponse: Response }, respond).listen(0, '127.0.0.1');
  t.teardown(() => server.close());
  await once(server, 'listening');
  const { answers } = await converse((server.address() as AddressInfo).port, GET, { answers: 1 });
  return answers[0];
}

/** The headers of a response that are common ones, with their values. */
const commonOf = (headers: Readonly<Record<string, unknown>> = {}) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name in securityHeaders || name === 'x-request-id'));

t.test('a response has them without setting them, and the id if it is known', async (t) => {
  const plain = await answerOf(t, (_request, response) => response.end('text'));
  t.strictSame(commonOf(plain?.headers), securityHeaders);
  const named = await answerOf(t, (_request, response) => {
    setCommonHeaders({ raw: response, headers: () => t.fail('the response writes them') }, 'id-1');
    response.writeHead(204, { 'content-type': 'text/plain' }).end();
  });
  t.strictSame(commonOf(named?.headers), { ...securityHeaders, 'x-request-id': 'id-1' });
});

t.test('a header that the response sets takes their place, however it sets it', async (t) => {
  const own = { 'cache-control': 'no-cache', 'x-frame-options': 'SAMEORIGIN', 'x-request-id': 'own' };
  const inHead = await answerOf(t, (_request, response) => {
    setCommonHeaders({ raw: response, headers: () => t.fail('the response writes them') }, 'id-1');
    response.writeHead(204, own).end();
  });
  t.strictSame(commonOf(inHead?.headers), { ...securityHeaders, ...own });
  const before = await answerOf(t, (_request, response) => {
    for (const [name, value] of Object.entries(own)) response.setHeader(name, value);
    response.statusCode = 204;
    response.end();
  });
  t.strictSame(commonOf(before?.headers), { ...securityHeaders, ...own });
});

t.test('responses of another kind get them from the hook', async (t) => {
  class Other extends ServerResponse {}
  Object.defineProperty(Other.prototype, '_storeHeader', { value: undefined });
  const unchanged: typeof ServerResponse = Other as unknown as typeof ServerResponse;
  t.equal(withCommonHeaders(unchanged), unchanged, 'a Node without the member');
  class Silent extends ServerResponse {
    override writeHead(): this {
      return this;
    }
  }
  t.equal(withCommonHeaders(Silent as typeof ServerResponse), Silent, 'a Node that does not call it');
  const set: object[] = [];
  const raw = {} as ServerResponse;
  setCommonHeaders({ raw, headers: (values) => set.push(values) }, 'id-1');
  t.strictSame(set, [{ ...securityHeaders, 'x-request-id': 'id-1' }]);
});
