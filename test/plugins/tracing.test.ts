// Traces of the service, as a collector receives them: what belongs to a request, and that nothing in them is personal.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { testApp } from '../support/app.js';
import { otlpReceiver, type ReceivedSpan } from '../support/otlp.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const traceparent = `00-${TRACE}-${PARENT}-01`;
const SERVER = 2;
const CLIENT = 3;

/** A breach check that knows no password. */
async function breachServer(t: Test) {
  const headers: (string | undefined)[][] = [];
  const server = createServer((request, response) => {
    headers.push([request.headers.traceparent as string | undefined, request.headers.tracestate as string | undefined]);
    response.end(`${'0'.repeat(35)}:1`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/range/`, headers };
}

t.test('a request is a trace of what was done for it, and nothing in it is personal', async (t) => {
  const receiver = await otlpReceiver(t);
  const breaches = await breachServer(t);
  const service = await testApp(t, {
    env: {
      ...receiver.env,
      OTEL_SERVICE_NAME: 'auth',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=a%2Cb',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20secret',
      SETTING_PASSWORD_REJECT_BREACHED: 'true',
      PASSWORD_BREACH_URL: breaches.url,
    },
  });
  const email = 'someone@example.com';
  const password = 'correct horse battery';
  const credentials = { email, password };
  const tracestate = 'vendor=personal';
  const registration = await service.post('/api/register/', credentials, { traceparent, tracestate });
  t.equal(registration.statusCode, 201);
  const pairs = await Promise.all([1, 2, 3].map(() => service.login(email, password)));
  const refreshed = await Promise.all(pairs.map((pair) => service.refresh(pair.refresh_token)));
  const [first] = refreshed.map((response) => response.json());
  await service.me(first.access_token);
  await service.endSession(first.access_token, '123456789');
  await service.post('/api/login/', { email, password: 'wrong password' }, { traceparent: `${traceparent}x` });
  await service.inject({
    method: 'POST',
    url: '/api/login/',
    headers: { 'content-type': 'application/json', traceparent },
    payload: `{"email":"${email}`,
  });
  await service.inject({ method: 'GET', url: `/${email}?token=${first.access_token}` });
  for (const url of ['/livez/', '/readyz/', '/startupz/']) await service.inject({ method: 'GET', url });
  await service.updateMe(first.access_token, { username: 'another-name', password: 'x' });
  await service.app.close();

  const spans = receiver.spans();
  const childrenOf = (parent: ReceivedSpan) => spans.filter(({ parentSpanId }) => parentSpanId === parent.spanId);
  const servers = (name: string) => spans.filter((span) => span.kind === SERVER && span.name === name);

  const [register] = servers('POST /api/register');
  t.match(register, {
    traceId: TRACE,
    parentSpanId: PARENT,
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/api/register',
      'http.response.status_code': 201,
    },
    resource: { 'service.name': 'auth', 'deployment.environment.name': 'a,b' },
  });
  const names = childrenOf(register as ReceivedSpan).map(({ name }) => name);
  // A process looks for Citus once.
  const work = ['SELECT pg_extension', 'breach check', 'password', 'user_insert'];
  t.strictSame(names.sort(), work, 'its body was read before its work began');
  const breachCheck = spans.find(({ name }) => name === 'breach check') as ReceivedSpan;
  t.strictSame(breaches.headers, [[`00-${TRACE}-${breachCheck.spanId}-01`, undefined]], 'tracestate is not passed on');
  t.strictSame(breachCheck.attributes, { 'http.request.method': 'GET', 'server.address': '127.0.0.1' });

  const logins = servers('POST /api/login');
  t.equal(logins.length, 5);
  const [login] = logins;
  const [hashing] = childrenOf(login as ReceivedSpan).filter(({ name }) => name === 'password');
  t.match(
    childrenOf(hashing as ReceivedSpan).map(({ name, kind }) => ({ name, kind })),
    [{ name: 'password hash', kind: 1 }],
  );
  const [statement] = childrenOf(login as ReceivedSpan).filter(({ name }) => name === 'session_insert');
  t.match(statement, { kind: CLIENT, attributes: { 'db.system.name': 'postgresql' }, traceId: login?.traceId });
  t.equal(new Set(logins.map(({ traceId }) => traceId)).size, 5, 'an invalid traceparent is ignored');
  t.match(
    logins.find(({ traceId }) => traceId === TRACE),
    { attributes: { 'http.response.status_code': 400, 'latchkey.problem': 'malformed_json' }, status: {} },
    'also when the body cannot be read',
  );

  const batches = servers('POST /api/refresh').flatMap(childrenOf);
  t.equal(batches.filter(({ name }) => name === 'refresh batch').length, 3, 'each request waited');
  const rotations = batches.flatMap(childrenOf).filter(({ name }) => name.startsWith('session_rotate'));
  t.ok(rotations.length >= 1 && rotations.length <= 3, 'a statement that several share belongs to the first');

  t.equal(servers('GET /api/me').length, 1);
  t.match(servers('DELETE /api/me/sessions/:id'), [{ attributes: { 'http.response.status_code': 404 } }]);
  t.match(servers('GET'), [{ attributes: { 'http.response.status_code': 404, 'latchkey.problem': 'not_found' } }]);
  t.notOk('http.route' in (servers('GET')[0]?.attributes ?? {}));
  t.strictSame(
    spans.filter(({ name }) => name.includes('z')),
    [],
    'probes are not traced',
  );
  t.ok(
    spans.every((span) => span.start <= span.end),
    'spans have ended',
  );

  const lines = service.logLines();
  const refusals = lines.filter(({ msg, code }) => msg === 'request refused' && code !== 'not_found');
  t.ok(refusals.length >= 3);
  for (const { code, trace_id: traceId, span_id: spanId } of refusals) {
    const span = spans.find((each) => each.spanId === spanId);
    t.match(span, { traceId, attributes: { 'latchkey.problem': code } }, `the line of ${code} has the ids of its span`);
  }
  const hashed = lines.filter(({ msg }) => msg === 'breach check done');
  t.match(hashed, [{ trace_id: TRACE, span_id: register?.spanId }], 'so do lines of services');

  t.match(receiver.exports[0], { url: '/v1/traces', headers: { 'x-key': 'a secret' } });
  const sent = receiver.exports.map(({ body }) => body.toString()).join('\n');
  const digest = createHash('sha1').update(password).digest('hex').toUpperCase();
  const secrets = [
    'someone',
    'example.com',
    'another-name',
    'correct horse',
    'wrong password',
    'personal',
    '123456789',
    'token=',
    digest.slice(0, 5),
    '$1',
    ...[first, ...pairs].flatMap((pair) => [pair.access_token, pair.refresh_token]),
  ];
  for (const secret of secrets) t.notOk(sent.includes(secret), secret);
  t.notMatch(sent, /"key":"(client|net|url|user|db\.query)[._]/, 'no attribute with an address or a URL');
});

// test/lazy-modules.test.ts checks that nothing of OpenTelemetry is loaded.
t.test('without an endpoint nothing is traced', async (t) => {
  const service = await testApp(t);
  await service.register();
  const response = await service.post(
    '/api/login/',
    { email: 'user@example.com', password: 'wrong password' },
    { traceparent },
  );
  t.equal(response.statusCode, 401);
  t.equal(service.app.tracing, undefined);
  t.strictSame(
    service.logLines().filter((line) => 'trace_id' in line),
    [],
  );
});
