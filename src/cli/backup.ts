// latchkey backup and latchkey restore: write all data to a file, and load it again.

import { randomBytes } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import type postgres from 'postgres';
import { createBackupReader, DamagedBackup } from '#backup/format.js';
import { createBackupRepository, knownMigrations } from '#backup/repository.js';
import { findSourceSchema, findTargetSchema } from '#backup/schema.js';
import { createBackups } from '#backup/service.js';
import { createClient, dbInTransaction } from '#platform/database/database.js';
import { flushFolder } from '#platform/database/embedded/cluster.js';
import { driverError } from '#platform/errors/database-errors.js';
import { packageVersion } from '#platform/process/package-info.js';
import { commandContext } from './command-context.js';
import { withDirectUrl } from './database.js';
import { CommandRefused } from './error-message.js';
import { describeFinished, type Finished, finishRestore } from './finish-restore.js';

interface RestoreCommandOptions {
  readonly replace?: boolean;
  readonly keepSessions?: boolean;
  readonly newSecret?: boolean;
}

/** The file name for standard input or output. */
const STANDARD_STREAM = '-';
const READ_BYTES = 256 * 1024;
/** The interval between two updates of the progress line. */
const PROGRESS_MILLISECONDS = 200;

/** The command. It can run while the service is running. */
export function backupCommand(): Command {
  return new Command('backup')
    .description('write all data to a file, as a consistent snapshot; can run while the service is running')
    .argument('<file>', 'the file to write; - for standard output')
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
    .action(restore);
}

async function backUp(file: string): Promise<void> {
  const progress = showProgress('backed up');
  await withClient(async (client) => {
    const chunks = backupsIn(await findSourceSchema(client), client).backUp(progress.show);
    const bytes = file === STANDARD_STREAM ? await writeToOutput(chunks) : await writeToFile(file, chunks);
    progress.end();
    // Standard output must contain nothing else if the backup goes there.
    const { stdout, stderr } = commandContext();
    const out = file === STANDARD_STREAM ? stderr : stdout;
    out.write(`${progress.rows()} rows, ${bytes} bytes: backed up${file === STANDARD_STREAM ? '' : ` to ${file}`}.\n`);
  });
}

async function restore(
  file: string,
  { replace = false, keepSessions = false, newSecret = false }: RestoreCommandOptions,
): Promise<void> {
  const source = file === STANDARD_STREAM ? commandContext().stdin : await openForReading(file);
  const progress = showProgress('restored');
  await withDirectUrl(async (url, config) => {
    const client = createClient({ url, poolSize: 1, transactionPooler: false });
    let finished: Finished | undefined;
    try {
      const schema = await findTargetSchema(client, url);
      const rows = await backupsIn(schema, client)
        .restore(createBackupReader(source), {
          replace,
          onProgress: progress.show,
          finish: async (transaction) => {
            const db = dbInTransaction(client, transaction);
            finished = await finishRestore(db, config, { keepSessions, newSecret });
          },
        })
        .catch((error: unknown) => explain(fileError(file, error)));
      progress.end();
      const sentences = keepSessions
        ? ['Sessions were kept.']
        : describeFinished(finished ?? { ended: 0, replaced: [] });
      commandContext().stdout.write(`${[`${rows} rows: restored.`, ...sentences].join('\n')}\n`);
    } finally {
      progress.end();
      await client.end({ timeout: 1 });
      source.destroy();
    }
  });
}

function withClient(work: (client: postgres.Sql) => Promise<void>): Promise<void> {
  return withDirectUrl(async (url) => {
    const client = createClient({ url, poolSize: 1, transactionPooler: false });
    try {
      await work(client).catch(explain);
    } finally {
      await client.end({ timeout: 1 });
    }
  });
}

function backupsIn(schema: string, client: postgres.Sql) {
  return createBackups({
    client,
    repositoryOn: (sql) => createBackupRepository(sql, schema),
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

/** Writes the complete file or none, readable only by its owner. Returns the number of bytes. */
async function writeToFile(file: string, chunks: AsyncIterable<Buffer>): Promise<number> {
  const target = resolve(file);
  const unfinished = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`);
  const removeAndEnd = (signal: NodeJS.Signals) => {
    rmSync(unfinished, { force: true });
    process.kill(process.pid, signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, removeAndEnd);
  let handle: FileHandle | undefined;
  try {
    handle = await open(unfinished, 'wx', 0o600);
    let bytes = 0;
    for await (const chunk of chunks) {
      await handle.writeFile(chunk);
      bytes += chunk.length;
    }
    await handle.sync();
    await handle.close();
    await rename(unfinished, target);
    await flushFolder(dirname(target));
    return bytes;
  } catch (error) {
    await handle?.close().catch(() => {});
    await rm(unfinished, { force: true });
    throw fileError(file, error);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, removeAndEnd);
  }
}

async function writeToOutput(chunks: AsyncIterable<Buffer>): Promise<number> {
  const { stdout } = commandContext();
  if (stdout.isTTY)
    throw new CommandRefused('a backup cannot be written to a terminal; name a file, or redirect the output');
  let broken: NodeJS.ErrnoException | undefined;
  // The error is also emitted as an event, which ends the process if there is no listener.
  stdout.on('error', (error) => {
    broken = error;
  });
  let bytes = 0;
  for await (const chunk of chunks) {
    await new Promise<void>((done) => {
      stdout.write(chunk, (error) => {
        broken ??= error ?? undefined;
        done();
      });
    });
    if (broken !== undefined)
      throw new CommandRefused(`standard output cannot be written (${broken.code}); the backup is incomplete`);
    bytes += chunk.length;
  }
  return bytes;
}

async function openForReading(file: string) {
  const stream = createReadStream(file, { highWaterMark: READ_BYTES });
  await new Promise<void>((done, fail) => {
    stream.once('ready', done);
    stream.once('error', fail);
  }).catch((error: unknown) => {
    throw fileError(file, error);
  });
  return stream;
}

const FILE_CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist, or its folder does not',
  EACCES: 'cannot be opened by this user',
  EPERM: 'cannot be opened by this user',
  EROFS: 'is on a read-only file system',
  ENOSPC: 'is on a full disk',
  EDQUOT: 'exceeds the disk quota',
  ENOTDIR: 'has a parent that is not a folder',
  EISDIR: 'is a folder',
};

function fileError(file: string, error: unknown): unknown {
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  const cause = FILE_CAUSES[code];
  // Connection errors can have the same codes.
  return cause === undefined || syscall === 'connect' ? error : new CommandRefused(`${file} ${cause} (${code})`);
}

/** Shows a progress line on standard error, if that is a terminal. */
function showProgress(what: string) {
  let rows = 0;
  let shownAt = 0;
  let ended = false;
  const { stderr } = commandContext();
  const write = (text: string) => stderr.write(`\r\u001b[K${text}`);
  return {
    show(count: number): void {
      rows = count;
      if (!stderr.isTTY || performance.now() - shownAt < PROGRESS_MILLISECONDS) return;
      shownAt = performance.now();
      write(`${rows.toLocaleString('en')} rows ${what} …`);
    },
    rows: () => rows,
    end(): void {
      if (!ended && shownAt > 0) write('');
      ended = true;
    },
  };
}
