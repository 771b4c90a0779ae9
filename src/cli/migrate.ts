// latchkey migrate: applies pending migrations, or lists them; and spreads the tables over the nodes of a Citus cluster.

import { Command } from 'commander';
import { createDistributionRepository, type PlacedTable, placedTables } from '#distribution/repository.js';
import { createDistribution } from '#distribution/service.js';
import { invalidVariable, readConfiguration } from '#platform/config/config.js';
import { listMigrations, type MigrationOptions, migrateDatabase, targetSchema } from '#platform/database/migrations.js';
import { checkDatabase } from '#platform/database/probe.js';
import { commandContext } from './command-context.js';
import { directVariable, withClient } from './database.js';
import { CommandRefused } from './error-message.js';
import { printJson, printTable, printText } from './output.js';

interface Options {
  readonly dryRun?: boolean;
  readonly status?: boolean;
  readonly distribute?: boolean;
  readonly json?: boolean;
}

/** The command. Throws ConfigurationError without DATABASE_URL. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('apply pending migrations; safe to run at any time, and concurrently')
    .option('--dry-run', 'list the pending migrations without applying them')
    .option('--status', 'list every migration; exits with 1 if some are pending')
    .option('--distribute', 'then spread the tables over the nodes of a Citus cluster')
    .option('--json', 'print JSON')
    .action(migrate);
}

async function migrate({ dryRun = false, status = false, distribute = false, json = false }: Options): Promise<void> {
  if (dryRun && status) throw new CommandRefused('--dry-run and --status cannot be combined');
  if (distribute && status) throw new CommandRefused('--distribute and --status cannot be combined');
  const { url, options } = target();
  if (status) return showStatus(url, json);
  // Before the migrations, so that a database that cannot be distributed stays as it is.
  const planned = distribute ? await withDistribution(url, options, (distribution) => distribution.plan()) : undefined;
  const names = dryRun ? await pendingNames(url) : await migrateDatabase(url, options);
  const moved =
    planned && !dryRun ? await withDistribution(url, options, (distribution) => distribution.distribute()) : planned;
  if (json) {
    printJson(
      dryRun
        ? { pending: names, ...(moved && { undistributed: moved }) }
        : { applied: names, ...(moved && { distributed: moved }) },
    );
    return;
  }
  printMigrations(names, dryRun);
  if (moved !== undefined) printTables(moved, dryRun);
}

function printMigrations(names: readonly string[], dryRun: boolean): void {
  for (const name of names) printText(`${dryRun ? 'would apply' : 'applied'} ${name}\n`);
  if (names.length === 0) printText('Nothing to apply: the database is up to date.\n');
  else if (dryRun) printText(`${counted(names.length, 'migration')} to apply. Nothing was changed.\n`);
  else printText(`${counted(names.length, 'migration')} applied. The database is up to date.\n`);
}

function printTables(tables: readonly PlacedTable[], dryRun: boolean): void {
  for (const { name, place } of tables) {
    const [doing, done] =
      place === 'by account'
        ? [`would distribute ${name} by account`, `distributed ${name} by account`]
        : [`would copy ${name} to every node`, `copied ${name} to every node`];
    printText(`${dryRun ? doing : done}\n`);
  }
  if (tables.length === 0) printText('Nothing to distribute: every table is where it belongs.\n');
  else if (dryRun) printText(`${counted(tables.length, 'table')} to distribute. Nothing was changed.\n`);
  else printText(`${counted(tables.length, 'table')} distributed. The others stay on the coordinator.\n`);
}

function withDistribution<T>(
  url: string,
  { variable }: MigrationOptions,
  work: (distribution: ReturnType<typeof createDistribution>) => Promise<T>,
): Promise<T> {
  return withClient(checkDatabase, { url, variable }, (client, facts) => {
    const schema = targetSchema(facts, url);
    const repositoryOn = (sql: Parameters<typeof createDistributionRepository>[0]) =>
      createDistributionRepository(sql, schema);
    return work(createDistribution({ client, repositoryOn, tables: placedTables() }));
  });
}

async function showStatus(url: string, json: boolean): Promise<void> {
  const migrations = await listMigrations(url);
  if (json) printJson(migrations.map(({ name, isApplied }) => ({ name, applied: isApplied })));
  else printTable(migrations.map(({ name, isApplied }) => [isApplied ? 'applied' : 'pending', name]));
  if (migrations.some(({ isApplied }) => !isApplied)) commandContext().exitCode = 1;
}

async function pendingNames(url: string): Promise<string[]> {
  return (await listMigrations(url)).flatMap(({ name, isApplied }) => (isApplied ? [] : [name]));
}

function target(): { url: string; options: MigrationOptions } {
  const { database } = readConfiguration(commandContext().environment());
  const { directUrl } = database;
  if (directUrl === undefined)
    throw invalidVariable('DATABASE_URL', 'is required (the embedded database is migrated automatically)');
  return {
    url: directUrl,
    options: {
      variable: directVariable(database),
      onWarning: (line) => commandContext().stderr.write(`latchkey: ${line}\n`),
    },
  };
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
