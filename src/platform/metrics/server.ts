// Serves GET /metrics on a port of its own, which the public does not reach.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createPipelining } from '#platform/http/pipelining.js';
import { createStalledConnections } from '#platform/http/stalled-connections.js';
import type { Log } from '#platform/log/log.js';
import { formatSnapshot, PROMETHEUS_TEXT, type Snapshot } from './snapshot.js';

interface MetricsServerOptions {
  readonly host: string;
  /** 0 selects a free port. */
  readonly port: number;
  readonly collect: () => Promise<Snapshot>;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
}

/** How long a collection is served: many scrapers cost as much as one. */
const FRESH_MILLISECONDS = 1000;
/** The answer to what is not HTTP. */
const BAD_REQUEST = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
/** Each connection needs a file descriptor, which clients of the API need too. */
const MAX_CONNECTIONS = 1000;

/**
 * Resolves when the port is open, to the port. If it cannot be opened, logs that and resolves to undefined: a service
 * without metrics is better than none. Keeps no process alive.
 */
export async function startMetricsServer({ host, port, collect, log }: MetricsServerOptions) {
  const text = createCachedText(collect);
  let isDropReported = false;
  let isFailureReported = false;

  async function answer(response: ServerResponse): Promise<void> {
    try {
      const body = await text();
      isFailureReported = false;
      send(response, 200, PROMETHEUS_TEXT, body);
    } catch (err) {
      if (!isFailureReported) log.error({ err }, 'metrics cannot be collected');
      isFailureReported = true;
      send(response, 500, 'text/plain', 'metrics cannot be collected\n');
    }
  }

  // As on the port of the API: a client that sends many requests and reads no answer must not fill the memory.
  const pipelining = createPipelining((message) => log.warn({}, message));
  const server = createServer({
    requestTimeout: 5000,
    headersTimeout: 5000,
    keepAliveTimeout: 72_000,
    ServerResponse: pipelining.Response,
  });
  server.on('connection', pipelining.track);
  server.on('connection', createStalledConnections(log));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (pipelining.pause(error, socket as Socket)) return;
    if (socket.writable) socket.end(BAD_REQUEST);
    else socket.destroy();
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('drop', () => {
    if (!isDropReported) log.warn({ maxConnections: MAX_CONNECTIONS }, 'connections to the metrics port refused');
    isDropReported = true;
  });
  server.on('request', (request, response) => {
    const path = request.url?.split('?')[0];
    if (path !== '/metrics' && path !== '/metrics/') send(response, 404, 'text/plain', 'metrics are at /metrics\n');
    else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      send(response, 405, 'text/plain', 'GET /metrics\n');
    } else void answer(response);
  });

  const opened = await new Promise<number | undefined>((resolve) => {
    server.once('error', (err) => {
      log.error({ err, host, port }, 'the metrics port could not be opened: continuing without metrics');
      resolve(undefined);
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
  // An error after the start, such as too many open files, must not end the process either.
  server.on('error', (err) => log.error({ err }, 'the metrics port failed'));
  server.unref();
  if (opened !== undefined) log.info({ host, port: opened }, 'metrics are served');
  return {
    port: opened,
    close: (): void => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** One collection at a time, which all callers share, and which is reused for a second. */
function createCachedText(collect: () => Promise<Snapshot>): () => Promise<string> {
  let cached: Promise<string> | undefined;
  return () => {
    cached ??= collect()
      .then(formatSnapshot)
      .finally(() => setTimeout(forget, FRESH_MILLISECONDS).unref());
    return cached;
  };

  function forget(): void {
    cached = undefined;
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
