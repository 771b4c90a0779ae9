// Spreads the tables over the nodes of a Citus cluster, so that the sessions need not fit on one machine.
import type postgres from 'postgres';
import type { DistributionRepository, PlacedTable } from './repository.js';

/** Nothing was moved. The message is one line for the operator and says why. */
export class DistributionRefused extends Error {
  override readonly name = 'DistributionRefused';
}

/** The distribution of tables that a transaction creates anew. */
export interface TransactionDistribution {
  /** Whether any of the tables that were there before is distributed, or copied to every node. */
  readonly isDistributed: boolean;
  /** Moves the new tables to their places, if those before were in them. Throws DistributionRefused. */
  distributeAgain(): Promise<void>;
}

interface Dependencies {
  /** A client with a single connection, used for nothing else. */
  readonly client: postgres.Sql;
  readonly repositoryOn: (sql: postgres.Sql | postgres.TransactionSql) => DistributionRepository;
  /** All tables, each after those that it refers to. */
  readonly tables: readonly PlacedTable[];
}

/** Requires a role that owns the tables. */
export function createDistribution({ client, repositoryOn, tables }: Dependencies) {
  /** Moves the tables that are not in their places, and resolves to them. */
  async function move(repository: DistributionRepository): Promise<PlacedTable[]> {
    const misplaced = await findMisplaced(repository);
    for (const { name, place } of misplaced) {
      await (place === 'every node' ? repository.copyToEveryNode(name) : repository.distributeByAccount(name));
    }
    // Citus leaves the rows from before in place, where nothing reads them: they would take their room, and outlive deleted accounts.
    // Last, since nothing may refer to them any more; also of tables that an earlier version has moved.
    const moved = tables.filter(({ place }) => place !== 'coordinator');
    for (const { name } of moved.toReversed()) await repository.deleteRowsLeftBehind(name);
    return misplaced;
  }

  /** The tables that are not in their places. Throws DistributionRefused if the database is not the coordinator of a cluster. */
  async function findMisplaced(repository: DistributionRepository): Promise<PlacedTable[]> {
    const cluster = await repository.findCluster();
    if (cluster === undefined) {
      throw new DistributionRefused(
        'the database does not have the extension citus; install Citus on every node and run in this database: create extension citus',
      );
    }
    const { isCoordinator, hasCoordinator, workers } = cluster;
    if (workers === 0) {
      throw new DistributionRefused(
        "the cluster has no worker; run on the coordinator for each of them: select citus_add_node('<host>', 5432)",
      );
    }
    if (!isCoordinator) {
      throw new DistributionRefused('the database is on a worker; DATABASE_URL has to name the coordinator');
    }
    if (!hasCoordinator) {
      throw new DistributionRefused(
        "the workers do not know the coordinator; run there: select citus_set_coordinator_host('<host>', 5432)",
      );
    }
    const places = await repository.findPlaces();
    const misplaced = tables.filter(({ name, place }) => place !== (places.get(name) ?? 'coordinator'));
    const away = misplaced.find(({ place }) => place === 'coordinator');
    if (away !== undefined) {
      // Not `undistribute_table`, which refuses tables with an identity column.
      throw new DistributionRefused(
        `the table ${away.name} belongs on the coordinator; a backup brings it back: stop the service, and run: ` +
          'latchkey backup <file> && latchkey restore <file> --replace --keep-sessions',
      );
    }
    return misplaced;
  }

  return {
    /** The tables that `distribute` would move. Throws DistributionRefused. */
    plan: (): Promise<PlacedTable[]> => findMisplaced(repositoryOn(client)),

    /**
     * Moves the tables that are not in their places, in one transaction, and resolves to them. Requires that all migrations are applied. Throws
     * DistributionRefused.
     */
    distribute: (): Promise<PlacedTable[]> =>
      client.begin(async (transaction) => {
        const repository = repositoryOn(transaction);
        await repository.begin();
        return move(repository);
      }),

    /** For a transaction that creates the tables anew, which are then in one place: notes whether they are distributed before it begins. */
    within: async (transaction: postgres.TransactionSql): Promise<TransactionDistribution> => {
      const repository = repositoryOn(transaction);
      const places = await repository.findPlaces();
      const isDistributed = tables.some(({ name }) => places.has(name));
      if (isDistributed) await repository.begin();
      return {
        isDistributed,
        distributeAgain: async () => {
          if (isDistributed) await move(repository);
        },
      };
    },
  };
}
