// PgBouncer in front of the Postgres of the tests, from Debian's package.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { unlessInstalled } from './installed.js';
import { freePort } from './service.js';
import { until } from './until.js';

const PROGRAM = '/usr/sbin/pgbouncer';
/** The user `nobody`, since PgBouncer refuses to run as root. */
const NOBODY = 65534;

/** The reason to skip a test; false if it can run. */
export const pgbouncerMissing = unlessInstalled(existsSync(PROGRAM), 'pgbouncer');

/** Starts a pooler for `databaseUrl`, by default in transaction mode; stopped when the test ends. */
export async function startPgbouncer(
  t: Pick<Test, 'teardown'>,
  databaseUrl: string,
  {
    poolMode = 'transaction',
    ignored = '',
  }: { poolMode?: 'transaction' | 'session' | 'statement'; ignored?: string } = {},
) {
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
pool_mode = ${poolMode}
ignore_startup_parameters = ${ignored}
default_pool_size = 4
`,
  );
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if ('uid' in identity) for (const path of [folder, config, users]) await chown(path, NOBODY, NOBODY);

  async function start() {
    const child = spawn(PROGRAM, ['-q', config], { ...identity, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    const ended = once(child, 'exit');
    await until('PgBouncer listens', () => {
      if (child.exitCode !== null) throw new Error(`PgBouncer ended: ${said}`);
      return accepts(listenPort);
    });
    const kill = async () => {
      child.kill('SIGKILL');
      await ended;
    };
    return { child, kill };
  }

  let running = await start();
  t.teardown(async () => {
    await running.kill();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    /** The URL through the pooler. */
    url: Object.assign(new URL(databaseUrl), { hostname: '127.0.0.1', port: String(listenPort) }).href,
    kill: () => running.kill(),
    /** Starts it again, on the same port, after `kill`. */
    restart: async () => {
      running = await start();
    },
    /** Like RELOAD, PAUSE and RESUME in its console. */
    reload: () => running.child.kill('SIGHUP'),
    pause: () => running.child.kill('SIGUSR1'),
    resume: () => running.child.kill('SIGUSR2'),
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
