// Locks a data folder for one service. The operating system releases the lock when the process ends.
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The holder of a lock. Both members are missing if its process does not answer, for example because it is suspended. */
export interface LockHolder {
  readonly pid?: number;
  /** Where it listens, or what it is. */
  readonly owner?: string;
}

/** Held until it is released or the process ends. */
export interface Lock {
  release(): Promise<void>;
}

const ANSWER_MILLISECONDS = 2000;

/**
 * Acquires the lock of a folder, given by its real path, or returns its holder. The lock is a listening local socket: only one process
 * can have it, and reused process ids are no problem. On Linux the socket has an abstract name, so no file is left behind.
 */
export async function acquireLock(
  folder: string,
  owner: string,
  platform: NodeJS.Platform = process.platform,
): Promise<Lock | LockHolder> {
  const path = socketPath(folder, platform);
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const server = await listen(path, { pid: process.pid, owner });
    if (server !== undefined) return { release: () => new Promise((resolve) => server.close(() => resolve())) };
    const holder = await readHolder(path);
    if (holder !== undefined) return holder;
    // The holder has just ended, or has left its file behind.
    if (!path.startsWith('\0')) await rm(path, { force: true });
    await sleep(10);
  }
  return {};
}

/** The path of the socket that locks a folder. */
export function socketPath(folder: string, platform: NodeJS.Platform = process.platform): string {
  const name = `latchkey-${createHash('sha256').update(folder).digest('hex').slice(0, 24)}`;
  return platform === 'linux' ? `\0${name}` : join(tmpdir(), `${name}.sock`);
}

function listen(path: string, holder: LockHolder): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      // A client that keeps its connection open must not delay the release.
      socket.end(JSON.stringify(holder), () => socket.destroy());
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(path, () => resolve(server));
    server.unref();
  });
}

/** Undefined if there is no holder any more. A process that accepts the connection but stays silent is still the holder. */
function readHolder(path: string): Promise<LockHolder | undefined> {
  return new Promise((resolve) => {
    let text = '';
    let silent = false;
    const socket = connect(path);
    socket.setTimeout(ANSWER_MILLISECONDS, () => {
      silent = true;
      socket.destroy();
    });
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
      silent = !['ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE'].includes(code);
    });
    socket.on('close', () => {
      try {
        resolve(JSON.parse(text) as LockHolder);
      } catch {
        resolve(silent ? {} : undefined);
      }
    });
  });
}
