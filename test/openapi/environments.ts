// Environments for error scenarios: the real service on a real database, each with a real fault.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { InjectOptions } from 'fastify';
import postgres from 'postgres';
import type { Test } from 'tap';
import { EXAMPLE_SETUP_TOKEN } from '#schemas/admin/user.js';
import { type TestApp, testAppOn } from '../support/app.js';
import type { Response } from '../support/conformance.js';
import { testDatabase } from '../support/database.js';
import { until } from '../support/until.js';

/** A service whose connection to the database has been cut. */
export async function cutOff(t: Test, databaseUrl: string): Promise<TestApp> {
  const { port, hostname } = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(Number(port || 5432), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const through = new URL(databaseUrl);
  through.hostname = '127.0.0.1';
  through.port = String((proxy.address() as { port: number }).port);
  const service = await testAppOn(t, through.href, {
    env: { SETTING_SIGN_IN_BY_EMAIL: 'true' },
    setupToken: EXAMPLE_SETUP_TOKEN,
    catchesMail: true,
  });
  proxy.close();
  for (const socket of sockets) socket.destroy();
  return service;
}

/** An overloaded service: its memory limit of 1 MiB is less than any process uses. */
export async function overloaded(t: Test, databaseUrl: string): Promise<TestApp> {
  const service = await testAppOn(t, databaseUrl, {
    env: { OVERLOAD_RSS_MIB: '1' },
    setupToken: EXAMPLE_SETUP_TOKEN,
  });
  await until('it has measured its memory', service.app.overload.isPresent);
  return service;
}

/** A service whose database has been dropped, so that a retry does not help. It accepts the tokens of the service on `knownUrl`. */
export async function withoutDatabase(t: Test, knownUrl: string): Promise<TestApp> {
  const databaseUrl = await testDatabase(t);
  await copySigningKeys(knownUrl, databaseUrl);
  const service = await testAppOn(t, databaseUrl, {
    env: { SETTING_SIGN_IN_BY_EMAIL: 'true' },
    setupToken: EXAMPLE_SETUP_TOKEN,
    catchesMail: true,
  });
  const url = new URL(service.databaseUrl);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  const admin = postgres(url.href, { max: 1 });
  await admin.unsafe(`drop database ${name} with (force)`);
  await admin.end();
  // Until the pool notices that its connections are closed, it answers as for a database that may come back.
  while ((await service.inject({ url: '/readyz' })).json().code === 'database_unavailable') await sleep(10);
  return service;
}

async function copySigningKeys(fromUrl: string, toUrl: string): Promise<void> {
  const [from, to] = [postgres(fromUrl, { max: 1 }), postgres(toUrl, { max: 1 })];
  for (const row of await from`select * from signing_keys`) await to`insert into signing_keys ${to(row)}`;
  await Promise.all([from.end(), to.end()]);
}

const MIB = 2 ** 20;
const SLOW_HASH_MIB = 128;

/**
 * Services that are suspended while they hash a password, for longer than the handler timeout. The returned function sends one
 * request; once it has been called `count` times and all passwords are being hashed, the process is blocked.
 */
export async function suspendable(t: Test, databaseUrl: string, count: number) {
  const env = { ARGON2_MEMORY_KIB: String(SLOW_HASH_MIB * 1024), ARGON2_TIME_COST: '10' };
  // One service for each request, so that no request waits for another hash. A hash takes long enough that all of them overlap.
  const services: TestApp[] = [];
  const options = { env, setupToken: EXAMPLE_SETUP_TOKEN };
  for (let i = 0; i < count; i++) services.push(await testAppOn(t, databaseUrl, options));
  const requests: InjectOptions[] = [];
  let begin: (answers: Promise<readonly Promise<Response>[]>) => void = () => {};
  const all = new Promise<readonly Promise<Response>[]>((resolve) => {
    begin = resolve;
  });

  async function suspendAll(): Promise<readonly Promise<Response>[]> {
    const hashing = process.memoryUsage.rss() + 0.9 * count * SLOW_HASH_MIB * MIB;
    const answers = services.map((service, i) => service.inject(requests[i] ?? {}));
    // inject sends the request only when its promise is awaited.
    const early: string[] = [];
    for (const [i, answer] of answers.entries()) {
      answer.then(({ statusCode, body }) => early.push(`${requests[i]?.url}: ${statusCode} ${body}`)).catch(() => {});
    }
    while (process.memoryUsage.rss() < hashing) {
      if (early.length > 0) throw new Error(`answered without hashing a password: ${early.join()}`);
      await sleep(5);
    }
    // Blocks between the poll and the timer phase of the event loop, so that the timers fire before any input is handled.
    await setImmediate();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SUSPENDED_MILLISECONDS);
    return answers;
  }

  return async (request: InjectOptions): Promise<Response> => {
    const index = requests.push(request) - 1;
    if (requests.length === count) begin(suspendAll());
    const answer = (await all)[index];
    if (answer === undefined) throw new Error(`more than ${count} requests`);
    return answer;
  };
}

const SUSPENDED_MILLISECONDS = 10_500;
