// latchkey backup and latchkey restore: write all data to a file, and load it again.
import { Command } from 'commander';
import type postgres from 'postgres';
import { createBackupReader, DamagedBackup } from '#backup/format.js';
import { createBackupRepository, knownMigrations } from '#backup/repository.js';
import { sourceSchema } from '#backup/schema.js';
import { createBackups } from '#backup/service.js';
import { createDistributionRepository, placedTables } from '#distribution/repository.js';
import { createDistribution } from '#distribution/service.js';
import type { Configuration } from '#platform/config/config.js';
import { dbInTransaction } from '#platform/database/database.js';
import { targetSchema } from '#platform/database/migrations.js';
import { checkDatabase, probeDatabase } from '#platform/database/probe.js';
import type { SessionFacts } from '#platform/database/session-facts.js';
import { driverError } from '#platform/errors/database-errors.js';
import { packageVersion } from '#platform/process/package-info.js';
import { commandContext } from './command-context.js';
import { directVariable, withClient, withDirectUrl } from './database.js';
import { CommandRefused } from './error-message.js';
import { fileError, openForReading, STANDARD_STREAM, writeToFile, writeToOutput } from './files.js';
import { describeFinished, type Finished, finishRestore } from './finish-restore.js';
import { showProgress } from './progress.js';

interface RestoreCommandOptions {
  readonly replace?: boolean;
  readonly keepSessions?: boolean;
  readonly newSecret?: boolean;
  readonly json?: boolean;
}

/** The command. It can run while the service is running. */
export function backupCommand(): Command {
  return new Command('backup')
    .description('write all data to a file, as a consistent snapshot; can run while the service is running')
    .argument('<file>', 'the file to write; - for standard output')
    .option('--json', 'print JSON')
    .action(backUp);
}

/** The command. The service must not be running. */
export function restoreCommand(): Command {
  return new Command('restore')
    .description('load a backup into an empty database and end its sessions')
    .argument('<file>', 'the backup file; - for standard input')
    .option('--replace', 'replace all data in the database')
    .option('--new-secret', 'AUTH_SECRET was changed on purpose: replace the signing keys that it does not decrypt')
    .option('--keep-sessions', 'keep the sessions; only safe if no session has ended since the backup was made')
    .option('--json', 'print JSON')
    .action(restore);
}

async function backUp(file: string, { json = false }: { json?: boolean }): Promise<void> {
  const progress = showProgress('rows backed up');
  await withDirectClient(probeDatabase, async ({ client, facts }) => {
    const chunks = backupsIn(sourceSchema(facts), client).backUp(progress.show);
    const bytes = file === STANDARD_STREAM ? await writeToOutput(chunks, 'a backup') : await writeToFile(file, chunks);
    progress.end();
    // Standard output must contain nothing else if the backup goes there.
    const { stdout, stderr } = commandContext();
    const out = file === STANDARD_STREAM ? stderr : stdout;
    const rows = progress.count();
    const text = `${rows} rows, ${bytes} bytes: backed up${file === STANDARD_STREAM ? '' : ` to ${file}`}.`;
    out.write(`${json ? JSON.stringify({ rows, bytes }) : text}\n`);
  });
}

async function restore(
  file: string,
  { replace = false, keepSessions = false, newSecret = false, json = false }: RestoreCommandOptions,
): Promise<void> {
  const source = file === STANDARD_STREAM ? commandContext().stdin : await openForReading(file);
  const progress = showProgress('rows restored');
  try {
    await withDirectClient(checkDatabase, async ({ client, facts, url, config }) => {
      let finished: Finished | undefined;
      const rows = await backupsIn(targetSchema(facts, url), client)
        .restore(createBackupReader(source), {
          replace,
          onProgress: progress.show,
          finish: async (transaction) => {
            const db = dbInTransaction(client, transaction);
            finished = await finishRestore(db, config, { keepSessions, newSecret });
          },
        })
        .catch((error: unknown) => {
          throw fileError(file, error);
        });
      progress.end();
      const done = finished ?? { ended: 0, replaced: [] };
      const sentences = keepSessions ? ['Sessions were kept.'] : describeFinished(done);
      const text = [`${rows} rows: restored.`, ...sentences].join('\n');
      commandContext().stdout.write(`${json ? JSON.stringify({ rows, ...done }) : text}\n`);
    });
  } finally {
    progress.end();
    source.destroy();
  }
}

interface Opened {
  readonly client: postgres.Sql;
  readonly facts: SessionFacts;
  readonly url: string;
  readonly config: Configuration;
}

function withDirectClient(probe: typeof probeDatabase, work: (opened: Opened) => Promise<void>): Promise<void> {
  return withDirectUrl((url, config) =>
    withClient(probe, { url, variable: directVariable(config.database) }, (client, facts) =>
      work({ client, facts, url, config }).catch(explain),
    ),
  );
}

function backupsIn(schema: string, client: postgres.Sql) {
  const distribution = createDistribution({
    client,
    repositoryOn: (sql) => createDistributionRepository(sql, schema),
    tables: placedTables(),
  });
  return createBackups({
    client,
    repositoryOn: (sql) => createBackupRepository(sql, schema),
    distributionWithin: distribution.within,
    known: knownMigrations(),
    version: packageVersion,
  });
}

/** Throws an error that says what an error of Postgres means here. */
function explain(error: unknown): never {
  const { code = '' } = driverError(error);
  if (code === '42501') {
    throw new CommandRefused(
      'backup and restore require the role that owns the tables: set DATABASE_URL or DATABASE_DIRECT_URL to its URL',
    );
  }
  // Class 22 is a value that does not fit its type, class 23 a row that violates a constraint.
  if (/^2[23]/.test(code)) throw new DamagedBackup(`the backup is damaged: Postgres rejects one of its rows (${code})`);
  throw error;
}
