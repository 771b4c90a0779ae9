// One service for each data folder: a lock that the operating system drops when its process dies.
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Who holds a lock. */
export interface LockHolder {
  readonly pid: number;
  /** Where it serves. */
  readonly owner: string;
}

/** Held until it is released, or its process ends. */
export interface Lock {
  release(): Promise<void>;
}

/**
 * The lock of a folder (its real path), or who holds it. It is a listening local socket: of any number of processes one can
 * have it, and no pid can be mistaken for another. On Linux the socket has no file (an abstract name), so that none stays
 * behind.
 */
export async function acquireLock(folder: string, owner: string): Promise<Lock | LockHolder> {
  const path = socketPath(folder);
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const server = await listen(path, { pid: process.pid, owner });
    if (server !== undefined) return { release: () => new Promise((resolve) => server.close(() => resolve())) };
    const holder = await ask(path);
    if (holder !== undefined) return holder;
    // Nobody answers: it has just died, or left its file behind.
    if (!path.startsWith('\0')) await rm(path, { force: true });
  }
  return { pid: 0, owner };
}

/** Who holds the lock of a folder; undefined: nobody. */
export function lockHolder(folder: string): Promise<LockHolder | undefined> {
  return ask(socketPath(folder));
}

function socketPath(folder: string): string {
  const name = `latchkey-${createHash('sha256').update(folder).digest('hex').slice(0, 24)}`;
  return process.platform === 'linux' ? `\0${name}` : join(tmpdir(), `${name}.sock`);
}

function listen(path: string, holder: LockHolder): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.end(JSON.stringify(holder));
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(path, () => resolve(server));
    server.unref();
  });
}

function ask(path: string): Promise<LockHolder | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(path);
    socket.setTimeout(2000, () => socket.destroy());
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      try {
        resolve(JSON.parse(text) as LockHolder);
      } catch {
        resolve(undefined);
      }
    });
  });
}
