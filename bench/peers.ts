// The peers: services with the same operations in other frameworks, for `npm run bench -- --peers` (bench/peers).
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import postgres from 'postgres';
import { packageRoot } from '#platform/process/package-info.js';
import { freePort, httpClient } from '../test/support/service.js';
import { argon2, type SeededClient } from './database.js';
import { type Program, pidOf } from './programs.js';

/** A framework that can run here. */
export interface Peer {
  readonly name: string;
  /** The versions that were measured. */
  readonly versions: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** The folder of the packages; undefined: they are installed. */
  readonly folder?: string;
}

const FOLDER = join(packageRoot, 'bench', 'peers');
const NPM_PACKAGES = ['express@5.1.0', 'pg@8.16.3', 'jsonwebtoken@9.0.2', '@node-rs/argon2@2.0.2'];
/** Debian's, for which its packages are installed, whatever else is in the PATH. */
const PYTHON = '/usr/bin/python3';
const START_MILLISECONDS = 30_000;
const POLL_MILLISECONDS = 20;

/**
 * The peers whose packages are installed; for the others, `onMissing` gets a line that says what to install. Those of Express are installed
 * in a temporary folder, which `remove` removes.
 */
export function findPeers(onMissing: (line: string) => void): { peers: Peer[]; remove: () => void } {
  const peers: Peer[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-peers-'));
  const consider = (name: string, install: string, find: () => Omit<Peer, 'name'>) => {
    try {
      peers.push({ name, ...find() });
    } catch {
      onMissing(`${name} is not measured: ${install}`);
    }
  };
  consider(
    'fastapi',
    'apt install python3-fastapi python3-uvicorn python3-uvloop python3-httptools python3-asyncpg python3-jwt python3-argon2',
    () => ({
      versions: pythonVersions('fastapi', 'uvicorn', 'uvloop', 'httptools', 'asyncpg', 'jwt', 'argon2'),
      command: [PYTHON, join(FOLDER, 'fastapi_app.py')],
    }),
  );
  consider('express', `npm install ${NPM_PACKAGES.join(' ')}`, () => {
    const options = ['--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
    execFileSync('npm', ['install', ...options, ...NPM_PACKAGES], { stdio: 'pipe', timeout: 120_000 });
    return { versions: NPM_PACKAGES.join(' '), folder, command: [process.execPath, join(FOLDER, 'express-app.mjs')] };
  });
  consider('django', 'apt install python3-django gunicorn python3-psycopg2 python3-jwt python3-argon2', () => ({
    versions: pythonVersions('django', 'gunicorn', 'psycopg2', 'jwt', 'argon2'),
    // One process, as the others, and a thread for each connection of the load.
    command: [
      ...['gunicorn', '--worker-class=gthread', '--threads=16', '--keep-alive=60', '--log-level=error'],
      ...[`--chdir=${FOLDER}`, 'django_app:application'],
    ] as const,
  }));
  return { peers, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export type StartedPeer = Awaited<ReturnType<typeof startPeer>>;

/** Throws if one of the modules is missing. */
function pythonVersions(...modules: readonly string[]): string {
  const script = `import ${modules.join(', ')}\nfor m in (${modules.join(', ')}): print(m.__name__, getattr(m, '__version__', ''))`;
  return execFileSync(PYTHON, ['-W', 'ignore', '-c', script], { encoding: 'utf8', stdio: 'pipe' })
    .trim()
    .replaceAll('\n', ', ');
}

const keys = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** Starts a peer on a database that `seedPeer` has prepared. */
export async function startPeer({ name, command: [program, ...args], folder = FOLDER }: Peer, url: string) {
  const port = await freePort();
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(program, program === 'gunicorn' ? [`--bind=127.0.0.1:${port}`, ...args] : args, {
    cwd: folder,
    env: {
      PATH,
      HOME,
      PYTHONDONTWRITEBYTECODE: '1',
      NODE_ENV: 'production',
      DATABASE_URL: url,
      PORT: String(port),
      PRIVATE_KEY: keys.privateKey,
      PUBLIC_KEY: keys.publicKey,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const client = httpClient(port);
  const begun = performance.now();
  while ((await client.status('/api/me/')) === undefined) {
    if (child.exitCode !== null || performance.now() - begun > START_MILLISECONDS) {
      child.kill('SIGKILL');
      throw new Error(`the peer ${name} is not ready: ${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
  return { port, pid: pidOf(child), client, stop: () => stop(child) } satisfies Program & { client: unknown };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Creates the tables of the peers, with the users and sessions of `clients`. All users have the password `password`. */
export async function seedPeer(url: string, clients: readonly SeededClient[]): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const passwordHash = await hash('password', argon2);
  const digest = (token: string) => createHash('sha256').update(token).digest('hex');
  await sql.unsafe(readFileSync(join(FOLDER, 'schema.sql'), 'utf8'));
  await sql`
    insert into peer_users (id, email, password_hash)
    select id, email, ${passwordHash} from unnest(
      ${clients.map(({ userId }) => userId)}::int[], ${clients.map(({ email }) => email)}::text[]) as t (id, email)`;
  await sql`
    insert into peer_sessions (user_id, token_hash, expires_at)
    select user_id, decode(hash, 'hex'), now() + interval '30 days' from unnest(
      ${clients.map(({ userId }) => userId)}::int[],
      ${clients.map(({ refreshToken }) => digest(refreshToken))}::text[]) as t (user_id, hash)`;
  await sql.unsafe('vacuum (freeze, analyze)');
  await sql.end();
}
