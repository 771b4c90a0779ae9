// PgBouncer in transaction mode in front of the tests' Postgres, where Debian's package is installed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { freePort } from './service.js';
import { until } from './until.js';

const PROGRAM = '/usr/sbin/pgbouncer';
/** PgBouncer refuses to run as root: then it runs as nobody. */
const NOBODY = 65534;

/** Why these tests cannot run here; false when they can. */
export const pgbouncerMissing: string | false = existsSync(PROGRAM)
  ? false
  : 'PgBouncer is not installed (apt-get install pgbouncer)';

/** A pooler that leads to `databaseUrl`; returns the URL through it. Stopped when the test ends. */
export async function startPgbouncer(t: Pick<Test, 'teardown'>, databaseUrl: string) {
  const { hostname, port, username, password } = new URL(databaseUrl);
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-pgbouncer-'));
  const listenPort = await freePort();
  const config = join(folder, 'pgbouncer.ini');
  const users = join(folder, 'users.txt');
  await writeFile(users, `"${username}" "${password}"\n`);
  await writeFile(
    config,
    `[databases]
* = host=${hostname} port=${port || 5432}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = transaction
default_pool_size = 4
`,
  );
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if ('uid' in identity) for (const path of [folder, config, users]) await chown(path, NOBODY, NOBODY);
  const child = spawn(PROGRAM, ['-q', config], { ...identity, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const ended = once(child, 'exit');
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  await until('PgBouncer listens', () => {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended: ${said}`);
    return accepts(listenPort);
  });
  return { url: Object.assign(new URL(databaseUrl), { hostname: '127.0.0.1', port: String(listenPort) }).href };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
