// Clients that pipeline a thousand requests and read nothing: on every path they slow down only themselves.
import { connect, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { testDatabase } from '../support/database.js';
import { hasProcfs, residentMib } from '../support/resources.js';
import { type Service, startService, tokensOf } from '../support/service.js';
import { until } from '../support/until.js';
import { figure, quantile, report } from './harness/figures.js';

const CONNECTIONS = 64;
const REQUESTS = 1000;
/** Bounds for the latency of other clients and for the memory of the process. */
const P99_MILLISECONDS = 250;
const RESIDENT_MIB = 300;
const RECOVERY_MILLISECONDS = 1000;
/** The duration of a flood. */
const FLOOD_MILLISECONDS = figure(1500, 20_000);

interface Flood {
  readonly name: string;
  /** The bytes that each connection sends. */
  readonly bytes: (token: string) => string;
  readonly connections?: number;
  /** Whether the bytes are sent repeatedly, as fast as the service reads them. */
  readonly repeat?: boolean;
  /** The size of the pieces, one sent every few milliseconds; by default everything is one write. */
  readonly pieceBytes?: number;
  /** The bytes that are read every 50 ms; by default none. */
  readonly reads?: number;
  readonly env?: Record<string, string>;
}

const request = (line: string, headers = '', body = '') => `${line} HTTP/1.1\r\nHost: x\r\n${headers}\r\n${body}`;
const get = (path: string, headers = '') => request(`GET ${path}`, headers);
const post = (path: string, body: string) =>
  request(`POST ${path}`, `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`, body);
const chunked = (path: string, body: string) =>
  request(
    `POST ${path}`,
    'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n',
    `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
  );
const REFRESH = '{"refresh_token": "00000000-0000-4000-8000-000000000000"}';
const LOGIN = '{"email": "nobody@example.com", "password": "wrong password"}';

const FLOODS: readonly Flood[] = [
  ...[
    '/docs/json',
    '/docs/yaml',
    '/docs/',
    '/docs/static/swagger-ui-bundle.js',
    '/docs/static/nothing.js',
    '/openapi.json',
    '/openapi.yaml',
    '/admin/',
    '/livez',
    '/readyz',
    '/',
    '/nothing',
    '/.well-known/jwks.json',
    '/.well-known/openid-configuration',
    '/api/me/',
  ].map((path): Flood => ({ name: `GET ${path}`, bytes: () => get(path).repeat(REQUESTS) })),
  {
    name: 'GET /openapi.json, compressed',
    bytes: () => get('/openapi.json', 'Accept-Encoding: br\r\n').repeat(REQUESTS),
  },
  { name: 'HEAD /docs/json', bytes: () => request('HEAD /docs/json').repeat(REQUESTS) },
  {
    name: 'GET /api/me/ with a token',
    bytes: (token) => get('/api/me/', `Authorization: Bearer ${token}\r\n`).repeat(REQUESTS),
  },
  {
    name: 'GET /api/verify/ with a token',
    bytes: (token) => get('/api/verify/', `Authorization: Bearer ${token}\r\n`).repeat(REQUESTS),
  },
  { name: 'POST /api/login/', bytes: () => post('/api/login/', LOGIN).repeat(REQUESTS) },
  { name: 'POST /api/refresh/', bytes: () => post('/api/refresh/', REFRESH).repeat(REQUESTS) },
  { name: 'POST /api/refresh/, chunked', bytes: () => chunked('/api/refresh/', REFRESH).repeat(REQUESTS) },
  { name: 'POST /api/register/, malformed', bytes: () => post('/api/register/', '{').repeat(REQUESTS) },
  { name: 'POST /livez', bytes: () => post('/livez', '{}').repeat(REQUESTS) },
  { name: 'bodies of 16 KiB', bytes: () => post('/api/login/', `{"a": "${'x'.repeat(16_000)}"}`).repeat(REQUESTS) },
  { name: 'a request that is malformed at the end', bytes: () => `${get('/livez').repeat(REQUESTS)}\0` },
  { name: 'only malformed requests', bytes: () => '\0'.repeat(REQUESTS) },
  {
    name: 'HTTP/1.0',
    bytes: () => 'GET /docs/json HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'.repeat(REQUESTS),
  },
  { name: 'dribbled', bytes: () => get('/docs/json').repeat(REQUESTS), pieceBytes: 333 },
  { name: 'dribbled bodies', bytes: () => post('/api/refresh/', REFRESH).repeat(REQUESTS), pieceBytes: 777 },
  { name: 'read very slowly', bytes: () => get('/docs/json').repeat(REQUESTS), reads: 100 },
  { name: 'small answers, read very slowly', bytes: () => get('/livez').repeat(REQUESTS), reads: 100 },
  { name: 'read as fast as it comes', bytes: () => get('/livez').repeat(REQUESTS), reads: 2 ** 20 },
  { name: 'ten times as many requests', bytes: () => get('/nothing').repeat(10 * REQUESTS) },
  { name: 'repeated', bytes: () => get('/docs/json').repeat(REQUESTS), repeat: true },
  { name: 'repeated, to the API', bytes: () => get('/api/me/').repeat(REQUESTS), repeat: true },
  { name: 'repeated, read', bytes: () => get('/api/me/').repeat(REQUESTS), repeat: true, reads: 2 ** 20 },
  { name: '1,000 connections', connections: 1000, bytes: () => get('/docs/json').repeat(REQUESTS) },
  { name: '1,000 connections, to the API', connections: 1000, bytes: () => get('/api/me/').repeat(REQUESTS) },
  { name: '1,000 connections with a few requests each', connections: 1000, bytes: () => get('/docs/json').repeat(10) },
  { name: 'two workers', bytes: () => get('/docs/json').repeat(REQUESTS), env: { WEB_CONCURRENCY: '2' } },
];

const only = process.env.FLOOD;
for (const flood of FLOODS.filter(({ name }) => only === undefined || name.includes(only))) {
  t.test(`${flood.connections ?? CONNECTIONS} connections: ${flood.name}`, async (t) => {
    const service = await startService(t, await testDatabase(t), {
      SETTING_ACCESS_TOKEN_LIFETIME: '3600',
      ...flood.env,
    });
    t.equal((await service.register('user@example.com')).statusCode, 201);
    const { access_token: token } = tokensOf(await service.login('user@example.com'));
    // The flood meets a service that has just started and has not created its static documents yet.
    const before = hasProcfs ? residentMib(service.pid) : 0;
    const watch = measureOtherClients(t, service, token);
    const end = startFlood(t, service, flood, token);
    await new Promise((resolve) => setTimeout(resolve, FLOOD_MILLISECONDS));
    end();
    const left = performance.now();
    const during = await watch.stop();
    await until('the service answers again', async () => (await service.me(token)).statusCode === 200);
    const recovery = performance.now() - left;
    t.equal(service.child.exitCode, null, 'the service is running');
    report(t, `pipelining: ${flood.name}`, { before, recovery, ...during });
    t.ok(during.requests > 10, `other clients were served: ${during.requests}`);
    t.ok(during.p99 < P99_MILLISECONDS, `other clients: p99 ${during.p99} ms`);
    t.ok(during.resident < RESIDENT_MIB, `memory ${during.resident} MiB`);
    t.ok(recovery < RECOVERY_MILLISECONDS, `recovered after ${recovery.toFixed(0)} ms`);
    t.strictSame(
      service.logLines().filter(({ level, code }) => level === 'fatal' || code === 'internal_error'),
      [],
    );
  });
}

/** Opens the connections and sends the bytes; returns a function that closes them. */
function startFlood(t: Test, { port }: Service, flood: Flood, token: string): () => void {
  const { connections = CONNECTIONS, repeat = false, pieceBytes, reads } = flood;
  const bytes = Buffer.from(flood.bytes(token));
  const timers: NodeJS.Timeout[] = [];
  const sockets = Array.from({ length: connections }, () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    if (reads === undefined || reads < 2 ** 20) socket.pause();
    else socket.resume();
    socket.on('connect', () => send(socket));
    return socket;
  });
  const end = () => {
    for (const timer of timers) clearInterval(timer);
    for (const socket of sockets) socket.destroy();
  };
  t.teardown(end);

  function send(socket: Socket): void {
    if (pieceBytes === undefined) {
      socket.write(bytes);
      if (repeat) timers.push(setInterval(() => socket.writableLength < bytes.length && socket.write(bytes), 20));
    } else {
      let sent = 0;
      timers.push(
        setInterval(() => {
          if (sent >= bytes.length || socket.writableLength > 0) return;
          socket.write(bytes.subarray(sent, sent + pieceBytes));
          sent += pieceBytes;
        }, 5),
      );
    }
    if (reads !== undefined && reads < 2 ** 20) timers.push(setInterval(() => socket.read(reads), 50));
  }
  return end;
}

/** Requests `/livez` and `GET /api/me/` in a loop as another client, and measures the memory of the service. */
function measureOtherClients(t: Test, service: Service, token: string) {
  const times: number[] = [];
  let resident = 0;
  let stopped = false;
  const timed = async (call: () => Promise<number | undefined>) => {
    while (!stopped) {
      const begun = performance.now();
      const status = await call();
      times.push(performance.now() - begun);
      if (status !== 200) t.equal(status, 200, 'another client');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const look = setInterval(() => {
    if (hasProcfs && service.child.exitCode === null) resident = Math.max(resident, residentMib(service.pid));
  }, 20);
  const loops = [
    timed(() => service.status('/livez')),
    timed(() => service.me(token).then(({ statusCode }) => statusCode)),
  ];
  return {
    stop: async () => {
      stopped = true;
      await Promise.all(loops);
      clearInterval(look);
      return {
        requests: times.length,
        p50: quantile(times, 0.5),
        p99: quantile(times, 0.99),
        longest: quantile(times, 1),
        resident: Math.round(resident),
      };
    },
  };
}
