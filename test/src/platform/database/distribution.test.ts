// Citus routes a statement on the tables that are distributed by account to one node if it compares `user_id` with one account. Postgres
// itself shows which statements do: on tables that are partitioned by `user_id`, their plans contain one partition of each.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import t, { type Test } from 'tap';
import { placedTables } from '#distribution/repository.js';
import { isDatabaseUnavailable, violatesUnique } from '#platform/errors/database-errors.js';
import { packageRoot } from '#platform/process/package-info.js';
import { TEST_SECRET, type TestApp, testAppOn } from '../../../support/app.js';
import { testDatabase } from '../../../support/database.js';
import { runHere } from '../../../support/in-process.js';
import { isProblem } from '../../../support/problem.js';
import { rowsOf } from '../../../support/rows.js';
import { claimsOf } from '../../../support/service.js';

const PARTITIONS = 8;

/** Tables that are distributed by account. */
const distributed = placedTables().flatMap(({ name, place }) => (place === 'by account' ? [name] : []));

/** A database that partitions these tables by account, and claims to have Citus. */
async function partitionedDatabase(): Promise<string> {
  const databaseUrl = await testDatabase(t);
  const rows = rowsOf(t, databaseUrl);
  for (const table of distributed) {
    await rows.unsafe(`
      alter table ${table} rename to whole;
      create table ${table} (like whole including defaults including indexes,
        foreign key (user_id) references users (id) on delete cascade) partition by hash (user_id);
      drop table whole`);
    for (let i = 0; i < PARTITIONS; i += 1) {
      await rows.unsafe(
        `create table ${table}_part_${i} partition of ${table} for values with (modulus ${PARTITIONS}, remainder ${i})`,
      );
    }
  }
  await rows.unsafe(`
    set allow_system_table_mods = on;
    insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
    select 99999, 'citus', extowner, extnamespace, false, '13.2' from pg_extension where extname = 'plpgsql'`);
  return databaseUrl;
}

const env = {
  DATABASE_POOL_SIZE: '1',
  SETTING_MAX_SESSIONS_PER_USER: '3',
  SETTING_ACCESS_TOKEN_LIFETIME: '3600',
  SETTING_NOTIFY_NEW_SIGN_IN: 'true',
};
const databaseUrl = await partitionedDatabase();
const service = await testAppOn(t, databaseUrl, { env, catchesMail: true });
const { app } = service;
// Without mails a login remembers no device.
const unnoticed = await testAppOn(t, databaseUrl, { env });
const sent = recordStatements();
const people = ['a@example.com', 'b@example.com', 'c@example.com'];

t.test('every statement on sessions that requests wait for meets one account', async (t) => {
  // Operations that read or write sessions; the last ones at once, so that on one Postgres they would be batches.
  for (const email of people) t.equal((await service.register(email)).statusCode, 201);
  for (const email of people) await unnoticed.login(email);
  const pairs = [];
  for (const email of people) pairs.push(await service.login(email));
  const [first] = pairs;
  if (first === undefined) throw new Error('nobody is logged in');
  for (let i = 0; i < 4; i += 1) await service.login('a@example.com');
  const again = await service.login('a@example.com');
  const refreshed = (await service.refresh(again.refresh_token, 'key')).json();
  t.equal((await service.refresh(again.refresh_token, 'key')).json().refresh_token, refreshed.refresh_token);
  t.equal((await service.me(refreshed.access_token)).statusCode, 200);
  const list = await service.sessions(refreshed.access_token);
  const other = list.find(({ current }) => !current);
  t.equal((await service.endSession(refreshed.access_token, other?.id ?? '')).statusCode, 204);
  t.equal((await service.updateMe(refreshed.access_token, { username: 'A' })).statusCode, 200);
  t.equal((await service.updateMe(refreshed.access_token, { password: 'another password' })).statusCode, 200);
  t.equal((await service.endOtherSessions(refreshed.access_token)).statusCode, 204);
  t.equal((await service.logout(refreshed.refresh_token)).statusCode, 200);
  const [, ...others] = pairs;
  const rotated = await Promise.all(others.map(({ refresh_token: token }) => service.refresh(token)));
  t.strictSame(
    rotated.map(({ statusCode }) => statusCode),
    [200, 200],
  );
  const ended = await Promise.all(rotated.map((answer) => service.logout(answer.json().refresh_token)));
  t.strictSame(
    ended.map(({ statusCode }) => statusCode),
    [200, 200],
  );
  t.ok(claimsOf(first).user_id, 'there was an account');
  const [, , last = ''] = people;
  for (const args of [
    ['sessions', 'end', '--all'],
    ['users', 'disable'],
    ['users', 'enable'],
    ['users', 'delete', '--yes'],
  ]) {
    const reason = args.includes('disable') ? ['--reason', 'test'] : [];
    t.match(await runHere([...args, last, ...reason], { DATABASE_URL: databaseUrl, AUTH_SECRET: TEST_SECRET }), {
      code: 0,
    });
  }

  const rows = rowsOf(t, databaseUrl);
  await rows`set plan_cache_mode = force_custom_plan`;
  const statements = new Set([...sent, ...(await preparedBy(app)), ...(await preparedBy(unnoticed.app))]);
  for (const table of distributed) {
    t.ok([...statements].filter((each) => names(each, [table])).length > 1, `there are statements on ${table}`);
  }
  const [scattered, locking, unstable] = [new Set<string>(), new Set<string>(), new Set<string>()];
  // On a connection of the test: that of the service may be replaced.
  for (const [index, statement] of [...statements].entries()) {
    // Operators' overview counts all sessions.
    if (!names(statement, [...distributed, 'users']) || statement.startsWith('select count(')) continue;
    await rows.unsafe(`prepare s${index} as ${statement}`);
    const [{ types } = { types: '' }] = await rows<{ types: string }[]>`
      select array_to_string(parameter_types, ';') as types from pg_prepared_statements where name = ${`s${index}`}`;
    const [row] = await rows.unsafe<{ 'QUERY PLAN': { Plan: PlanNode }[] }[]>(
      `explain (verbose, format json) execute s${index}${argumentsOf(types.split(';').filter(Boolean))}`,
    );
    const nodes = (row?.['QUERY PLAN'] ?? []).flatMap(({ Plan }) => nodesOf(Plan));
    const parts = new Set(nodes.flatMap((node) => /_part_(\d)$/.exec(node['Relation Name'] ?? '')?.[1] ?? []));
    if (parts.size > 1) scattered.add(statement);
    if (/\bfor (key )?share\b/.test(statement)) locking.add(statement);
    const returned = nodes.flatMap((node) => (node['Node Type'] === 'ModifyTable' ? (node.Output ?? []) : []));
    if (/^update .* set .*coalesce\([^()]*now\(\)/s.test(statement)) unstable.add(statement);
    const written = nodes.some((node) => node['Node Type'] === 'ModifyTable')
      ? nodes.flatMap(({ Output = [] }) => Output)
      : [];
    if (written.some((expression) => /_at [+-] /.test(expression))) unstable.add(statement);
    if (returned.some((expression) => /\b(now|clock_timestamp)\(|EXTRACT\((?!.*AT TIME ZONE)/.test(expression)))
      unstable.add(statement);
  }
  t.strictSame([...scattered], [], 'none meets several accounts');
  t.strictSame(
    [...locking],
    [],
    'none locks a copied table for sharing, which would lock all of it, for two transactions that then both change it',
  );
  t.strictSame(
    [...unstable],
    [],
    'a change returns nothing that depends on settings or on the time, and decides by no `coalesce` with the time',
  );
});

t.test('refreshes and logouts that arrive at once are done one by one', async (t) => {
  // What Citus answers to a batch: "could not run distributed query with FOR UPDATE/SHARE commands".
  await refuse(t, 'update on sessions', '%json_to_recordset%');
  const others = ['d@example.com', 'e@example.com'];
  for (const email of others) await service.register(email);
  for (let round = 0; round < 2; round += 1) {
    const pairs = [];
    for (const email of others) pairs.push(await service.login(email));
    const rotated = await Promise.all(pairs.map(({ refresh_token: token }) => service.refresh(token)));
    const ended = await Promise.all(rotated.map((answer) => service.logout(answer.json().refresh_token)));
    t.strictSame(
      [...rotated, ...ended].map(({ statusCode }) => statusCode),
      [200, 200, 200, 200],
    );
    for (const answer of rotated)
      t.equal((await service.refresh(answer.json().refresh_token)).statusCode, 401, 'ended');
  }
});

t.test('a registration has no conflict clause, with which Citus would run one after the other', async (t) => {
  await refuse(t, 'insert on users', '%on conflict%');
  for (const [email, { register }] of [
    ['with-mail@example.com', service],
    ['without-mail@example.com', unnoticed],
  ] as const) {
    t.equal((await register(email)).statusCode, 201, email);
    isProblem(t, await register(email), 'email_taken', email);
    const atOnce = await Promise.all(Array.from({ length: 5 }, () => register(`again-${email}`)));
    t.strictSame(atOnce.map(({ statusCode }) => statusCode).sort(), [201, 409, 409, 409, 409], email);
  }
});

/** Until the test ends, statements whose text is like `pattern` fail, as such that Citus does not support. */
async function refuse(t: Test, change: 'update on sessions' | 'insert on users', pattern: string): Promise<void> {
  const rows = rowsOf(t, databaseUrl);
  await rows.unsafe(`
    create function refuse() returns trigger language plpgsql as $$ begin
      if current_query() ilike '${pattern}' then raise exception 'not supported' using errcode = '0A000'; end if;
      return null;
    end $$;
    create trigger refuse before ${change} for each statement execute function refuse()`);
  t.teardown(async () => {
    await rows`drop function refuse cascade`;
  });
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Output?: readonly string[];
  readonly Plans?: readonly PlanNode[];
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

const names = (statement: string, tables: readonly string[]) =>
  tables.some((table) => new RegExp(`\\b${table}\\b`).test(statement));

/** The statements that the only connection of an application has prepared. */
async function preparedBy({ db }: TestApp['app']): Promise<string[]> {
  const found = await db.execute<{ statement: string }>(sql`select statement from pg_prepared_statements`);
  return found.map(({ statement }) => statement);
}

/** Receives every other statement of the applications of this process. */
function recordStatements(): ReadonlySet<string> {
  const seen = new Set<string>();
  // Drizzle's `session` is not in its types. Each transaction has its own, of the same class.
  const { session } = app.db as unknown as { session: object };
  const { prepareQuery } = Object.getPrototypeOf(session);
  t.teardown(() => Object.assign(Object.getPrototypeOf(session), { prepareQuery }));
  Object.assign(Object.getPrototypeOf(session), {
    prepareQuery(query: { sql: string }, ...rest: unknown[]) {
      const prepared = prepareQuery.call(this, query, ...rest);
      const execute = prepared.execute.bind(prepared);
      prepared.execute = (...values: unknown[]) => {
        seen.add(query.sql);
        return execute(...values);
      };
      return prepared;
    },
  });
  return seen;
}

/** A value for each parameter. All numbers are equal, so that they are one account. */
function argumentsOf(types: readonly string[]): string {
  const values = types.map((type) => {
    if (type === 'jsonb') return `'{}'::jsonb`;
    if (type.endsWith('[]')) return `'{}'::${type}`;
    if (type === 'bytea') return `'\\x00'::bytea`;
    if (type.startsWith('timestamp')) return `now()`;
    if (type === 'boolean') return 'false';
    return `'1'::${type}`;
  });
  return values.length === 0 ? '' : `(${values.join(', ')})`;
}

t.test(
  'no statement on our tables has a subquery without columns, which Citus cannot write down for another node',
  async (t) => {
    const src = join(packageRoot, 'src');
    const files = (await readdir(src, { recursive: true })).filter((name) => name.endsWith('.ts'));
    t.ok(files.includes(join('sign-in', 'repository.ts')));
    for (const name of files.filter((name) => !name.startsWith('platform'))) {
      t.notMatch(await readFile(join(src, name), 'utf8'), /\bselect\s+from (?!pg_catalog\b)/, name);
    }
  },
);

t.test('the name of a violated constraint may end with the number of a shard, or be in the message only', async (t) => {
  const violation = (constraint_name: string) => ({ code: '23505', constraint_name });
  const remote = (name: string) => ({
    code: '23505',
    message: `duplicate key value violates unique constraint "${name}"`,
  });
  for (const name of ['users_email_key', 'users_email_key_102008'])
    for (const error of [violation(name), remote(name)]) t.ok(violatesUnique(error, 'users_email_key'), name);
  for (const name of ['users_email_key_old', 'my_users_email_key', 'users_email_key_1x', ''])
    for (const error of [violation(name), remote(name)]) t.notOk(violatesUnique(error, 'users_email_key'), name);
  t.notOk(violatesUnique({ code: '23503', message: 'users_email_key' }, 'users_email_key'));
});

t.test('a node that has gone is an unavailable database', async (t) => {
  const message = 'failure on connection marked as essential: worker-2:5432';
  t.ok(isDatabaseUnavailable({ code: 'XX000', message }));
  t.notOk(isDatabaseUnavailable({ code: 'XX000', message: 'cache lookup failed' }));
});

t.test('every table has a place, and what is distributed by account is unique within an account', async (t) => {
  const rows = rowsOf(t, await testDatabase(t));
  const found = await rows<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations' order by 1`;
  t.strictSame(
    placedTables()
      .map(({ name }) => name)
      .sort(),
    found.map(({ name }) => name),
  );
  const indexes = await rows<{ index: string }[]>`
    select i.indexrelid::regclass::text as index from pg_index i
    where i.indrelid = any(${distributed}::regclass[]) and i.indisunique and not exists (
      select from pg_attribute a where a.attrelid = i.indrelid and a.attname = 'user_id' and a.attnum = any(i.indkey))`;
  t.strictSame([...indexes], [], 'Citus supports no other unique index');
  const identities = await rows<{ name: string }[]>`
    select attrelid::regclass::text as name from pg_attribute where attrelid = any(${distributed}::regclass[]) and attidentity <> ''`;
  t.strictSame([...identities], [], 'Citus distributes no table with an identity column that refers to a copied one');
});
