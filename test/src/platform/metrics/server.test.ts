// The metrics port: what it answers, and what it survives.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { createMetrics } from '#platform/metrics/registry.js';
import { startMetricsServer } from '#platform/metrics/server.js';
import type { Snapshot } from '#platform/metrics/snapshot.js';
import { httpClient } from '../../../support/service.js';
import { holdTimers } from '../../../support/timers.js';
import { converse } from '../../../support/wire.js';

async function start(t: Test, collect: () => Promise<Snapshot>, port = 0) {
  const lines: string[] = [];
  const write = (_facts: object, message?: string) => void lines.push(String(message));
  const log = { info: write, warn: write, error: write };
  const server = await startMetricsServer({ host: '127.0.0.1', port, collect, log });
  t.teardown(server.close);
  return { ...server, lines, client: httpClient(server.port ?? 0) };
}

t.test('GET and HEAD /metrics; other paths and methods are refused', async (t) => {
  const metrics = createMetrics();
  metrics.counter({ name: 'a_total', help: 'x' });
  const { client } = await start(t, metrics.collect);
  const answer = await client.call('GET', '/metrics?x=1');
  t.equal(answer.statusCode, 200);
  t.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  t.equal(answer.body, '# HELP a_total x\n# TYPE a_total counter\na_total 0\n');
  const head = await client.call('HEAD', '/metrics');
  t.strictSame([head.statusCode, head.body], [200, '']);
  t.equal((await client.call('GET', '/metrics/')).statusCode, 200);
  t.equal((await client.call('GET', '/')).statusCode, 404);
  const posted = await client.call('POST', '/metrics');
  t.strictSame([posted.statusCode, posted.headers.allow], [405, 'GET, HEAD']);
});

t.test('a thousand scrapes at once share one collection, which is reused for a moment', async (t) => {
  let collections = 0;
  let finish = () => {};
  const timers = holdTimers(t, 'setTimeout', 1000);
  const { client } = await start(t, async () => {
    collections += 1;
    if (collections === 1) {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
    }
    return [];
  });
  let arrived = 0;
  const scrapes = Array.from({ length: 1000 }, () =>
    client.call('GET', '/metrics').finally(() => {
      arrived += 1;
    }),
  );
  // All but those that are waiting for a connection are waiting for the collection.
  const first = client.call('GET', '/metrics');
  await new Promise((resolve) => setImmediate(resolve));
  while (collections === 0) await new Promise((resolve) => setImmediate(resolve));
  t.equal(arrived, 0);
  finish();
  const answers = await Promise.all([...scrapes, first]);
  t.strictSame([...new Set(answers.map(({ statusCode }) => statusCode))], [200]);
  t.equal(collections, 1);
  timers.fire();
  await client.call('GET', '/metrics');
  t.equal(collections, 2, 'after a second the values are collected again');
});

t.test('a client that pipelines has few requests outstanding, and gets all answers', async (t) => {
  const REQUESTS = 1000;
  let outstanding = 0;
  let most = 0;
  const onStart = () => {
    outstanding += 1;
    most = Math.max(most, outstanding);
  };
  const onFinish = () => {
    outstanding -= 1;
  };
  subscribe('http.server.request.start', onStart);
  subscribe('http.server.response.finish', onFinish);
  t.teardown(() => {
    unsubscribe('http.server.request.start', onStart);
    unsubscribe('http.server.response.finish', onFinish);
  });
  const { port = 0 } = await start(t, async () => []);
  const { answers } = await converse(port, 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(REQUESTS), {
    answers: REQUESTS,
  });
  t.strictSame([answers.length, new Set(answers.map(({ statusCode }) => statusCode))], [REQUESTS, new Set([200])]);
  t.ok(most <= 16, `${most} at once`);
});

t.test('bytes that are not HTTP are answered with 400', async (t) => {
  const { port = 0 } = await start(t, async () => []);
  const { answers, closed } = await converse(port, 'NONSENSE\r\n\r\n');
  t.ok(closed);
  t.match(answers, [{ statusCode: 400 }]);
});

t.test('a port that is taken is reported once, and nothing is thrown', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.teardown(() => other.close());
  const { port, lines } = await start(t, async () => [], (other.address() as AddressInfo).port);
  t.equal(port, undefined);
  t.strictSame(lines, ['the metrics port could not be opened: continuing without metrics']);
});

t.test('a collection that fails is answered with 500 and reported once, until one succeeds', async (t) => {
  let isBroken = true;
  const timers = holdTimers(t, 'setTimeout', 1000);
  const { client, lines } = await start(t, async () => {
    if (isBroken) throw new Error('broken');
    return [];
  });
  const scrape = async () => {
    const { statusCode } = await client.call('GET', '/metrics');
    timers.fire();
    return statusCode;
  };
  t.strictSame([await scrape(), await scrape()], [500, 500]);
  isBroken = false;
  t.equal(await scrape(), 200);
  isBroken = true;
  t.equal(await scrape(), 500);
  t.strictSame(lines.filter((line) => line === 'metrics cannot be collected').length, 2);
});
