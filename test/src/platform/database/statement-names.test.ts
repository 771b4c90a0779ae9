// Names of statements in traces.
import t from 'tap';
import { createStatementNames, summaryOf } from '#platform/database/statement-names.js';

t.test('a statement without a name is called after what it does to which tables', async (t) => {
  for (const [text, name] of [
    ['select "id" from "users" where "users"."email" = $1', 'SELECT users'],
    ['insert into "audit_events" ("a") values ($1) on conflict do update set "a" = $2', 'INSERT audit_events'],
    ['update "auth"."sessions" set "revoked_at" = now() where "id" = $1', 'UPDATE sessions'],
    [
      'with "ended" as (update "sessions" set "a" = 1 returning "id") insert into "audit_events" select * from "ended"',
      'UPDATE sessions, INSERT audit_events, SELECT ended',
    ],
    ['delete from "jobs" where "id" in (select "id" from "jobs" for update skip locked)', 'DELETE jobs, SELECT jobs'],
    ["select set_config('a', 'secret@example.com', true)", 'SELECT'],
    ['', 'SQL'],
  ] as const) {
    t.equal(summaryOf(text), name);
  }
});

t.test('a name that was given counts, however the statement is run', async (t) => {
  const { learn, nameOf } = createStatementNames();
  t.equal(nameOf('select 1'), 'SELECT');
  learn('select "a" from "b"', 'find_b');
  t.equal(nameOf('select "a" from "b"'), 'find_b');
  for (let index = 0; index < 1100; index += 1) t.equal(nameOf(`delete from "t${index}"`), `DELETE t${index}`);
});
