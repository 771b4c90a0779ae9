// The reference `hello`: Fastify with one route and a response schema. No route of the service can be cheaper.
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { endWithRunner, report } from '../protocol.js';

const app = Fastify();
const response = { 200: { type: 'object', properties: { hello: { type: 'string' } } } };
app.get('/', { schema: { response } }, async () => ({ hello: 'world' }));
await app.listen({ host: '127.0.0.1', port: 0 });
endWithRunner();
report({ port: (app.server.address() as AddressInfo).port });
