// A distributed Postgres such as Citus routes a statement on sessions to one node if it compares `user_id` with one account. Postgres itself
// shows which statements do: on a table that is partitioned by `user_id`, their plans contain one partition.
import { sql } from 'drizzle-orm';
import t from 'tap';
import { violatesUnique } from '#platform/errors/database-errors.js';
import { testAppOn } from '../../../support/app.js';
import { testDatabase } from '../../../support/database.js';
import { rowsOf } from '../../../support/rows.js';
import { claimsOf } from '../../../support/service.js';

const PARTITIONS = 8;

/** A database whose sessions are partitioned by account. */
async function partitionedDatabase(): Promise<string> {
  const databaseUrl = await testDatabase(t);
  const rows = rowsOf(t, databaseUrl);
  await rows.unsafe(`
    alter table sessions rename to whole_sessions;
    create table sessions (like whole_sessions including defaults, primary key (user_id, id),
      foreign key (user_id) references users (id) on delete cascade) partition by hash (user_id);
    drop table whole_sessions;
    create index on sessions (user_id, epoch, created_at) where revoked_at is null`);
  for (let i = 0; i < PARTITIONS; i += 1) {
    await rows.unsafe(
      `create table sessions_part_${i} partition of sessions for values with (modulus ${PARTITIONS}, remainder ${i})`,
    );
  }
  return databaseUrl;
}

const env = { DATABASE_POOL_SIZE: '1', SETTING_MAX_SESSIONS_PER_USER: '3', SETTING_ACCESS_TOKEN_LIFETIME: '3600' };
const databaseUrl = await partitionedDatabase();
const service = await testAppOn(t, databaseUrl, { env });
const { app } = service;
const people = ['a@example.com', 'b@example.com', 'c@example.com'];

t.test('every statement on sessions that requests wait for meets one account, except the batches', async (t) => {
  // Operations that read or write sessions; the last ones at once, so that they are batches.
  for (const email of people) t.equal((await service.register(email)).statusCode, 201);
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

  const statements = await app.db.execute<{ name: string; statement: string; types: string }>(sql`
    select name, statement, array_to_string(parameter_types, ';') as types from pg_prepared_statements
    where statement ~ '\\msessions\\M' and statement !~ 'pg_prepared_statements'`);
  t.ok(statements.length > 10, 'the connection has prepared them');
  await app.db.execute(sql`set plan_cache_mode = force_custom_plan`);
  const scattered: string[] = [];
  for (const { name, statement, types } of statements) {
    const plan = await app.db.execute<Record<string, string>>(
      sql.raw(`explain execute ${name}${argumentsOf(types.split(';').filter(Boolean))}`),
    );
    const parts = new Set(
      plan.flatMap(
        (row) =>
          Object.values(row)
            .join()
            .match(/sessions_part_\d/g) ?? [],
      ),
    );
    if (parts.size > 1) scattered.push(statement);
  }
  t.strictSame(
    scattered.map((statement) => /json_to_recordset\(\$\d+::json\) as (\w+)/.exec(statement)?.[1] ?? statement).sort(),
    ['asked', 'presented'],
    'only the batches of logouts and of refreshes meet several',
  );
});

t.test('batches that the database does not support are done one by one', async (t) => {
  const rows = rowsOf(t, databaseUrl);
  // What Citus answers: "could not run distributed query with FOR UPDATE/SHARE commands".
  await rows.unsafe(`
    create function refuse_batches() returns trigger language plpgsql as $$ begin
      if current_query() like '%json_to_recordset%' then raise exception 'not supported' using errcode = '0A000'; end if;
      return null;
    end $$;
    create trigger refuse_batches before update on sessions for each statement execute function refuse_batches()`);
  for (let round = 0; round < 2; round += 1) {
    const pairs = [];
    for (const email of people.slice(1)) pairs.push(await service.login(email));
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

/** A value for each parameter. All numbers are equal, so that they are one account. */
function argumentsOf(types: readonly string[]): string {
  const values = types.map((type) => {
    if (type === 'json') return `'[{"user_id": 1}, {"user_id": 2}]'::json`;
    if (type === 'jsonb') return `'{}'::jsonb`;
    if (type.endsWith('[]')) return `'{}'::${type}`;
    if (type === 'bytea') return `'\\x00'::bytea`;
    if (type.startsWith('timestamp')) return `now()`;
    if (type === 'boolean') return 'false';
    return `'1'::${type}`;
  });
  return values.length === 0 ? '' : `(${values.join(', ')})`;
}

t.test('the name of a violated constraint may end with the number of a shard', async (t) => {
  const violation = (constraint_name: string) => ({ code: '23505', constraint_name });
  for (const name of ['users_email_key', 'users_email_key_102008'])
    t.ok(violatesUnique(violation(name), 'users_email_key'), name);
  for (const name of ['users_email_key_old', 'my_users_email_key', 'users_email_key_1x', ''])
    t.notOk(violatesUnique(violation(name), 'users_email_key'), name);
});
