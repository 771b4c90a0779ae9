// A new database for each test, copied from the migrated template.
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import type { Test } from 'tap';
import { copyDatabase, workers } from './citus.js';

/** The URL of another database on the same server. */
export function withDatabaseName(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/** The URL of a new migrated database, dropped when the test ends. */
export function testDatabase(t: Pick<Test, 'teardown'>): Promise<string> {
  return newDatabase(t, process.env.TEST_DATABASE_TEMPLATE);
}

/** The URL of a new database without tables, dropped when the test ends. */
export function emptyDatabase(t: Pick<Test, 'teardown'>): Promise<string> {
  return newDatabase(t, 'template1');
}

async function newDatabase(t: Pick<Test, 'teardown'>, template: string | undefined): Promise<string> {
  const { TEST_DATABASE_URL: server } = process.env;
  if (server === undefined || template === undefined) throw new Error('run the tests with: npm test -- <file>');
  const name = `latchkey_test_${randomBytes(6).toString('hex')}`;
  for (const node of [server, ...workers()]) {
    const admin = postgres(node, { max: 1, onnotice: () => {} });
    await copyDatabase(admin, name, template);
    t.teardown(async () => {
      await admin.unsafe(`drop database if exists ${name} with (force)`);
      await admin.end();
    });
  }
  return withDatabaseName(server, name);
}
