// npm test: gives the tests a Postgres (an embedded one, or TEST_DATABASE_URL), runs tap on them, and takes it away again.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { startEmbeddedPostgres } from '#platform/database/embedded/embedded-postgres.js';
import { migrateDatabase } from '#platform/database/migrations.js';
import { packageRoot } from '#platform/process/package-info.js';
import { withDatabaseName } from './support/database.js';

const bin = (name: string) => join(packageRoot, 'node_modules', '.bin', name);

async function server(): Promise<{ url: string; stop: () => Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given !== undefined) return { url: given, stop: async () => {} };
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-test-'));
  const embedded = await startEmbeddedPostgres({ dataDir });
  return {
    url: embedded.url,
    stop: async () => {
      await embedded.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: packageRoot, env: { ...process.env, ...env }, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

const { url, stop } = await server();
// Every test file gets a copy of this database: a migration for each would take longer than most tests.
const template = `latchkey_template_${randomBytes(4).toString('hex')}`;
const admin = postgres(url, { max: 1, onnotice: () => {} });
try {
  await admin.unsafe(`create database ${template}`);
  await migrateDatabase(withDatabaseName(url, template));
  // Once for an installation: tap generates its own code for the plugins that .taprc names.
  process.exitCode = await run(bin('tap'), ['build'], {});
  // Some tests let several services of one process hash at once; node has four threads for that by default.
  const env = { TEST_DATABASE_URL: url, TEST_DATABASE_TEMPLATE: template, UV_THREADPOOL_SIZE: '8' };
  process.exitCode ||= await run(bin('tap'), process.argv.slice(2), env);
} finally {
  await admin.unsafe(`drop database if exists ${template} with (force)`);
  await admin.end();
  await stop();
}
