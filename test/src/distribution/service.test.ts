// Which tables a distribution moves, and when it refuses to move any. The statements themselves need Citus: docs/scale.md says what was seen.
import t from 'tap';
import type { Cluster, DistributionRepository, Place } from '#distribution/repository.js';
import { placedTables } from '#distribution/repository.js';
import { createDistribution } from '#distribution/service.js';
import { testDatabase } from '../../support/database.js';
import { runHere } from '../../support/in-process.js';
import { rowsOf } from '../../support/rows.js';

const CLUSTER: Cluster = { isCoordinator: true, hasCoordinator: true, workers: 2 };

/** A distribution whose tables are in `places`, and what it has done. */
function distributionOf(
  cluster: Cluster | undefined,
  places: Readonly<Record<string, Place>> | ReadonlyMap<string, Place> = {},
) {
  const moves: string[] = [];
  const repository: DistributionRepository = {
    begin: async () => {},
    findCluster: async () => cluster,
    findPlaces: async () => (places instanceof Map ? new Map(places) : new Map(Object.entries(places))),
    copyToEveryNode: async (table) => {
      moves.push(`copy ${table}`);
    },
    distributeByAccount: async (table) => {
      moves.push(`distribute ${table}`);
    },
    deleteRowsLeftBehind: async (table) => {
      moves.push(`clear ${table}`);
    },
  };
  const client = { begin: (work: (on: unknown) => unknown) => work(undefined) } as never;
  return { moves, ...createDistribution({ client, repositoryOn: () => repository, tables: placedTables() }) };
}

t.test('tables that are not in their places are moved, the copied one first', async (t) => {
  const { plan, distribute, moves } = distributionOf(CLUSTER);
  const expected = ['users', 'sessions', 'known_devices'];
  t.strictSame(
    (await plan()).map(({ name }) => name),
    expected,
  );
  t.strictSame(moves, [], 'a plan moves nothing');
  t.strictSame(
    (await distribute()).map(({ name }) => name),
    expected,
  );
  t.strictSame(moves, [
    'copy users',
    'distribute sessions',
    'distribute known_devices',
    'clear known_devices',
    'clear sessions',
    'clear users',
  ]);
});

t.test('what is in its place stays there', async (t) => {
  const places = { users: 'every node', sessions: 'by account', account_tokens: 'coordinator' } as const;
  const { distribute, moves } = distributionOf(CLUSTER, places);
  t.strictSame(await distribute(), [{ name: 'known_devices', place: 'by account' }]);
  const cleared = ['clear known_devices', 'clear sessions', 'clear users'];
  t.strictSame(moves, ['distribute known_devices', ...cleared]);
  const done = distributionOf(CLUSTER, { ...places, known_devices: 'by account' });
  t.strictSame([await done.plan(), await done.distribute(), done.moves], [[], [], cleared]);
});

t.test('tables that a transaction creates anew are distributed if those before were', async (t) => {
  const places = new Map<string, Place>([['sessions', 'by account']]);
  const { within, moves } = distributionOf(CLUSTER, places);
  const distribution = await within(undefined as never);
  t.equal(distribution.isDistributed, true);
  places.clear();
  await distribution.distributeAgain();
  t.strictSame(moves.slice(0, 3), ['copy users', 'distribute sessions', 'distribute known_devices']);
  const local = distributionOf(CLUSTER, new Map([['table_of_another_program', 'by account']]));
  const other = await local.within(undefined as never);
  t.equal(other.isDistributed, false);
  await other.distributeAgain();
  t.strictSame(local.moves, []);
});

t.test('without a cluster, and where a table would have to be moved back, nothing is moved', async (t) => {
  const refusals: [Cluster | undefined, Readonly<Record<string, Place>>, RegExp][] = [
    [undefined, {}, /does not have the extension citus; .+ create extension citus$/],
    [{ ...CLUSTER, workers: 0 }, {}, /no worker; .+ citus_add_node/],
    [{ ...CLUSTER, isCoordinator: false }, {}, /on a worker; DATABASE_URL has to name the coordinator$/],
    [{ ...CLUSTER, hasCoordinator: false }, {}, /do not know the coordinator; .+ citus_set_coordinator_host/],
    [
      CLUSTER,
      { mails: 'by account' },
      /mails belongs on the coordinator; .+ latchkey restore <file> --replace --keep-sessions$/,
    ],
  ];
  for (const [cluster, places, message] of refusals) {
    const { distribute, moves } = distributionOf(cluster, places);
    await t.rejects(distribute(), { name: 'DistributionRefused', message }, String(message));
    t.strictSame(moves, []);
  }
});

t.test('migrate --distribute refuses a database without Citus before it migrates it', async (t) => {
  const env = { DATABASE_URL: await testDatabase(t) };
  for (const args of [[], ['--dry-run'], ['--json']]) {
    t.match(await runHere(['migrate', '--distribute', ...args], env), {
      code: 1,
      stdout: /^$/,
      stderr: /^latchkey: the database does not have the extension citus; .+\n$/,
    });
  }
  t.match(await runHere(['migrate', '--distribute', '--status'], env), {
    code: 1,
    stderr: /--distribute and --status cannot be combined/,
  });
  t.equal((await rowsOf(t, env.DATABASE_URL)`select 1 from pg_trigger where tgname = 'sessions_set_epoch'`).length, 1);
});
