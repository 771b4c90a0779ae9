// Clients that disconnect while their password waits to be verified: no work is done for them.
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import t from 'tap';
import { testApp } from '../../support/app.js';
import { rowsOf } from '../../support/rows.js';
import { until } from '../../support/until.js';

/** More than can be verified at once. */
const CLIENTS = availableParallelism() + 10;

// Slow enough that requests still wait when all have arrived.
const service = await testApp(t, { env: { ARGON2_MEMORY_KIB: '65536', ARGON2_TIME_COST: '10' } });
const rows = rowsOf(t, service.databaseUrl);
await service.app.listen({ host: '127.0.0.1', port: 0 });
const { port } = service.app.server.address() as AddressInfo;

const { server } = service.app;
const connections = promisify(server.getConnections.bind(server));

/** Sends a wrong password; the caller can disconnect. */
function guess(email: string) {
  const outgoing = request({ host: '127.0.0.1', port, method: 'POST', path: '/api/login/', agent: false });
  outgoing.setHeader('content-type', 'application/json');
  outgoing.on('error', () => {});
  outgoing.end(JSON.stringify({ email, password: 'wrong password' }));
  return outgoing;
}

const verifiedFor = async () => (await rows`select 1 from audit_events where event = 'login.failed'`).length;
const counted = async () => (await rows`select coalesce(sum(failures), 0)::int as sum from throttles`)[0]?.sum;
const refused = () => service.logLines().filter(({ code }) => code === 'overloaded');

for (const [what, emailOf, places] of [
  ['for a core', (i: number) => `nobody-${i}@example.com`, availableParallelism() + 1],
  ['for others of the same account', () => 'nobody@example.com', 2],
] as const) {
  t.test(`clients that disconnect while they wait ${what} are not served`, async (t) => {
    await rows`delete from throttles`;
    const [before, linesBefore] = [await verifiedFor(), refused().length];
    const clients = Array.from({ length: CLIENTS }, (_, i) => guess(emailOf(i)));
    const haveArrived = async () => (await connections()) === CLIENTS && ((await counted()) as number) >= places;
    await until('all requests have arrived', haveArrived);
    for (const client of clients) client.destroy();
    const left = () => refused().length - linesBefore;
    const verified = async () => (await verifiedFor()) - before;
    await until('every request has ended', async () => left() + (await verified()) === CLIENTS);
    t.ok(left() > 0 && (await verified()) <= 2 * places, 'waiting requests are not served');
    t.equal(await counted(), await verified(), 'an attempt that was not verified is not counted');
    for (const line of refused().slice(linesBefore)) t.match(line.request_id, /^[0-9a-z]+-[0-9a-z]+$/);
  });
}
