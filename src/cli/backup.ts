// latchkey backup and latchkey restore: everything that Latchkey keeps, in a file and back.
import { randomBytes } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import type postgres from 'postgres';
import { createBackupReader, DamagedBackup } from '#backup/format.js';
import { createBackupRepository, knownMigrations } from '#backup/repository.js';
import { createBackups } from '#backup/service.js';
import { createClient, dbInTransaction } from '#platform/database/database.js';
import { flushFolder } from '#platform/database/embedded/cluster.js';
import { driverError } from '#platform/errors/database-errors.js';
import { packageVersion } from '#platform/process/package-info.js';
import { withDirectUrl } from './database.js';
import { CommandRefused } from './error-message.js';
import { describeFinished, type Finished, finishRestore } from './finish-restore.js';

interface RestoreCommandOptions {
  readonly replace?: boolean;
  readonly keepSessions?: boolean;
  readonly newSecret?: boolean;
}

/** Standard input, or output. */
const STANDARD = '-';
const READ_BYTES = 256 * 1024;
/** Between two lines of progress, milliseconds. */
const PROGRESS_MILLISECONDS = 200;

/** The command. It works while the service runs. */
export function backupCommand(): Command {
  return new Command('backup')
    .description('write everything to a file, as it is at one moment; also while the service runs')
    .argument('<file>', 'where to; - for standard output')
    .action(backUp);
}

/** The command. The service must not run. */
export function restoreCommand(): Command {
  return new Command('restore')
    .description('put a backup into an empty database, and end the sessions in it')
    .argument('<file>', 'the backup; - for standard input')
    .option('--replace', 'replace everything that the database holds')
    .option('--new-secret', 'AUTH_SECRET is another one on purpose: replace the signing keys that it does not open')
    .option('--keep-sessions', 'nobody has logged out since the backup was made: sessions go on')
    .action(restore);
}

async function backUp(file: string): Promise<void> {
  const progress = showProgress('backed up');
  await withClient(async (client) => {
    const chunks = backupsOn(client).backUp(progress.show);
    const bytes = file === STANDARD ? await writeToOutput(chunks) : await writeToFile(file, chunks);
    progress.end();
    // Where standard output is the backup, nothing else belongs there.
    const out = file === STANDARD ? process.stderr : process.stdout;
    out.write(`${progress.rows()} rows, ${bytes} bytes: backed up${file === STANDARD ? '' : ` to ${file}`}.\n`);
  });
}

async function restore(
  file: string,
  { replace = false, keepSessions = false, newSecret = false }: RestoreCommandOptions,
): Promise<void> {
  const source = file === STANDARD ? process.stdin : await openForReading(file);
  const progress = showProgress('restored');
  await withDirectUrl(async (url, config) => {
    const client = createClient({ url, poolSize: 1, transactionPooler: false });
    let finished: Finished | undefined;
    try {
      const rows = await backupsOn(client)
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
      const sentences = keepSessions ? ['Sessions go on.'] : describeFinished(finished ?? { ended: 0, replaced: [] });
      process.stdout.write(`${[`${rows} rows: restored.`, ...sentences].join('\n')}\n`);
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

function backupsOn(client: postgres.Sql) {
  return createBackups({
    client,
    repositoryOn: createBackupRepository,
    known: knownMigrations(),
    version: packageVersion,
  });
}

/** What an error of Postgres means here. */
function explain(error: unknown): never {
  const { code = '' } = driverError(error);
  if (code === '42501') {
    throw new CommandRefused(
      'a backup and a restore need the role that owns the tables: set DATABASE_URL, or DATABASE_DIRECT_URL, to its URL',
    );
  }
  // Values that are not of their type, and rows that break a rule of their table.
  if (/^2[23]/.test(code)) throw new DamagedBackup(`the backup is damaged: Postgres refuses a row in it (${code})`);
  throw error;
}

/** Whole or not at all, readable for its owner alone; returns the number of bytes. */
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
  if (process.stdout.isTTY)
    throw new CommandRefused('a backup is not for a terminal; name a file, or redirect the output');
  let broken: NodeJS.ErrnoException | undefined;
  // Told beside the callback, and fatal where nobody listens.
  process.stdout.on('error', (error) => {
    broken = error;
  });
  let bytes = 0;
  for await (const chunk of chunks) {
    await new Promise<void>((done) => {
      process.stdout.write(chunk, (error) => {
        broken ??= error ?? undefined;
        done();
      });
    });
    if (broken !== undefined)
      throw new CommandRefused(`standard output cannot be written (${broken.code}); the backup is not whole`);
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
  ENOENT: 'is not there, or its folder is not',
  EACCES: 'may not be opened by this user',
  EPERM: 'may not be opened by this user',
  EROFS: 'is on a read-only file system',
  ENOSPC: 'is on a full disk',
  EDQUOT: 'is over the disk quota',
  ENOTDIR: 'is in no folder',
  EISDIR: 'is a folder',
};

function fileError(file: string, error: unknown): unknown {
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  const cause = FILE_CAUSES[code];
  // Errors of the connection have such codes too, and others of these fields.
  return cause === undefined || syscall === 'connect' ? error : new CommandRefused(`${file} ${cause} (${code})`);
}

/** On a terminal only, a line that is written over and over. */
function showProgress(what: string) {
  let rows = 0;
  let shownAt = 0;
  let ended = false;
  const write = (text: string) => process.stderr.write(`\r\u001b[K${text}`);
  return {
    show(count: number): void {
      rows = count;
      if (!process.stderr.isTTY || performance.now() - shownAt < PROGRESS_MILLISECONDS) return;
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
