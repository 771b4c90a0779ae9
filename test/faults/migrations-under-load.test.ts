// A new version migrates under the traffic of the old one while another transaction locks a table: the old version keeps serving.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { migrateDatabase } from '#platform/database/migrations.js';
import { packageRoot } from '#platform/process/package-info.js';
import { testDatabase } from '../support/database.js';
import { countLost, startLoad, untilTraffic } from '../support/load.js';
import { rowsOf, untilBlocked } from '../support/rows.js';
import { exerciseContract, runCommand, startService } from '../support/service.js';

/** The migrations of a hypothetical next version. */
async function nextVersion(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-migrations-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await cp(join(packageRoot, 'drizzle', 'migrations'), folder, { recursive: true });
  const journalFile = join(folder, 'meta', '_journal.json');
  const journal = JSON.parse(await readFile(journalFile, 'utf8'));
  const last = journal.entries.at(-1);
  journal.entries.push({ ...last, idx: last.idx + 1, when: last.when + 1, tag: '9999_next_version' });
  await writeFile(journalFile, JSON.stringify(journal));
  await writeFile(
    join(folder, '9999_next_version.sql'),
    `ALTER TABLE "users" ADD COLUMN "nickname" text DEFAULT '' NOT NULL;`,
  );
  return folder;
}

t.test(
  'requests are served while a migration waits for a table, and the old version works on the new schema',
  async (t) => {
    const url = await testDatabase(t);
    const folder = await nextVersion(t);
    const service = await startService(t, url, { SETTING_ACCESS_TOKEN_LIFETIME: '3600' });
    const load = startLoad(service);
    await untilTraffic(load, 'at first', 20);

    const again = await runCommand(['migrate'], { DATABASE_URL: url });
    t.match(
      again,
      { code: 0, stdout: 'Nothing to apply: the database is up to date.\n' },
      'migrating again changes nothing',
    );

    const rows = rowsOf(t, url);
    const nicknames = () => rows`
    select 1 from information_schema.columns where table_name = 'users' and column_name = 'nickname'`;
    // Like a report or a backup, it only reads, but a change of the table has to wait for it.
    const holder = await rowsOf(t, url).reserve();
    await holder`begin`;
    await holder`select count(*) from users`;

    await t.rejects(migrateDatabase(url, { folder, patience: 0 }), { code: '55P03' }, 'the migration gives up');
    t.equal((await nicknames()).length, 0, 'nothing has changed');

    let migrated = false;
    const migration = migrateDatabase(url, { folder }).then(() => {
      migrated = true;
    });
    await untilBlocked(rows);
    await untilTraffic(load, 'beside the migration', 40);
    t.equal(migrated, false, 'the migration still waits');
    await holder`commit`;
    holder.release();
    await migration;
    t.equal((await nicknames()).length, 1);
    await untilTraffic(load, 'on the tables of the next version', 20);

    const sessions = await load.stop();
    t.comment(load.statuses);
    const unexpected = [...load.statuses.keys()].filter(
      (status) => !/^(200|201|503 database_unavailable)$/.test(status),
    );
    t.strictSame(unexpected, [], 'every request was either done or answered 503');
    t.strictSame(await countLost(service, load, sessions), { accounts: 0, refreshes: 0, logouts: 0 });
    await exerciseContract(t, service, 'walker@example.com');
    await service.stop('SIGTERM');

    const restarted = await startService(t, url);
    t.equal(await restarted.status('/readyz'), 200, 'this version starts on the schema of the next one');
  },
);
