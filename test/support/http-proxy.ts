// An HTTP proxy in front of the service that loses, duplicates, cuts and delays messages, and serves a resource that checks
// access tokens.
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';

/**
 * The fault that a request meets:
 * - `pass`: none.
 * - `lose-request`: the connection is cut before the service gets the request.
 * - `lose-answer`: the service acts, then the connection is cut.
 * - `cut-answer`: half of the answer arrives, then the connection is cut.
 * - `double`: the service gets the request twice in a row; the second answer is returned.
 * - `slow-answer`: the service acts, and the answer comes after the client has given up.
 * - `slow-request`: the client gives up; the service gets the request at the next `deliver`.
 * - `busy`: 503 with `Retry-After: 0` from the proxy; the service does not get the request.
 * - `portal`: 200 and a page, as from a captive portal.
 * - `other-portal`: 401 and a page.
 */
export const FAULTS = [
  'pass',
  'lose-request',
  'lose-answer',
  'cut-answer',
  'double',
  'slow-answer',
  'slow-request',
  'busy',
  'portal',
  'other-portal',
] as const;
export type Fault = (typeof FAULTS)[number];

/** A request as the proxy saw it. */
export interface SeenRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly key: string | undefined;
  readonly body: string;
  /** The status of the service's answer, once it has arrived. */
  status?: number;
}

interface Forwarded {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Forwards to `target`, an origin; stopped when the test ends. `decide` chooses the fault of each request. */
export async function startHttpProxy(t: Pick<Test, 'teardown'>, target: string, page?: (path: string) => Page) {
  const seen: SeenRequest[] = [];
  let faultOf: (seen: SeenRequest) => Fault | Promise<Fault> = () => 'pass';
  let hold: (seen: SeenRequest) => unknown = () => {};
  const withheld: (() => Promise<unknown>)[] = [];
  /** The epoch in which each access token was issued. */
  const epochs = new Map<string, number>();
  let epoch = 0;

  async function forward(incoming: IncomingMessage, body: string, entry?: SeenRequest): Promise<Forwarded> {
    const { host: _host, connection: _connection, ...headers } = incoming.headers;
    const outgoing = request(new URL(incoming.url ?? '/', target), { method: incoming.method, headers, agent: false });
    outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    const text = await bytesOf(answer);
    const status = answer.statusCode ?? 0;
    if (entry !== undefined) entry.status = status;
    const token = /"access_token":"([^"]+)"/.exec(text.toString())?.[1];
    if (token !== undefined) epochs.set(token, epoch);
    return { status, headers: answer.headers, body: text };
  }

  function give(response: ServerResponse, { status, headers, body }: Forwarded) {
    const { connection: _connection, 'transfer-encoding': _encoding, ...rest } = headers;
    response.writeHead(status, { ...rest, 'content-length': body.length }).end(body);
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse) {
    const path = incoming.url ?? '/';
    const body = (await bytesOf(incoming)).toString();
    const { authorization } = incoming.headers;
    const key = incoming.headers['idempotency-key']?.toString();
    const entry: SeenRequest = { path, authorization, key, body };
    seen.push(entry);
    if (path === '/resource') return resource(authorization, response);
    const served = page?.(path);
    if (served !== undefined) return void response.writeHead(200, { 'content-type': served.type }).end(served.body);

    const gone = once(response, 'close');
    const fault = await faultOf(entry);
    switch (fault) {
      case 'pass':
      case 'double': {
        if (fault === 'double') await forward(incoming, body, entry);
        const answer = await forward(incoming, body, entry);
        await hold(entry);
        return give(response, answer);
      }
      case 'lose-request':
        return void incoming.socket.destroy();
      case 'lose-answer':
        await forward(incoming, body, entry);
        return void incoming.socket.destroy();
      case 'cut-answer': {
        const answer = await forward(incoming, body, entry);
        response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length });
        response.write(answer.body.subarray(0, answer.body.length / 2));
        return void setImmediate(() => incoming.socket.destroy());
      }
      case 'slow-answer':
        await forward(incoming, body, entry);
        return void (await gone);
      case 'slow-request':
        await gone;
        return void withheld.push(() => forward(incoming, body, entry));
      case 'busy':
        return void response.writeHead(503, { 'retry-after': '0' }).end();
      case 'portal':
        return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in to this network');
      case 'other-portal':
        return void response.writeHead(401, { 'content-type': 'text/html' }).end('<html>Log in to this network');
    }
  }

  function resource(authorization: string | undefined, response: ServerResponse) {
    const good = authorization !== undefined && epochs.get(authorization.slice('Bearer '.length)) === epoch;
    if (good) response.writeHead(200).end('the resource');
    else response.writeHead(401, { 'www-authenticate': 'Bearer realm="else", error="invalid_token"' }).end();
  }

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => incoming.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    origin,
    /** Answers 200 to a token that was issued after the last `expire`, otherwise 401 according to RFC 6750. */
    resource: `${origin}/resource`,
    /** Makes the resource refuse all access tokens issued so far. */
    expire: () => {
      epoch += 1;
    },
    /** Sets the function that chooses the fault of each request. */
    decide: (by: typeof faultOf) => {
      faultOf = by;
    },
    /** Sets a function that is awaited between the answer of the service and its delivery to the client. */
    holdAnswers: (by: typeof hold) => {
      hold = by;
    },
    /** Sends the withheld requests to the service and waits for its answers. */
    deliver: async () => {
      await Promise.all(withheld.splice(0).map((send) => send()));
    },
    /** The requests of a path, in order of arrival. */
    requests: (path: string): readonly SeenRequest[] => seen.filter((each) => each.path === path),
  };
}

/** A file that the proxy serves itself. */
export type Page = { readonly type: string; readonly body: string | Buffer } | undefined;
export type HttpProxy = Awaited<ReturnType<typeof startHttpProxy>>;

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
