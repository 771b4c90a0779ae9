// One service for each data folder: a lock that the operating system drops when its process dies.
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Who holds a lock; nothing of it is known when the process is paused. */
export interface LockHolder {
  readonly pid?: number;
  /** Where it serves. */
  readonly owner?: string;
}

/** Held until it is released, or its process ends. */
export interface Lock {
  release(): Promise<void>;
}

const ANSWER_MILLISECONDS = 2000;

/**
 * The lock of a folder (its real path), or who holds it. It is a listening local socket: of any number of processes one can
 * have it, and no pid can be mistaken for another. On Linux the socket has no file (an abstract name), so that none stays
 * behind.
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
    const holder = await ask(path);
    if (holder !== undefined) return holder;
    // It has just died, or left its file behind.
    if (!path.startsWith('\0')) await rm(path, { force: true });
    await sleep(10);
  }
  return {};
}

/** Where the lock of a folder listens. */
export function socketPath(folder: string, platform: NodeJS.Platform = process.platform): string {
  const name = `latchkey-${createHash('sha256').update(folder).digest('hex').slice(0, 24)}`;
  return platform === 'linux' ? `\0${name}` : join(tmpdir(), `${name}.sock`);
}

function listen(path: string, holder: LockHolder): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      // Whoever asks and does not hang up must not keep us from releasing.
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

/** Undefined: nobody is there, or no longer. A process that is there and silent holds the lock all the same. */
function ask(path: string): Promise<LockHolder | undefined> {
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
