// A collector of traces: an HTTP server that receives OTLP, as JSON.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';

export interface ReceivedSpan {
  readonly name: string;
  /** 1: internal, 2: server, 3: client. */
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly status: object;
  /** When it began and ended, in nanoseconds since 1970. */
  readonly start: bigint;
  readonly end: bigint;
  /** What the process says about itself. */
  readonly resource: Readonly<Record<string, unknown>>;
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface Span {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly KeyValue[];
  readonly status: object;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

/** Starts a collector, which is closed when the test ends. `answer` replaces its usual answer: success. */
export async function otlpReceiver(t: Pick<Test, 'teardown'>, answer?: (response: ServerResponse) => void) {
  const exports: { readonly headers: IncomingHttpHeaders; readonly url: string; readonly body: Buffer }[] = [];
  let respond = answer;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    exports.push({ headers: request.headers, url: request.url ?? '', body: Buffer.concat(chunks) });
    if (respond === undefined) response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    else respond(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    /** Variables of a service that sends its traces here. */
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
    exports,
    succeed: () => {
      respond = undefined;
    },
    spans: (): ReceivedSpan[] => exports.flatMap(({ body }) => spansOf(JSON.parse(body.toString()))),
  };
}

function spansOf({ resourceSpans }: Export): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ attributes, startTimeUnixNano, endTimeUnixNano, parentSpanId, ...span }) => ({
        ...span,
        parentSpanId: parentSpanId || undefined,
        attributes: recordOf(attributes),
        start: BigInt(startTimeUnixNano),
        end: BigInt(endTimeUnixNano),
        resource: recordOf(resource.attributes),
      })),
    ),
  );
}

const recordOf = (pairs: readonly KeyValue[]) =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]]));
