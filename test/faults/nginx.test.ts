// nginx with kept connections to the service: none of its requests meets a bound of a connection.
import { Agent, request as httpRequest } from 'node:http';
import t from 'tap';
import { testDatabase } from '../support/database.js';
import { nginxMissing, startNginxWith } from '../support/nginx.js';
import { startService, tokensOf } from '../support/service.js';
import { converse } from '../support/wire.js';
import { figure } from './harness/figures.js';

const CLIENTS = 64;
const REQUESTS = figure(4000, 40_000);

t.test(
  'thousands of requests over few connections, and pipelines of its clients',
  { skip: nginxMissing },
  async (t) => {
    const service = await startService(t, await testDatabase(t), { SETTING_ACCESS_TOKEN_LIFETIME: '3600' });
    t.equal((await service.register('user@example.com')).statusCode, 201);
    const { access_token: token } = tokensOf(await service.login('user@example.com'));
    const nginx = await startNginxWith(
      t,
      `upstream service { server 127.0.0.1:${service.port}; keepalive 4; }
    server {
      listen 127.0.0.1:PORT;
      location / {
        proxy_pass http://service;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
      }
    }`,
    );
    const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
    t.teardown(() => agent.destroy());
    const body = JSON.stringify({ email: 'user@example.com', password: 'password' });
    const requests = [
      { path: '/livez' },
      { path: '/api/me/', headers: { authorization: `Bearer ${token}` } },
      { path: '/openapi.json', headers: { 'accept-encoding': 'br' } },
      { path: '/docs/static/swagger-ui-bundle.js' },
      { path: '/api/refresh/', method: 'POST', headers: { 'content-type': 'application/json' }, body, expected: 400 },
    ];
    const unexpected: unknown[] = [];
    let sent = 0;
    const client = async () => {
      while (sent < REQUESTS) {
        const { expected = 200, body, ...options } = requests[sent % requests.length] ?? { path: '/livez' };
        sent += 1;
        const status = await new Promise((resolve) => {
          const outgoing = httpRequest({ host: '127.0.0.1', port: nginx.port, agent, ...options }, (response) => {
            response.resume();
            response.on('end', () => resolve(response.statusCode));
            response.on('error', resolve);
          });
          outgoing.on('error', resolve);
          outgoing.end(body);
        });
        if (status !== expected) unexpected.push({ ...options, status });
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    t.strictSame(unexpected, [], `all of ${REQUESTS} requests are answered as expected`);

    const pipelined = Array.from({ length: 500 }, () => 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n').join('');
    for (const { answers } of await Promise.all(
      Array.from({ length: 8 }, () => converse(nginx.port, pipelined, { answers: 500 })),
    )) {
      t.equal(answers.filter(({ statusCode }) => statusCode === 200).length, 500);
    }
    const refusals = service
      .logLines()
      .filter(({ code, event }) => code === 'rate_limited' || event === 'connection_stalled');
    t.strictSame(refusals, []);
  },
);
