// The migration that adds session epochs: the previous version still works on the new schema, and the large index can be built in advance.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { migrateDatabase } from '#platform/database/migrations.js';
import { packageRoot } from '#platform/process/package-info.js';
import { testApp, testAppOn } from '../../../support/app.js';
import { emptyDatabase } from '../../../support/database.js';
import { codeBlocks } from '../../../support/page.js';
import { rowsOf } from '../../../support/rows.js';

const MIGRATION = '0006_session_epochs_and_jobs';

t.test('a session that the previous version inserts gets the epoch of its account', async (t) => {
  const service = await testApp(t);
  const rows = rowsOf(t, service.databaseUrl);
  const { id } = (await service.register()).json();
  for (let i = 0; i < 3; i += 1) await service.logoutEverywhere((await service.login()).access_token);
  await rows`
    insert into sessions (user_id, id, refresh_token_hash, retry_keys, expires_at)
    select id, 7, ''::bytea, ''::bytea, now() + interval '1 day' from users where id = ${id} for share`;
  t.strictSame(
    (await service.sessions((await service.login()).access_token)).map((session) => session.id).includes('7'),
    true,
  );
});

t.test('the index can be built in advance as the page says, and the migration keeps it', async (t) => {
  const databaseUrl = await emptyDatabase(t);
  const before = await mkdtemp(join(tmpdir(), 'latchkey-migrations-'));
  t.teardown(() => rm(before, { recursive: true, force: true }));
  const folder = join(packageRoot, 'drizzle', 'migrations');
  await cp(folder, before, { recursive: true });
  const journalPath = join(before, 'meta', '_journal.json');
  const journal = JSON.parse(await readFile(journalPath, 'utf8')) as { entries: { tag: string }[] };
  const entries = journal.entries.filter(({ tag }) => tag < MIGRATION);
  await writeFile(journalPath, JSON.stringify({ ...journal, entries }));
  t.ok((await readdir(before)).includes(`${MIGRATION}.sql`));
  await migrateDatabase(databaseUrl, { folder: before });

  const rows = rowsOf(t, databaseUrl);
  t.strictSame(
    [...(await rows`select to_regclass('jobs') as jobs`)],
    [{ jobs: null }],
    'the schema of the previous version',
  );
  await rows`insert into users (email, password_hash) values ('old@example.com', 'none')`;
  await rows`
    insert into sessions (user_id, id, refresh_token_hash, retry_keys, expires_at)
    select 1, 7, ''::bytea, ''::bytea, now() + interval '1 day'`;
  const page = codeBlocks('database.md', 'sql').find((block) => block.includes('sessions_living_idx')) ?? '';
  for (const statement of page.split(/;\n?/)) if (statement.trim() !== '') await rows.unsafe(statement);
  const [built] =
    await rows`select indexrelid::int as id, indisvalid as valid from pg_index where indexrelid = 'sessions_living_idx'::regclass`;
  t.equal(built?.valid, true);
  await rows`reset lock_timeout`;

  await migrateDatabase(databaseUrl);
  t.strictSame(
    [
      ...(await rows`select indexrelid::int as id, indisvalid as valid from pg_index where indexrelid = 'sessions_living_idx'::regclass`),
    ],
    [built],
    'the same index',
  );
  const service = await testAppOn(t, databaseUrl);
  t.equal((await service.app.userAdministration.listSessions(1)).length, 1, 'earlier sessions stay alive');
});
