// latchkey migrate: applies pending migrations, or lists them.

import { Command } from 'commander';
import { invalidVariable, readConfiguration } from '#platform/config/config.js';
import { listMigrations, type MigrationOptions, migrateDatabase } from '#platform/database/migrations.js';
import { commandContext } from './command-context.js';
import { CommandRefused } from './error-message.js';
import { printJson, printTable, printText } from './output.js';

interface Options {
  readonly dryRun?: boolean;
  readonly status?: boolean;
  readonly json?: boolean;
}

/** The command. Throws ConfigurationError without DATABASE_URL. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('apply pending migrations; safe to run at any time, and concurrently')
    .option('--dry-run', 'list the pending migrations without applying them')
    .option('--status', 'list every migration; exits with 1 if some are pending')
    .option('--json', 'print JSON')
    .action(migrate);
}

async function migrate({ dryRun = false, status = false, json = false }: Options): Promise<void> {
  if (dryRun && status) throw new CommandRefused('--dry-run and --status cannot be combined');
  const { url, options } = target();
  if (status) return showStatus(url, json);
  const names = dryRun ? await pendingNames(url) : await migrateDatabase(url, options);
  if (json) return printJson(dryRun ? { pending: names } : { applied: names });
  for (const name of names) printText(`${dryRun ? 'would apply' : 'applied'} ${name}\n`);
  if (names.length === 0) printText('Nothing to apply: the database is up to date.\n');
  else if (dryRun) printText(`${counted(names.length)} to apply. Nothing was changed.\n`);
  else printText(`${counted(names.length)} applied. The database is up to date.\n`);
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
  const { url, directUrl } = readConfiguration(commandContext().environment()).database;
  if (directUrl === undefined)
    throw invalidVariable('DATABASE_URL', 'is required (the embedded database is migrated automatically)');
  return {
    url: directUrl,
    options: {
      variable: directUrl === url ? 'DATABASE_URL' : 'DATABASE_DIRECT_URL',
      onWarning: (line) => commandContext().stderr.write(`latchkey: ${line}\n`),
    },
  };
}

const counted = (count: number) => `${count} ${count === 1 ? 'migration' : 'migrations'}`;
