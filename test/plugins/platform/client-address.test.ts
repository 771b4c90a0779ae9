// X-Forwarded-For as real proxies write it: the client address in sessions, audit events, rate limits and log lines.
import t from 'tap';
import { testApp } from '../../support/app.js';
import { rowsOf } from '../../support/rows.js';
import { converse } from '../../support/wire.js';

const PROXY = '10.0.0.1';
const LONG = 'x'.repeat(6000);

t.test('addresses are stored without port and zone in canonical form, and invalid ones as null', async (t) => {
  const service = await testApp(t, { env: { TRUST_PROXY: '10.0.0.0/8,fd00::/8' } });
  const rows = rowsOf(t, service.databaseUrl);
  await service.register();
  for (const [forwarded, ip, remoteAddress = PROXY] of [
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:52110', '203.0.113.7'],
    ['198.51.100.1, 203.0.113.7:52110', '203.0.113.7'],
    // Azure's gateway appends ports to proxies too; a trusted proxy must be recognised with its port.
    ['203.0.113.7:52110, 10.0.0.2:8080', '203.0.113.7'],
    ['203.0.113.7, [fd00::1]:443', '203.0.113.7'],
    ['[2001:DB8::1]:443', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['203.0.113.7', '203.0.113.7', '::ffff:10.0.0.1'],
    ['unknown', null],
    ['_hidden, unknown', null],
    [LONG, null],
    [`203.0.113.7, ${LONG}`, null],
    ['<script>alert(1)</script>', null],
    ['', PROXY],
    ['203.0.113.7', '192.0.2.1', '192.0.2.1'],
    [LONG, '192.0.2.1', '::ffff:192.0.2.1'],
  ] as const) {
    const answer = await service.inject({
      method: 'POST',
      url: '/api/login/',
      remoteAddress,
      headers: { 'x-forwarded-for': forwarded },
      payload: { email: 'user@example.com', password: 'password' },
    });
    t.equal(answer.statusCode, 200);
    const name = `${remoteAddress}: ${forwarded.slice(0, 40)}`;
    const [session] = await rows`select ip from sessions order by created_at desc limit 1`;
    t.equal(session?.ip, ip, `${name}: the session`);
    const [event] = await rows`select ip from audit_events where event = 'login.succeeded' order by id desc limit 1`;
    t.equal(event?.ip, ip, `${name}: the audit event`);
    const line = service.logLines().find((each) => each.request_id === answer.headers['x-request-id'] && each.event);
    // inject has no connection whose address could be made canonical.
    if (remoteAddress === PROXY) t.equal(line?.ip, ip, `${name}: the log`);
  }
  const malformed = await service.inject({ url: '/%', remoteAddress: PROXY, headers: { 'x-forwarded-for': LONG } });
  t.equal(malformed.statusCode, 400);
  const [refused] = service.logLines().filter((each) => each.request_id === malformed.headers['x-request-id']);
  // For such a request Fastify does not evaluate trusted proxies and uses the address of the connection.
  t.equal(refused?.ip, PROXY, 'a URL that cannot be decoded');
  for (const line of service.logLines()) t.ok(JSON.stringify(line).length < 3000, 'no line contains the long header');
});

t.test('the address that a proxy appends is read behind however many headers of its client', async (t) => {
  const env = { TRUST_PROXY: '127.0.0.1', SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '1' };
  const service = await testApp(t, { env });
  await service.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = service.app.server.address() as { port: number };
  const headers = `${'A:\r\n'.repeat(2500)}X-Forwarded-For: 203.0.113.7\r\nContent-Type: application/json\r\nContent-Length: 2\r\n`;
  const attempt = `POST /api/login/ HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n{}`;
  const { answers } = await converse(port, attempt + attempt, { answers: 2 });
  t.strictSame(
    answers.map(({ statusCode }) => statusCode),
    [400, 429],
  );
  const refused = service.logLines().filter((line) => line.code !== undefined);
  t.strictSame(
    refused.map(({ ip }) => ip),
    ['203.0.113.7', '203.0.113.7'],
  );
});

t.test('a server that listens on :: reports IPv4 clients with their IPv4 address', async (t) => {
  const service = await testApp(t);
  await service.app.listen({ host: '::', port: 0 });
  const { port } = service.app.server.address() as { port: number };
  const answer = await fetch(`http://127.0.0.1:${port}/nothing`);
  t.equal(answer.status, 404);
  t.equal(service.logLines().find((line) => line.code === 'not_found')?.ip, '127.0.0.1');
});

t.test('requests from different ports of a client count together', async (t) => {
  const env = { TRUST_PROXY: '10.0.0.0/8', SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '2' };
  const { app } = await testApp(t, { env });
  const statuses = [];
  for (const forwarded of ['203.0.113.7:1', '203.0.113.7:2', '::ffff:203.0.113.7', '203.0.113.7:3, 10.0.0.9:80']) {
    const headers = { 'x-forwarded-for': forwarded };
    const answer = await app.inject({ method: 'POST', url: '/api/login/', payload: {}, remoteAddress: PROXY, headers });
    statuses.push(answer.statusCode);
  }
  t.strictSame(statuses, [400, 400, 429, 429]);
});

t.test('on Fly.io the address comes from Fly-Client-IP, and from its proxy only', async (t) => {
  const env = { TRUST_PROXY: 'fly', SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '100' };
  const service = await testApp(t, { env });
  const FLY_PROXY = '172.16.1.2';
  for (const [headers, ip, remoteAddress = FLY_PROXY] of [
    [{ 'fly-client-ip': '203.0.113.7', 'x-forwarded-for': '203.0.113.7, 2a09:8280:1::1' }, '203.0.113.7'],
    [{ 'fly-client-ip': '2001:DB8::1', 'x-forwarded-for': '192.0.2.66, 2001:db8::1, 66.241.124.1' }, '2001:db8::1'],
    [{ 'fly-client-ip': 'nonsense', 'x-forwarded-for': '192.0.2.66' }, null],
    // A health check of the platform.
    [{ 'x-forwarded-for': '192.0.2.66' }, FLY_PROXY],
    [{}, FLY_PROXY],
    // Another app in the private network of the organization.
    [{ 'fly-client-ip': '192.0.2.66', 'x-forwarded-for': '192.0.2.66' }, 'fdaa:0:1::3', 'fdaa:0:1::3'],
    [{ 'fly-client-ip': '192.0.2.66' }, '198.51.100.1', '198.51.100.1'],
  ] as const) {
    const answer = await service.app.inject({ url: '/nothing', remoteAddress, headers });
    const line = service.logLines().find((each) => each.request_id === answer.headers['x-request-id']);
    t.equal(line?.ip, ip, JSON.stringify(headers));
  }
});
