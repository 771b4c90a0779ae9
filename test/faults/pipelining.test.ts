// Clients that pipeline a thousand requests and read no answer, on any path: they delay only themselves.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { testDatabase } from '../support/database.js';
import { hasProcfs, residentMib } from '../support/resources.js';
import { type Service, startService, tokensOf } from '../support/service.js';
import type { FloodPlan } from './flood-process.js';
import { figure, isFull, quantile, report, TOLERANCE } from './harness/figures.js';

const CONNECTIONS = 64;
const REQUESTS = 1000;
/** Bounds for other clients, and for the memory of each process of the service. */
const P99_MILLISECONDS = TOLERANCE * 250;
const RESIDENT_MIB = 300;
/** After the flood, every probe is answered within P99_MILLISECONDS again, from this moment on. */
const RECOVERY_MILLISECONDS = TOLERANCE * 1000;
/** Probes go on for as long after the flood, in any case. */
const AFTER_MILLISECONDS = 1500;
/** The duration of a flood. */
const FLOOD_MILLISECONDS = figure(1500, 20_000);

interface Flood {
  readonly name: string;
  /** Sent first, once on each connection. */
  readonly head?: string;
  /** One request of it. */
  readonly request: (token: string) => string;
  /** How often each connection sends it; REQUESTS when omitted. */
  readonly times?: number;
  /** Sent after the last one. */
  readonly tail?: string;
  readonly connections?: number;
  readonly again?: boolean;
  readonly pieces?: number;
  /** Nothing when omitted. */
  readonly reads?: FloodPlan['reads'];
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
/** The head of a request with a chunked body, and a chunk of it that says nothing. */
const endless = (line: string) => request(line, 'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n');
const CHUNK = `1000\r\n${' '.repeat(0x1000)}\r\n`;
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
  ].map((path): Flood => ({ name: `GET ${path}`, request: () => get(path) })),
  {
    name: 'GET /openapi.json, compressed',
    request: () => get('/openapi.json', 'Accept-Encoding: br\r\n'),
  },
  { name: 'HEAD /docs/json', request: () => request('HEAD /docs/json') },
  {
    name: 'GET /api/me/ with a token',
    request: (token) => get('/api/me/', `Authorization: Bearer ${token}\r\n`),
  },
  {
    name: 'GET /api/verify/ with a token',
    request: (token) => get('/api/verify/', `Authorization: Bearer ${token}\r\n`),
  },
  { name: 'POST /api/login/', request: () => post('/api/login/', LOGIN) },
  { name: 'POST /api/refresh/', request: () => post('/api/refresh/', REFRESH) },
  { name: 'POST /api/refresh/, chunked', request: () => chunked('/api/refresh/', REFRESH) },
  { name: 'POST /api/register/, malformed', request: () => post('/api/register/', '{') },
  { name: 'POST /livez', request: () => post('/livez', '{}') },
  { name: 'bodies of 16 KiB', request: () => post('/api/login/', `{"a": "${'x'.repeat(16_000)}"}`) },
  { name: 'a request that is malformed at the end', request: () => get('/livez'), tail: '\0' },
  { name: 'nothing but malformed ones', request: () => '\0' },
  {
    name: 'HTTP/1.0',
    request: () => 'GET /docs/json HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
  },
  { name: 'HTTP/1.0 that closes', request: () => 'GET /docs/json HTTP/1.0\r\n\r\n' },
  {
    name: 'Connection: close in the middle',
    request: () => get('/livez').repeat(9) + get('/livez', 'Connection: close\r\n'),
  },
  { name: 'upgrades', request: () => get('/docs/json', 'Connection: Upgrade\r\nUpgrade: websocket\r\n') },
  { name: 'CONNECT in the middle', request: () => get('/livez').repeat(9) + request('CONNECT x:443') },
  ...['POST /api/login/', 'POST /api/refresh/', 'PATCH /api/me/', 'GET /docs/json', 'POST /livez', 'POST /nothing'].map(
    (line): Flood => ({
      name: `${line} with a body without end`,
      head: get('/livez').repeat(10) + endless(line),
      request: () => CHUNK,
      again: true,
    }),
  ),
  {
    name: 'bodies that are announced and never come',
    request: () => get('/livez'),
    tail: post('/api/login/', LOGIN).slice(0, -1),
  },
  {
    name: 'bodies that wait for 100 Continue',
    request: () => get('/livez'),
    tail: request(
      'POST /api/login/',
      'Content-Type: application/json\r\nContent-Length: 50\r\nExpect: 100-continue\r\n',
    ),
  },
  { name: 'half a request', connections: 1000, request: () => 'GET /livez HTTP/1.1\r\nHost: x\r\n', times: 1 },
  {
    name: 'half a request behind a pipeline',
    request: () => get('/livez'),
    tail: 'GET /livez HTTP/1.1\r\nX: ',
    reads: 'all',
  },
  { name: 'dribbled', request: () => get('/docs/json'), pieces: 333 },
  { name: 'dribbled bodies', request: () => post('/api/refresh/', REFRESH), pieces: 777 },
  { name: 'read very slowly', request: () => get('/docs/json'), reads: 100 },
  { name: 'small answers, read very slowly', request: () => get('/livez'), reads: 100 },
  { name: 'read as fast as it comes', request: () => get('/livez'), reads: 'all' },
  { name: 'ten times as many requests', request: () => get('/nothing'), times: 10 * REQUESTS },
  { name: 'on and on', request: () => get('/docs/json'), again: true },
  {
    name: 'on and on, large answers behind slow ones',
    request: () => post('/api/login/', LOGIN) + get('/openapi.json').repeat(3) + get('/livez').repeat(96),
    times: 10,
    again: true,
  },
  { name: 'on and on, to the API', request: () => get('/api/me/'), again: true },
  { name: 'on and on, read', request: () => get('/api/me/'), again: true, reads: 'all' },
  { name: '1,000 connections', connections: 1000, request: () => get('/docs/json') },
  { name: '1,000 connections, to the API', connections: 1000, request: () => get('/api/me/') },
  {
    name: '1,000 connections with a few requests each',
    connections: 1000,
    request: () => get('/docs/json'),
    times: 10,
  },
  { name: 'two workers', request: () => get('/docs/json'), env: { WEB_CONCURRENCY: '2' } },
];

/** One of each kind, for the short run. */
const SHORT = [
  'GET /docs/json',
  'GET /api/me/',
  'POST /api/login/',
  'bodies of 16 KiB',
  'dribbled bodies',
  'read very slowly',
  'on and on, to the API',
  'CONNECT in the middle',
  'POST /api/login/ with a body without end',
  'POST /nothing with a body without end',
  'half a request',
  'two workers',
];
/** `FLOOD='^GET /docs'` runs some of them; without it the short run has one of each kind. */
const only = process.env.FLOOD === undefined ? undefined : new RegExp(process.env.FLOOD);
const selected = FLOODS.filter(({ name }) => only?.test(name) ?? (isFull || SHORT.includes(name)));
t.ok(selected.length > 0, 'floods are selected');
for (const flood of selected) {
  t.test(`${flood.connections ?? CONNECTIONS} connections: ${flood.name}`, async (t) => {
    const service = await startService(t, await testDatabase(t), {
      SETTING_ACCESS_TOKEN_LIFETIME: '3600',
      ...flood.env,
    });
    t.equal((await service.register('user@example.com')).statusCode, 201);
    const { access_token: token } = tokensOf(await service.login('user@example.com'));
    const before = Math.round(hasProcfs ? residentMib(service.pid) : 0);
    // No document has been prepared yet: the flood meets a service that has just started.
    const probes = startProbes(service, token);
    const began = performance.now();
    const end = await startFlood(t, service, flood, token);
    await sleep(FLOOD_MILLISECONDS);
    await end();
    const ended = performance.now();
    await sleep(AFTER_MILLISECONDS);
    while (probes.isSlow() && performance.now() < ended + RECOVERY_MILLISECONDS) await sleep(100);
    const { samples, resident } = await probes.stop();
    const during = samples.filter(({ at }) => at > began && at < ended);
    const milliseconds = during.map((sample) => sample.milliseconds);
    const last = samples.findLast(
      ({ at, ok, ...sample }) => at > ended && (!ok || sample.milliseconds > P99_MILLISECONDS),
    );
    const figures = {
      requests: during.length,
      p50: quantile(milliseconds, 0.5),
      p99: quantile(milliseconds, 0.99),
      longest: quantile(milliseconds, 1),
      before,
      resident,
      recovery: last === undefined ? 0 : Math.round(last.at + last.milliseconds - ended),
    };
    report(t, `pipelining: ${flood.name}`, figures);
    t.equal(service.child.exitCode, null, 'the service is alive');
    t.strictSame(
      samples.filter(({ ok }) => !ok),
      [],
      'every other request is answered 200',
    );
    t.ok(during.length > 10, `other requests: ${during.length}`);
    t.ok(figures.p99 < P99_MILLISECONDS, `p99 of other requests: ${figures.p99} ms`);
    t.ok(resident < RESIDENT_MIB, `resident memory: ${resident} MiB`);
    t.ok(figures.recovery < RECOVERY_MILLISECONDS, `recovery: ${figures.recovery} ms`);
    t.strictSame(
      service.logLines().filter(({ level, code }) => level === 'fatal' || code === 'internal_error'),
      [],
    );
  });
}

/** Resolves when the connections of the flood are open, to a function that closes them. */
async function startFlood(t: Test, { port }: Service, flood: Flood, token: string): Promise<() => Promise<void>> {
  const plan: FloodPlan = {
    port,
    connections: flood.connections ?? CONNECTIONS,
    head: flood.head ?? '',
    request: flood.request(token),
    times: flood.times ?? REQUESTS,
    tail: flood.tail ?? '',
    again: flood.again ?? false,
    reads: flood.reads ?? 0,
    ...(flood.pieces !== undefined && { pieces: flood.pieces }),
  };
  const child = fork(join(import.meta.dirname, 'flood-process.js'), [JSON.stringify(plan)]);
  t.teardown(() => child.kill('SIGKILL'));
  await once(child, 'message');
  return async () => {
    child.send('end');
    await once(child, 'message');
    child.kill('SIGKILL');
  };
}

interface Sample {
  /** When it was sent, and how long it took. */
  readonly at: number;
  readonly milliseconds: number;
  readonly ok: boolean;
}

/** Requests `/livez` and `GET /api/me/` the whole time, each on one keep-alive connection, and samples the memory of the service. */
function startProbes({ port, child }: Service, token: string) {
  const samples: Sample[] = [];
  let resident = 0;
  let stopped = false;
  const probe = async (path: string, headers: Record<string, string>) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!stopped) {
      const at = performance.now();
      const status = await statusOf(agent, port, path, headers);
      // In the short run, other tests may keep the database from answering `me` in time.
      const ok = status === 200 || (!isFull && status === 503);
      samples.push({ at, milliseconds: performance.now() - at, ok });
      await sleep(10);
    }
    agent.destroy();
  };
  const memory = setInterval(() => {
    if (!hasProcfs || child.exitCode !== null) return;
    resident = Math.max(resident, ...processesOf(child.pid ?? 0).map(residentMib));
  }, 50);
  const probes = [probe('/livez', {}), probe('/api/me/', { authorization: `Bearer ${token}` })];
  return {
    /** Whether one of the last probes was slow. */
    isSlow: () => samples.slice(-20).some(({ milliseconds }) => milliseconds > P99_MILLISECONDS),
    stop: async () => {
      stopped = true;
      await Promise.all(probes);
      clearInterval(memory);
      return { samples, resident: Math.round(resident) };
    },
  };
}

/** Undefined when there is no answer. */
function statusOf(agent: Agent, port: number, path: string, headers: Record<string, string>) {
  return new Promise<number | undefined>((resolve) => {
    const outgoing = httpRequest({ host: '127.0.0.1', port, path, headers, agent, timeout: 15_000 }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    outgoing.on('timeout', () => outgoing.destroy());
    outgoing.on('error', () => resolve(undefined));
    outgoing.end();
  });
}

/** A process and its children: the workers of `WEB_CONCURRENCY`. */
function processesOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  return [pid, ...children];
}
