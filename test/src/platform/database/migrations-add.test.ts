// Version n has to work on the schema of n + 1, so migrations only add, and never lock a table for long.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '#platform/process/package-info.js';

const FOLDER = join(packageRoot, 'drizzle', 'migrations');

/** Reviewed statements. The indexes were added before the first release, when no deployment had many rows. */
const REVIEWED = new Set([
  'CREATE INDEX "users_email_prefix_idx" ON "users" USING btree ("email" text_pattern_ops)',
  'CREATE INDEX "users_roles_idx" ON "users" USING gin ("roles") WHERE "users"."roles" <> \'{}\'::text[]',
  // docs/database.md says how to build it in advance when there are many sessions.
  'CREATE INDEX IF NOT EXISTS "sessions_living_idx" ON "sessions" USING btree ("user_id","epoch","created_at") WHERE "sessions"."revoked_at" is null',
  // docs/database.md says how to build it in advance when there are many events.
  'CREATE INDEX IF NOT EXISTS "audit_events_ip_idx" ON "audit_events" USING btree ("ip","id")',
  // Contains no row at first, so that it takes one scan of the accounts.
  'CREATE INDEX IF NOT EXISTS "users_deletion_due_idx" ON "users" USING btree ("deletion_due_at") WHERE "users"."deletion_due_at" is not null',
  // docs/database.md says how to build it in advance when there are many accounts.
  'CREATE INDEX IF NOT EXISTS "users_disabled_idx" ON "users" USING btree ("id") WHERE "users"."disabled_at" is not null',
  // Contains no row at first, and the table has a row per unfinished job: version n leaves the key null.
  'CREATE UNIQUE INDEX "jobs_unique_key" ON "jobs" USING btree ("unique_key") WHERE "jobs"."unique_key" is not null',
  // Contains no row at first: version n writes no urgent mail, and those of today have at most a few thousand waiting ones.
  `CREATE INDEX "mails_urgent_idx" ON "mails" USING btree ("next_attempt_at") WHERE "mails"."state" = 'waiting' and "mails"."urgent"`,
  // Logins of version n do not set the column that n + 1 adds; the trigger does.
  'CREATE FUNCTION "sessions_set_epoch"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN SELECT "session_epoch" INTO NEW."epoch" FROM "public"."users" WHERE "id" = NEW."user_id"; RETURN NEW; END $$',
  'CREATE TRIGGER "sessions_set_epoch" BEFORE INSERT ON "sessions" FOR EACH ROW WHEN (NEW."epoch" = 0) EXECUTE FUNCTION "sessions_set_epoch"()',
]);

/**
 * The statements of a migration that break version n or block its traffic. Every statement that is not known to be harmless
 * counts. On a table that the migration creates anything is allowed, since nothing uses it yet.
 */
function breaking(migration: string): string[] {
  const statements = migration
    .split('--> statement-breakpoint')
    .flatMap((part) => part.replaceAll(/^--.*$/gm, '').split(/;\s*(?:\n|$)/))
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
  const made = new Set(statements.map((statement) => /^CREATE TABLE "(\w+)"/.exec(statement)?.[1]));
  return statements.filter((statement) => {
    if (/^CREATE TABLE "/.test(statement) || REVIEWED.has(statement)) return false;
    const [, table] = /^(?:ALTER TABLE|CREATE (?:UNIQUE )?INDEX "\w+" ON) "(\w+)"/.exec(statement) ?? [];
    if (table !== undefined && made.has(table)) return false;
    const [, action = ''] = /^ALTER TABLE "\w+" (.*)$/s.exec(statement) ?? [];
    // Storage parameters do not rewrite the table and do not affect queries.
    if (/^SET \([\w\s=.,]+\)$/.test(action)) return false;
    // Existing rows are not checked. The review has to ensure that version n writes valid rows.
    if (/^ADD CONSTRAINT "\w+" CHECK \(.*\) NOT VALID$/s.test(action)) return false;
    return !isHarmlessColumn(action);
  });
}

/** A constant default does not rewrite the table, and the INSERT of version n does not name the column. */
function isHarmlessColumn(action: string): boolean {
  const [, definition] = /^ADD COLUMN (?:IF NOT EXISTS )?"\w+" ([^,]*)$/s.exec(action) ?? [];
  if (definition === undefined || /\b(UNIQUE|PRIMARY KEY|REFERENCES|GENERATED|CHECK|serial)\b/i.test(definition))
    return false;
  const [, value] = /\bDEFAULT (.+?)(?: NOT NULL)?$/s.exec(definition) ?? [];
  if (value === undefined) return !/\bNOT NULL\b/.test(definition);
  return value === 'now()' || !value.includes('(');
}

t.test('every migration after the first contains only harmless statements', async (t) => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.sql'));
  t.ok(files.length > 1);
  for (const name of files.sort().slice(1)) {
    t.strictSame(breaking(readFileSync(join(FOLDER, name), 'utf8')), [], name);
  }
});

t.test('harmless statements are allowed, and breaking ones are reported', async (t) => {
  const allowed = [
    'CREATE TABLE "a" ("id" integer PRIMARY KEY NOT NULL)',
    'ALTER TABLE "users" ADD COLUMN "a" text',
    `ALTER TABLE "users" ADD COLUMN "a" text DEFAULT '' NOT NULL`,
    'ALTER TABLE "users" ADD COLUMN "a" timestamp with time zone DEFAULT now() NOT NULL',
    'ALTER TABLE "users" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05)',
    'ALTER TABLE "users" ADD CONSTRAINT "c" CHECK ("users"."a" > 0) NOT VALID',
  ];
  for (const statement of allowed) t.strictSame(breaking(`-- Why.\n${statement};\n`), [], statement);
  t.strictSame(
    breaking(
      'CREATE TABLE "a" ("id" integer);\n--> statement-breakpoint\nCREATE UNIQUE INDEX "i" ON "a" USING btree ("id");' +
        '--> statement-breakpoint\nALTER TABLE "a" ADD CONSTRAINT "f" FOREIGN KEY ("id") REFERENCES "public"."users"("id")',
    ),
    [],
    'on a new table',
  );
  const refused = [
    'DROP TABLE "users"',
    'DROP INDEX "users_email_key"',
    'ALTER TABLE "users" DROP COLUMN "email"',
    'ALTER TABLE "users" RENAME COLUMN "email" TO "mail"',
    'ALTER TABLE "users" RENAME TO "people"',
    'ALTER TABLE "users" ALTER COLUMN "email" SET NOT NULL',
    'ALTER TABLE "users" ALTER COLUMN "id" SET DATA TYPE bigint',
    'ALTER TABLE "users" ADD COLUMN "a" text NOT NULL',
    'ALTER TABLE "users" ADD COLUMN "a" uuid DEFAULT gen_random_uuid() NOT NULL',
    'ALTER TABLE "users" ADD COLUMN "a" serial',
    'ALTER TABLE "users" ADD COLUMN "a" text UNIQUE',
    'ALTER TABLE "users" ADD COLUMN "a" text, DROP COLUMN "email"',
    'ALTER TABLE "users" ADD CONSTRAINT "c" CHECK ("users"."a" > 0)',
    'ALTER TABLE "users" ADD CONSTRAINT "f" FOREIGN KEY ("a") REFERENCES "public"."b"("id")',
    'CREATE INDEX "i" ON "users" USING btree ("a")',
    'CREATE UNIQUE INDEX "i" ON "users" USING btree ("a")',
    'CREATE INDEX CONCURRENTLY "i" ON "users" USING btree ("a")',
    `UPDATE "users" SET "username" = ''`,
    'TRUNCATE "users"',
  ];
  for (const statement of refused) t.strictSame(breaking(`${statement};`), [statement], statement);
  t.strictSame(
    breaking(`${allowed.slice(1, 3).join(';\n')};\nDROP TABLE "users";\n`),
    ['DROP TABLE "users"'],
    'one among several',
  );
});
