// Environments for error scenarios: the real service on a real database, each with a real fault.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { InjectOptions } from 'fastify';
import postgres from 'postgres';
import type { Test } from 'tap';
import { EXAMPLE_SETUP_TOKEN } from '#schemas/admin/user.js';
import { type TestApp, testAppOn } from '../support/app.js';
import type { Response } from '../support/conformance.js';
import { testDatabase } from '../support/database.js';
import { occupyThreads } from '../support/threads.js';
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
  await until('it does not any more', async () => {
    const { code } = (await service.inject({ url: '/readyz' })).json();
    return code !== 'database_unavailable';
  });
  return service;
}

async function copySigningKeys(fromUrl: string, toUrl: string): Promise<void> {
  const [from, to] = [postgres(fromUrl, { max: 1 }), postgres(toUrl, { max: 1 })];
  for (const row of await from`select * from signing_keys`) await to`insert into signing_keys ${to(row)}`;
  await Promise.all([from.end(), to.end()]);
}

/**
 * Services whose process has no thread left to hash passwords, for longer than the handler timeout. The returned function sends one request
 * to one of them; the requests begin when it has been called `count` times.
 */
export async function suspendable(t: Test, databaseUrl: string, count: number) {
  // One service for each request, so that no request waits for the hash of another.
  const services: TestApp[] = [];
  for (let i = 0; i < count; i++) services.push(await testAppOn(t, databaseUrl, { setupToken: EXAMPLE_SETUP_TOKEN }));
  const requests: InjectOptions[] = [];
  let begin: (answers: Promise<readonly Promise<Response>[]>) => void = () => {};
  const all = new Promise<readonly Promise<Response>[]>((resolve) => {
    begin = resolve;
  });

  async function sendAll(): Promise<readonly Promise<Response>[]> {
    const release = occupyThreads();
    const answers = services.map((service, i) => service.inject(requests[i] ?? {}));
    Promise.allSettled(answers).then(release);
    return answers;
  }

  return async (request: InjectOptions): Promise<Response> => {
    const index = requests.push(request) - 1;
    if (requests.length === count) begin(sendAll());
    const answer = (await all)[index];
    if (answer === undefined) throw new Error(`more than ${count} requests`);
    return answer;
  };
}
