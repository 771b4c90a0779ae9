// Runs the examples for Express, Fastify and Hono of docs/verify-tokens.md, and verifies tokens of the live service with each.
import { deepEqual, equal } from 'node:assert/strict';
import { once } from 'node:events';
import { app as express } from './express.js';
import { app as fastify } from './fastify.js';
import { app as hono } from './hono.js';

const service = process.env.LATCHKEY_URL;
const account = { email: 'verifiers@example.com', password: 'a long password' };

async function post(path, body) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${service}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

const { id } = await post('/api/register/', account);

/** Checks one server, at `url`. */
async function check(name, url) {
  // Access tokens are valid for 30 seconds.
  const { access_token: token } = await post('/api/login/', account);
  const get = async (path, authorization) => {
    const response = await fetch(`${url}${path}`, { headers: authorization === undefined ? {} : { authorization } });
    return [response.status, response.headers.get('www-authenticate'), await response.text()];
  };
  deepEqual(await get('/whoami', `Bearer ${token}`), [200, null, JSON.stringify({ userId: id })]);
  deepEqual(await get('/whoami'), [401, 'Bearer', '']);
  for (const bad of [`${token}a`, token.slice(0, -4), 'no-token', `eyJhbGciOiJub25lIn0.${token.split('.')[1]}.`]) {
    deepEqual(await get('/whoami', `Bearer ${bad}`), [401, 'Bearer error="invalid_token"', '']);
  }
  const [status, challenge] = await get('/invoices', `Bearer ${token}`);
  deepEqual([status, challenge], [403, 'Bearer error="insufficient_scope"']);
  equal((await get('/invoices'))[0], 401);
  process.stdout.write(`${name}: accepted a token, and refused bad ones and a missing permission\n`);
}

const server = express.listen(0, '127.0.0.1');
await once(server, 'listening');
await check('Express', `http://127.0.0.1:${server.address().port}`);
server.close();
server.closeAllConnections();

await check('Fastify', await fastify.listen({ host: '127.0.0.1', port: 0 }));
await fastify.close();

const original = globalThis.fetch;
globalThis.fetch = (input, init) =>
  String(input).startsWith('http://hono.test') ? hono.request(input, init) : original(input, init);
await check('Hono', 'http://hono.test');
