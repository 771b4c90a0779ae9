// Two regions and one database: requests that arrive far from it, over a proxy that replays them as Fly's does, and what each choice costs.

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { testDatabase } from '../support/database.js';
import { replicationMissing, startReplication } from '../support/replication.js';
import { rowsOf } from '../support/rows.js';
import { exerciseContract, type HttpClient, httpClient, startService, tokensOf } from '../support/service.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { figure, quantile, report } from './harness/figures.js';

/** One way between the regions, in milliseconds: 80 and back, as between Frankfurt and Virginia. */
const DISTANCE = 40;
const ROUNDS = figure(3, 20);
const LONG_TOKENS = { SETTING_ACCESS_TOKEN_LIFETIME: '3600' };

/**
 * The proxy of the platform in the far region: passes requests to the far instance, and those that it answers with `fly-replay` to the near
 * one, over the distance. If that cannot be reached, the far instance gets them again.
 */
async function startReplayingProxy(t: Test, far: HttpClient, near: () => HttpClient) {
  const replays: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const { method = 'GET', url = '/', headers } = request;
    const body = text === '' ? undefined : JSON.parse(text);
    const call = (client: HttpClient, more: Record<string, string>) =>
      client.call(method, url, { body, headers: { ...forwarded(headers), ...more } });
    let answer = await call(far, {});
    const replay = answer.headers['fly-replay'];
    if (replay !== undefined) {
      replays.push(`${method} ${url} ${replay}`);
      await sleep(DISTANCE);
      answer = await call(near(), { 'fly-replay-src': 'instance=1;region=sin' }).catch(() =>
        call(far, { 'fly-replay-failed': 'reason=no_candidate' }),
      );
      await sleep(DISTANCE);
    }
    response.writeHead(answer.statusCode).end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return { ...httpClient((server.address() as AddressInfo).port), replays };
}

const forwarded = ({ authorization, 'idempotency-key': key }: IncomingHttpHeaders) => ({
  ...(authorization && { authorization }),
  ...(key && { 'idempotency-key': String(key) }),
});

/** A database in one region, and a standby of it in the other, if the programs for that are installed. */
async function startDatabase(t: Test): Promise<{ url: string; standbyUrl?: string }> {
  if (replicationMissing !== false) return { url: await testDatabase(t) };
  const servers = await startReplication(t);
  const line = await servers.addStandby({ synchronous: false });
  line.slow({ milliseconds: DISTANCE });
  return { url: servers.url(), standbyUrl: servers.standbyUrl() };
}

/** An instance far from the database that reads lists from the standby in its own region. */
async function startWithReplica(t: Test, lineUrl: string, standbyUrl: string): Promise<HttpClient> {
  const env = { ...LONG_TOKENS, FLY_REGION: 'sin', DATABASE_REPLICA_URL: standbyUrl };
  const service = await startService(t, lineUrl, env);
  await until('the replica is read', () =>
    service.logLines().some(({ msg }) => msg === 'lists are read from the replica'),
  );
  return service;
}

async function startRegions(t: Test, databaseUrl: string) {
  const line = await startTcpProxy(t, databaseUrl);
  const near = await startService(t, databaseUrl, { ...LONG_TOKENS, FLY_REGION: 'fra', DATABASE_REGION: 'fra' });
  const far = await startService(t, line.url, { ...LONG_TOKENS, FLY_REGION: 'sin', DATABASE_REGION: 'fra' });
  const alone = await startService(t, line.url, { ...LONG_TOKENS, FLY_REGION: 'sin' });
  line.slow({ milliseconds: DISTANCE });
  let target: HttpClient = near;
  const replayed = await startReplayingProxy(t, far, () => target);
  return {
    line,
    near,
    far,
    alone,
    replayed,
    loseNear: () => {
      target = httpClient(1);
    },
  };
}

t.test(
  'requests far from the database are served by the near instance, and by the far one if that is gone',
  async (t) => {
    const { replayed, far, loseNear } = await startRegions(t, await testDatabase(t));
    await exerciseContract(t, replayed);
    t.ok(replayed.replays.length > 10);
    const [first] = replayed.replays;
    t.equal(first, 'POST /api/register/ region=fra;fallback=prefer_self');

    await replayed.register('other@example.com');
    const { access_token: token, refresh_token: refreshToken } = tokensOf(await replayed.login('other@example.com'));
    const count = replayed.replays.length;
    t.equal((await replayed.as(token, 'GET', '/api/verify/')).statusCode, 204);
    t.equal((await replayed.call('GET', '/.well-known/jwks.json')).statusCode, 200);
    t.equal(replayed.replays.length, count, 'answered in the far region');

    loseNear();
    t.equal((await replayed.me(token)).statusCode, 200);
    t.equal((await replayed.refresh(refreshToken)).statusCode, 200);
    t.ok(far.logLines().every(({ level }) => level === 'info' || level === 'debug' || level === 'warn'));
  },
);

t.test('each choice serves every operation', async (t) => {
  const { url, standbyUrl } = await startDatabase(t);
  const { near, alone, replayed, line } = await startRegions(t, url);
  await near.register('operator@example.com');
  await rowsOf(t, url)`update users set roles = '{admin}'`;
  const operator = tokensOf(await near.login('operator@example.com')).access_token;
  const choices: Record<string, HttpClient> = {
    'in the region of the database': near,
    'far, over the distance to the database': alone,
    'far, replayed': replayed,
    ...(standbyUrl && { 'far, with a replica': await startWithReplica(t, line.url, standbyUrl) }),
  };
  for (const [name, client] of Object.entries(choices)) {
    const times: Record<string, number[]> = {};
    const timed = async (operation: string, status: number, call: () => ReturnType<HttpClient['call']>) => {
      const begin = performance.now();
      const answer = await call();
      times[operation] ??= [];
      times[operation].push(performance.now() - begin);
      t.equal(answer.statusCode, status, `${name}: ${operation}`);
      return answer;
    };
    const id = name.length;
    for (let round = -1; round < ROUNDS; round += 1) {
      const email = `user${id}-${round}@example.com`;
      // The first round opens connections.
      if (round === 0) for (const operation of Object.keys(times)) delete times[operation];
      await timed('register', 201, () => client.register(email));
      const pair = tokensOf(await timed('login', 200, () => client.login(email)));
      await timed('verify', 204, () => client.as(pair.access_token, 'GET', '/api/verify/'));
      await timed('me', 200, () => client.me(pair.access_token));
      const next = tokensOf(await timed('refresh', 200, () => client.refresh(pair.refresh_token)));
      await timed('logout', 200, () => client.logout(next.refresh_token));
      await timed('list of accounts', 200, () => client.as(operator, 'GET', '/api/admin/users/'));
    }
    report(
      t,
      `regions: ${name}`,
      Object.fromEntries(
        Object.entries(times).map(([operation, list]) => [operation, Math.round(quantile(list, 0.5))]),
      ),
    );
  }
});
