// npm test: starts an embedded Postgres (or uses the server in TEST_DATABASE_URL), runs tap and stops the server.
// `npm test -- --help` lists the arguments.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import postgres from 'postgres';
import { startEmbeddedPostgres } from '#platform/database/embedded/embedded-postgres.js';
import { migrateDatabase } from '#platform/database/migrations.js';
import { packageRoot } from '#platform/process/package-info.js';
import { bundledTest, bundleTests, WORKERS, workerFile } from './bundle.js';
import { SelectionError, select } from './select.js';
import { distributeDatabase, workers } from './support/citus.js';
import { withDatabaseName } from './support/database.js';
import { isFull } from './support/full-run.js';

const HELP = `npm test                                     all tests except the fault tests
npm test -- test/src/sessions                a folder
npm test -- test/routes/api/login.test.ts    a file, or several
npm test -- test/faults/races.test.ts        a fault test, with its short figures (FAULTS=full: with all)
npm run test:faults                          all of these
npm run test:docs                            the command blocks of the documentation
npm test -- --grep=/logout/ <path>           other options go to tap (npx tap --help)
`;

const FAULTS = join('dist', 'test', 'faults');
/** Contains a hash of the inputs that tap was built from. */
const TAP_STAMP = join(packageRoot, '.tap', 'built');
/** A worker runs for as long as the tests; each of its files has a timeout of its own. */
const WORKER_SECONDS = 7200;
const tap = join(packageRoot, 'node_modules', '.bin', 'tap');

/** Settings of the server. Many tests start several services with a pool each; Postgres takes 100 connections by default. */
const SETTINGS = { max_connections: '500' };
/** In addition, where no test measures the database or crashes it: they halve its processor time, and leave its commits durable. */
const CHEAP_SETTINGS = {
  autovacuum: 'off',
  jit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  checkpoint_timeout: '1h',
};
/** A file system in memory, on Linux. Containers may have little of it. */
const MEMORY = '/dev/shm';
/** More than the databases of all tests that run at a time need, with their WAL. */
const MEMORY_BYTES = 3 * 1024 ** 3;
/** Followed by the id of the process that uses the folder. */
const DATA_PREFIX = 'latchkey-test-';

/** `inMemory`: no test measures the disk. A thousand files are written and removed for each of hundreds of databases. */
async function server(
  settings: Readonly<Record<string, string>>,
  inMemory: boolean,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given !== undefined) return { url: given, stop: async () => {} };
  const dataDir = await mkdtemp(join(inMemory && hasMemory() ? MEMORY : tmpdir(), `${DATA_PREFIX}${process.pid}-`));
  const first = await startEmbeddedPostgres({ dataDir });
  const sql = postgres(first.url, { max: 1 });
  for (const [name, value] of Object.entries(settings)) await sql.unsafe(`alter system set ${name} = '${value}'`);
  // Every connection calculates its password's hash, with 4096 iterations by default.
  await sql`set scram_iterations = 1`;
  await sql.unsafe(`alter role current_user password '${decodeURIComponent(new URL(first.url).password)}'`);
  await sql.end();
  await first.stop();
  const embedded = await startEmbeddedPostgres({ dataDir });
  return {
    url: embedded.url,
    stop: async () => {
      await embedded.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Whether there is room for the data in memory, without what killed runs have left there. */
function hasMemory(): boolean {
  if (!existsSync(MEMORY)) return false;
  for (const name of readdirSync(MEMORY)) {
    const [, owner] = new RegExp(`^${DATA_PREFIX}(\\d+)-`).exec(name) ?? [];
    if (owner !== undefined && !isRunning(Number(owner))) rmSync(join(MEMORY, name), { recursive: true, force: true });
  }
  const { bavail, bsize } = statfsSync(MEMORY);
  return Math.min(bavail * bsize, process.availableMemory()) > MEMORY_BYTES;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Resolves to the exit code. */
function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(tap, args, { cwd: packageRoot, env: { ...process.env, ...env }, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * Generates tap's code for the plugins that .taprc names. It takes ten seconds, so it is repeated only after an installation or a change of
 * .taprc.
 */
async function buildTap(): Promise<number> {
  const inputs = ['.taprc', join('node_modules', '.package-lock.json')].map((name) => join(packageRoot, name));
  const hash = createHash('sha256');
  for (const input of inputs) if (existsSync(input)) hash.update(readFileSync(input));
  const stamp = hash.digest('hex');
  if (existsSync(TAP_STAMP) && readFileSync(TAP_STAMP, 'utf8') === stamp) return 0;
  rmSync(TAP_STAMP, { force: true });
  const code = await run(['build']);
  if (code === 0) {
    mkdirSync(dirname(TAP_STAMP), { recursive: true });
    writeFileSync(TAP_STAMP, stamp);
  }
  return code;
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(HELP);
    return 0;
  }
  let selection = select(args, packageRoot);
  const built = await buildTap();
  if (built !== 0) return built;
  await bundleTests(packageRoot);
  selection = selection.map((argument) => bundledTest(argument, packageRoot));
  const queue = await mkdtemp(join(tmpdir(), 'latchkey-queue-'));
  selection = withQueue(selection, queue);
  const hasFaults = selection.some((argument) => argument.startsWith(FAULTS));
  const { url, stop } = await (hasFaults ? server(SETTINGS, false) : server({ ...SETTINGS, ...CHEAP_SETTINGS }, true));
  // Every test file gets a copy of this database, since a migration takes longer than most tests.
  const template = `latchkey_template_${randomBytes(4).toString('hex')}`;
  const admin = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await admin.unsafe(`create database ${template}`);
    await migrateDatabase(withDatabaseName(url, template));
    if (workers().length > 0) await distributeDatabase(url, template);
    // The full run of docs/reliability.md: one test at a time, with a long timeout.
    return await run([...(isFull ? ['--jobs=1', '--timeout=3600'] : []), ...selection], {
      TEST_DATABASE_URL: url,
      TEST_DATABASE_TEMPLATE: template,
      TEST_QUEUE: queue,
      // Some tests hash with several services in one process; Node has only four threads for that by default.
      UV_THREADPOOL_SIZE: '16',
      ...(isFull && { FAULTS_REPORT: process.env.FAULTS_REPORT ?? 'faults.jsonl' }),
    });
  } finally {
    await admin.unsafe(`drop database if exists ${template} with (force)`);
    await admin.end();
    await stop();
    await rm(queue, { recursive: true, force: true });
  }
}

/** Files that take long, most of it waiting: they begin first, so that none of them runs alone at the end. */
const LONG =
  /\/(api-docs\/\w+|openapi\/errors|settings\/settings|keys\/follow|routes\/api\/(second-factors|throttles))\.test\.js$/;

/** Replaces the bundled files, if they are many, by workers that share a queue of them. */
function withQueue(selection: readonly string[], queue: string): string[] {
  const isQueued = (argument: string) => argument.startsWith(join('dist', 'bundled'));
  const queued = selection.filter(isQueued);
  const files = [...queued.filter((file) => LONG.test(file)), ...queued.filter((file) => !LONG.test(file))];
  if (files.length <= WORKERS) return [...selection];
  writeFileSync(join(queue, 'files.json'), JSON.stringify(files.map((file) => join(packageRoot, file))));
  const workers = Array.from({ length: WORKERS }, (_, index) => workerFile(index + 1));
  return [`--timeout=${WORKER_SECONDS}`, ...selection.filter((argument) => !isQueued(argument)), ...workers];
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SelectionError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
