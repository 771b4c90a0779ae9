// Files that commands read and write. They contain hashes or encrypted keys, so only their owner can read them.
import { randomBytes } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { flushFolder } from '#platform/database/embedded/cluster.js';
import { commandContext, ENDING_SIGNALS } from './command-context.js';
import { CommandRefused } from './error-message.js';

/** The file name for standard input or output. */
export const STANDARD_STREAM = '-';
const READ_BYTES = 256 * 1024;

/** Writes the complete file or none, readable only by its owner. Returns the number of bytes. */
export async function writeToFile(file: string, chunks: AsyncIterable<Buffer>): Promise<number> {
  const target = resolve(file);
  const unfinished = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`);
  const removeAndEnd = (signal: NodeJS.Signals) => {
    rmSync(unfinished, { force: true });
    process.kill(process.pid, signal);
  };
  for (const signal of ENDING_SIGNALS) process.once(signal, removeAndEnd);
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
    for (const signal of ENDING_SIGNALS) process.off(signal, removeAndEnd);
  }
}

/** Writes to standard output, unless that is a terminal. `what` names the content in errors. Returns the number of bytes. */
export async function writeToOutput(chunks: AsyncIterable<Buffer>, what: string): Promise<number> {
  const { stdout } = commandContext();
  if (stdout.isTTY)
    throw new CommandRefused(`${what} cannot be written to a terminal; name a file, or redirect the output`);
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
      throw new CommandRefused(`standard output cannot be written (${broken.code}); ${what} is incomplete`);
    bytes += chunk.length;
  }
  return bytes;
}

/** Opens a file. Throws CommandRefused if it cannot be read. */
export async function openForReading(file: string) {
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

/** The error for the operator if `error` is about the file; otherwise `error` itself. */
export function fileError(file: string, error: unknown): unknown {
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  const cause = FILE_CAUSES[code];
  // Connection errors can have the same codes.
  return cause === undefined || syscall === 'connect' ? error : new CommandRefused(`${file} ${cause} (${code})`);
}
