// A database that Citus distributes: its rows, a backup of it, and a restore into it. Skipped on a single Postgres: see test/support/citus.ts.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { migrateDatabase } from '#platform/database/migrations.js';
import { joinNodes, workers } from '../support/citus.js';
import { emptyDatabase, testDatabase } from '../support/database.js';
import { rowsOf } from '../support/rows.js';
import { runCommand, serviceEnvironment, startService, tokensOf } from '../support/service.js';

const skip = workers().length === 0 && 'TEST_DATABASE_WORKERS names no workers of a Citus cluster';
const PEOPLE = Array.from({ length: 9 }, (_, i) => `user${i}@example.com`);
const PLACES = [
  { name: 'known_devices', place: 'h' },
  { name: 'sessions', place: 'h' },
  { name: 'users', place: 'n' },
];

const run = (url: string, args: readonly string[]) => runCommand(args, serviceEnvironment(url, 0), 120_000);

async function placesIn(t: Test, url: string) {
  const rows = await rowsOf(t, url)`
    select logicalrelid::text as name, partmethod::text as place from pg_dist_partition
    where logicalrelid::text in ('users', 'sessions', 'known_devices') order by 1`;
  return rows.map(({ name, place }) => ({ name, place }));
}

/** The bytes of the tables on the coordinator that are not part of the distributed ones. */
async function leftBehind(t: Test, url: string): Promise<number> {
  const [row] = await rowsOf(t, url)`
    select (pg_relation_size('users') + pg_relation_size('sessions') + pg_relation_size('known_devices'))::int as size`;
  return row?.size;
}

t.test('a database in use is distributed, and no row of it is left where it was', { skip }, async (t) => {
  const url = await emptyDatabase(t);
  await migrateDatabase(url);
  const before = await startService(t, url);
  for (const email of PEOPLE) await before.register(email);
  const pairs = [];
  for (const email of PEOPLE) pairs.push(tokensOf(await before.login(email)));
  await before.stop('SIGTERM');
  t.ok((await leftBehind(t, url)) > 0, 'the size is that of rows');
  await joinNodes(process.env.TEST_DATABASE_URL ?? '', new URL(url).pathname.slice(1));
  t.match(await run(url, ['migrate', '--distribute']), { code: 0, stderr: /^$/, stdout: /3 tables distributed/ });
  t.strictSame(await placesIn(t, url), PLACES);
  t.equal(await leftBehind(t, url), 0);
  const after = await startService(t, url);
  for (const { refresh_token: token } of pairs) t.equal((await after.refresh(token)).statusCode, 200);
});

t.test('a backup of a distributed database is restored into it, and into one that is not', { skip }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-citus-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'b');
  const from = await testDatabase(t);
  const service = await startService(t, from);
  for (const email of PEOPLE) t.equal((await service.register(email)).statusCode, 201);
  const pairs = [];
  for (const email of PEOPLE) pairs.push(tokensOf(await service.login(email)));
  t.match(await run(from, ['backup', file]), { code: 0, stderr: /^$/ });
  t.equal((await service.register('later@example.com')).statusCode, 201);
  await service.stop('SIGTERM');

  t.match(await run(from, ['restore', file]), { code: 1, stderr: /^latchkey: the database is not empty/ });
  // Another distributed database, and one on the coordinator alone.
  for (const [to, args, places] of [
    [from, ['--replace'], PLACES],
    [await testDatabase(t), [], PLACES],
    [await emptyDatabase(t), [], undefined],
  ] as const) {
    t.match(await run(to, ['restore', file, '--keep-sessions', ...args]), { code: 0, stderr: /^$/ });
    if (places !== undefined) {
      t.strictSame(await placesIn(t, to), places);
      t.equal(await leftBehind(t, to), 0);
    }
    const restored = await startService(t, to);
    for (const [i, { refresh_token: token }] of pairs.entries()) {
      const answer = await restored.refresh(token);
      t.equal(answer.statusCode, 200);
      t.match(JSON.parse((await restored.me(tokensOf(answer).access_token)).body), { email: PEOPLE[i] });
    }
    const created = await restored.register('new@example.com');
    t.equal(JSON.parse(created.body).id, PEOPLE.length + 1, 'no id is given twice');
    t.equal((await restored.login('new@example.com')).statusCode, 200);
    await restored.stop('SIGTERM');
  }
});

t.test('a backup brings back to the coordinator what somebody has moved from there', { skip }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-citus-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'b');
  const url = await testDatabase(t);
  const service = await startService(t, url);
  await service.register('a@example.com');
  const { refresh_token: token } = tokensOf(await service.login('a@example.com'));
  await service.stop('SIGTERM');
  const events = () => rowsOf(t, url)`select event from audit_events order by id`;
  const before = await events();
  await rowsOf(t, url)`select create_reference_table('audit_events')`;

  t.match(await run(url, ['migrate', '--distribute']), {
    code: 1,
    stderr: /audit_events belongs on the coordinator; /,
  });
  t.match(await run(url, ['backup', file]), { code: 0, stderr: /^$/ });
  t.match(await run(url, ['restore', file, '--replace', '--keep-sessions']), { code: 0, stderr: /^$/ });
  t.match(await run(url, ['migrate', '--distribute']), { code: 0, stdout: /every table is where it belongs/ });
  t.strictSame(await placesIn(t, url), PLACES);
  t.match([...(await events())], [...before], 'with its rows');
  const after = await startService(t, url);
  t.equal((await after.refresh(token)).statusCode, 200);
});
