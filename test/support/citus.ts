// Runs the tests on a Citus cluster: TEST_DATABASE_URL is its coordinator, TEST_DATABASE_WORKERS has the URLs of its workers.
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { createDistributionRepository, placedTables } from '#distribution/repository.js';
import { createDistribution } from '#distribution/service.js';

/** How often a template is tried to be copied. */
const ATTEMPTS = 20;
/** SQLSTATE of a template to which somebody is connected. */
const IN_USE = '55006';

/** The URLs of the workers, separated by commas. None: the tests run on one Postgres. */
export const workers = (): string[] => process.env.TEST_DATABASE_WORKERS?.split(',') ?? [];

/** Makes a migrated database on the coordinator a distributed one. */
export async function distributeDatabase(coordinator: string, name: string): Promise<void> {
  for (const worker of workers()) await run(worker, `create database ${name}`);
  const url = await joinNodes(coordinator, name);
  const client = postgres(url, { max: 1, onnotice: () => {} });
  const repositoryOn = (sql: postgres.Sql | postgres.TransactionSql) => createDistributionRepository(sql, 'public');
  await createDistribution({ client, repositoryOn, tables: placedTables() }).distribute();
  await client.end();
}

/** Makes databases of this name, which every node has, those of one cluster, and returns the URL of that on the coordinator. */
export async function joinNodes(coordinator: string, name: string): Promise<string> {
  const on = (node: string) => Object.assign(new URL(node), { pathname: name }).href;
  const local = on(coordinator);
  const address = (node: string) => `'${new URL(node).hostname}', ${new URL(node).port || 5432}`;
  await run(local, 'create extension citus');
  await run(local, `select citus_set_coordinator_host(${address(coordinator)})`);
  await run(local, `alter database ${name} set citus.shard_count = 4`);
  for (const worker of workers()) {
    await run(on(worker), 'create extension citus');
    await run(local, `select citus_add_node(${address(worker)})`);
  }
  return local;
}

/** Copies a database of one node. */
export async function copyDatabase(admin: postgres.Sql, name: string, template: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    // Citus connects to each of its databases by itself, and a database with connections cannot be copied.
    if (workers().length > 0)
      await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${template}`;
    try {
      // By default, Postgres copies through its buffers and the WAL, which takes twice the processor time for a database this small.
      await admin.unsafe(`create database ${name} template ${template} strategy file_copy`);
      return;
    } catch (error) {
      if (workers().length === 0 || attempt === ATTEMPTS || (error as { code?: string }).code !== IN_USE) throw error;
      await sleep(50);
    }
  }
}

async function run(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql.unsafe(statement);
  await sql.end();
}
