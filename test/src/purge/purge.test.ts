// The purge of ended sessions, throttles and audit events: what is deleted, what stays, and that requests are not disturbed.
import { sql } from 'drizzle-orm';
import t, { type Test } from 'tap';
import { createAuditRepository } from '#audit/repository.js';
import { createMailsRepository } from '#mail/repository.js';
import { createPurgeRepository } from '#purge/repository.js';
import { createQuotasRepository } from '#quotas/repository.js';
import { createThrottlesRepository } from '#throttles/repository.js';
import { testApp, testAppOn } from '../../support/app.js';
import { matchAll } from '../../support/match.js';
import { isProblem } from '../../support/problem.js';
import { purgeOf } from '../../support/purge.js';
import { ageSessions, ageThrottles, rowsOf } from '../../support/rows.js';
import { resetSetting, setSetting } from '../../support/settings.js';
import { newUser } from '../../support/user.js';

const DAY = 86_400;

/** A service, its rows, and a purge with batches of five. */
async function fixture(t: Test) {
  const service = await testApp(t);
  const rows = rowsOf(t, service.databaseUrl);

  const begin = () => newUser(service);
  const beginMany = (count: number) => Promise.all(Array.from({ length: count }, begin));

  /** Makes the sessions of these users expired for `seconds`. */
  async function expire(users: readonly { id: number }[], seconds = 2 * DAY): Promise<void> {
    for (const { id } of users) await ageSessions(rows, id, 30 * DAY + seconds);
  }

  const ownersLeft = async () =>
    (await rows`select distinct user_id from sessions order by user_id`).map(({ user_id: id }) => id as number);
  const idsOf = (users: readonly { id: number }[]) => users.map(({ id }) => id).sort((a, b) => a - b);
  return { service, rows, begin, beginMany, expire, ownersLeft, idsOf, purge: purgeOf(service) };
}

t.test('sessions that ended more than a day ago are deleted, all others stay', async (t) => {
  const { service, rows, begin, expire, ownersLeft, idsOf, purge } = await fixture(t);
  const [living, old, expired, justExpired] = [await begin(), await begin(), await begin(), await begin()];
  const [revoked, justRevoked, both, capped] = [await begin(), await begin(), await begin(), await begin()];
  await ageSessions(rows, old.id, 29 * DAY);
  await expire([expired, both]);
  await expire([justExpired], 3600);
  for (const { refresh_token: token } of [revoked, justRevoked, both]) await service.logout(token);
  await ageSessions(rows, revoked.id, DAY + 60);
  await ageSessions(rows, justRevoked.id, DAY - 60);
  await ageSessions(rows, capped.id, 10 * DAY);
  await setSetting(service.app, 'SESSION_MAX_LIFETIME', DAY);

  t.match(await purge.purgeSessions(), { deleted: 3, finished: true });
  t.strictSame(
    await ownersLeft(),
    idsOf([living, old, justExpired, justRevoked, capped]),
    'sessions over the maximum lifetime are kept, since the setting may be a mistake',
  );
  matchAll(
    t,
    service.logLines().filter(({ event }) => event === 'sessions_purged'),
    [{ deleted: 3, finished: true }],
  );
  isProblem(t, await service.refresh(expired.refresh_token), 'invalid_refresh_token', 'the answer is the same');
  t.equal((await service.logout(expired.refresh_token)).statusCode, 200);
  await resetSetting(service.app, 'SESSION_MAX_LIFETIME');
  for (const each of [living, old, capped]) {
    t.equal((await service.refresh(each.refresh_token)).statusCode, 200);
  }
  t.match(await purge.purgeSessions(), { deleted: 0, finished: true }, 'and then there is nothing to do');
  t.equal(service.logLines().filter(({ event }) => event === 'sessions_purged').length, 1, 'nor to say');
});

t.test('a pass goes through the whole table, whatever the number of rows', async (t) => {
  const { service, rows, beginMany, expire, ownersLeft, idsOf } = await fixture(t);
  t.match(await purgeOf(service).purgeSessions(), { deleted: 0, windows: 1, finished: true }, 'an empty table');
  const users = await beginMany(12);
  await Promise.all(users.slice(0, 4).flatMap(({ email }) => [service.login(email), service.login(email)]));
  const [{ count } = { count: 0 }] = await rows`select count(*)::int as count from sessions`;
  t.equal(count, 20);
  const dead = users.filter((_, i) => i % 3 === 0);
  await expire(dead);
  for (const [size, windows] of [
    [1, 21],
    [5, 5],
    [7, 3],
    [20, 2],
    [21, 1],
  ] as const) {
    const isFirst = size === 1;
    const result = await purgeOf(service, size).purgeSessions();
    if (isFirst) t.match(result, { deleted: 8, windows, finished: true });
    else t.match(result, { deleted: 0, windows: Math.floor(12 / size) + 1, finished: true }, `${windows}`);
  }
  t.strictSame(await ownersLeft(), idsOf(users.filter((_, i) => i % 3 !== 0)));
});

t.test('a locked row is skipped, and deleted by the next pass', async (t) => {
  const { service, rows, begin, beginMany, expire, ownersLeft, purge } = await fixture(t);
  const held = await begin();
  await expire([held, ...(await beginMany(6))]);
  const transaction = await rowsOf(t, service.databaseUrl).reserve();
  await transaction`begin`;
  await transaction`select 1 from sessions where user_id = ${held.id} for update`;
  t.match(await purge.purgeSessions(), { deleted: 6, finished: true });
  t.strictSame(await ownersLeft(), [held.id]);
  await transaction`rollback`;
  transaction.release();
  t.match(await purge.purgeSessions(), { deleted: 1 });
  t.equal((await rows`select 1 from users`).length, 7, 'no account goes with it');
});

t.test('a session that is being extended by a concurrent transaction stays', async (t) => {
  const { service, begin, expire, ownersLeft, purge } = await fixture(t);
  const user = await begin();
  await expire([user]);
  const transaction = await rowsOf(t, service.databaseUrl).reserve();
  await transaction`begin`;
  await transaction`update sessions set expires_at = now() + interval '1 day'`;
  t.match(await purge.purgeSessions(), { deleted: 0 });
  await transaction`commit`;
  transaction.release();
  t.match(await purge.purgeSessions(), { deleted: 0 });
  t.strictSame(await ownersLeft(), [user.id]);
});

t.test('an instance does not purge while another one does', async (t) => {
  const { service, beginMany, expire, purge } = await fixture(t);
  await expire(await beginMany(3));
  const other = await testAppOn(t, service.databaseUrl);
  let met: unknown;
  // The other purge has run its statement but not committed its transaction.
  await other.app.db.transaction(async (tx) => {
    const within = { transaction: (run: (on: unknown) => unknown) => run(tx) } as never;
    t.match(await purgeOf(other, 5, createPurgeRepository(within)).purgeSessions(), { deleted: 3 });
    met = await purge.purgeSessions();
  });
  t.match(met, { deleted: 0, windows: 0, finished: false });
  t.match(await purge.purgeSessions(), { deleted: 0, finished: true });
});

t.test('two instances at once delete every ended session once, and no other', async (t) => {
  const { service, beginMany, expire, ownersLeft, idsOf, purge } = await fixture(t);
  const other = purgeOf(await testAppOn(t, service.databaseUrl));
  const users = await beginMany(40);
  await expire(users.slice(0, 20));
  let deleted = 0;
  // A pass that finds the other instance purging gives up.
  for (let round = 0; deleted < 20 && round < 100; round += 1) {
    for (const result of await Promise.all([purge.purgeSessions(), other.purgeSessions()])) deleted += result.deleted;
  }
  t.equal(deleted, 20);
  t.strictSame(await ownersLeft(), idsOf(users.slice(20)));
});

t.test('concurrent refreshes and logins are not disturbed', async (t) => {
  const { service, rows, beginMany, expire, ownersLeft, purge } = await fixture(t);
  const users = await beginMany(12);
  // Each user has ended sessions beside the live one.
  for (const { email } of users) await Promise.all([service.login(email), service.login(email)]);
  await expire(users);
  const pairs = await Promise.all(users.map(({ email }) => service.login(email)));
  let done = false;
  const passes = (async () => {
    let deleted = 0;
    while (!done) deleted += (await purge.purgeSessions()).deleted;
    return deleted + (await purge.purgeSessions()).deleted;
  })();
  await Promise.all(
    pairs.map(async (pair) => {
      let token = pair.refresh_token;
      for (let i = 0; i < 10; i += 1) {
        const answer = await service.refresh(token);
        t.equal(answer.statusCode, 200);
        token = answer.json().refresh_token;
      }
    }),
  );
  done = true;
  t.equal(await passes, 36);
  t.equal((await ownersLeft()).length, 12);
  t.equal((await rows`select 1 from sessions`).length, 12);
});

t.test('an aborted pass stops before its next statement', async (t) => {
  const { service, beginMany, expire } = await fixture(t);
  await expire(await beginMany(12));
  const stopping = new AbortController();
  const repository = createPurgeRepository(service.app.db);
  const purge = purgeOf(service, 5, {
    ...repository,
    deleteDeadSessions: (after, size) => {
      stopping.abort();
      return repository.deleteDeadSessions(after, size);
    },
  });
  t.match(await purge.purgeSessions(stopping.signal), { deleted: 5, windows: 1, finished: false });
});

t.test('no other index is needed, so refreshes stay heap-only updates', async (t) => {
  const { rows } = await fixture(t);
  t.strictSame(
    (await rows`select indexname from pg_indexes where tablename = 'sessions'`).map(({ indexname: name }) => name),
    ['sessions_pkey', 'sessions_living_idx'],
  );
});

t.test('no statement of a purge reads a whole table', async (t) => {
  const { service, rows, begin } = await fixture(t);
  const { id } = await begin();
  const ROWS = 5000;
  const hash = rows`sha256(i::text::bytea)`;
  const series = rows`generate_series(1, ${ROWS}) i`;
  await rows`
    insert into sessions (user_id, id, refresh_token_hash, retry_keys, expires_at)
    select ${id}, i, ${hash}, ''::bytea, now() + interval '1 day' from ${series}`;
  await rows`insert into throttles (key, failures, attempted_at) select ${hash}, 1, now() from ${series}`;
  await rows`insert into quotas (key, full_at) select ${hash}, now() + interval '1 hour' from ${series}`;
  await rows`insert into audit_events (event, actor_type) select 'login.failed', 'anonymous' from ${series}`;
  await rows`
    insert into mails (kind, recipient, state, sent_at) select 'verify_email', 'a@b.example', 'sent', now() from ${series}`;
  await rows`
    insert into account_tokens (user_id, purpose, token_hash, email, expires_at)
    select ${id}, 'second_factor', ${hash}, 'a@b.example', now() from ${series}`;
  await rows`insert into known_devices (user_id, fingerprint) select ${id}, ${hash} from ${series}`;
  await rows`insert into used_passkey_challenges (hash, expires_at) select ${hash}, now() from ${series}`;
  await rows`analyze`;
  const read = await service.app.db.transaction(async (tx) => {
    const within = { transaction: (run: (on: unknown) => unknown) => run(tx), execute: tx.execute.bind(tx) };
    const purge = createPurgeRepository(within as never);
    const noKey = Buffer.alloc(0);
    await purge.deleteDeadSessions({ userId: 0, id: -1 }, 5);
    await purge.deleteOldTokens(5);
    await purge.deleteOldDevices({ userId: 0, fingerprint: noKey }, 5);
    await purge.deleteOldChallenges(5);
    await createThrottlesRepository(tx as never).deleteExpired(noKey, 5);
    await createQuotasRepository(tx as never).deleteFull(noKey, 5);
    await createAuditRepository(tx as never).deleteOlder(365, 5);
    await createMailsRepository(tx as never).deleteOld({ sent: 7, dead: 30 }, 5);
    return tx.execute<{ relname: string }>(sql`
      select relname from pg_stat_xact_user_tables where seq_tup_read >= ${ROWS}::int order by relname`);
  });
  t.strictSame([...read], []);
});

t.test('audit events are kept for AUDIT_RETENTION_DAYS, and forever if it is 0', async (t) => {
  const { service, rows } = await fixture(t);
  const events = (days: number, count: number) =>
    rows`insert into audit_events (event, actor_type, at)
      select 'login.failed', 'anonymous', now() - ${days} * interval '1 day' from generate_series(1, ${count})`;
  const left = async () => (await rows`select 1 from audit_events where event = 'login.failed'`).length;
  await events(400, 12);
  await events(364, 3);
  await events(0, 2);
  const purge = purgeOf(service);
  await setSetting(service.app, 'AUDIT_RETENTION_DAYS', 0);
  t.equal(await purge.purgeAudit(), 0);
  t.equal(await left(), 17);
  await resetSetting(service.app, 'AUDIT_RETENTION_DAYS');
  const stopped = new AbortController();
  stopped.abort();
  t.equal(await purge.purgeAudit(stopped.signal), 0, 'nothing after it was told to stop');
  t.equal(await purge.purgeAudit(), 12, 'in several statements');
  t.equal(await left(), 5);
  await setSetting(service.app, 'AUDIT_RETENTION_DAYS', 30);
  t.equal(await purge.purgeAudit(), 3);
  t.equal(await left(), 2);
});

t.test(
  'throttles are deleted a day after the last attempt, and a month after the last login from a network',
  async (t) => {
    const { service, rows, purge } = await fixture(t);
    const made = (count: number, days: number, knownDays: number | null) =>
      rows`insert into throttles (key, failures, attempted_at, known_until)
      select sha256(random()::text::bytea), 3, now() - ${days} * interval '1 day', now() + ${knownDays}::float8 * interval '1 day'
      from generate_series(1, ${count})`;
    await made(12, 1.01, null);
    await made(2, 40, -0.01);
    await made(3, 0.99, null);
    await made(4, 20, 10);
    await made(1, 0.5, -1);
    t.match(await purge.purgeThrottles(), { deleted: 14, finished: true, windows: 5 }, 'in several statements');
    const left =
      await rows`select known_until is not null as known, count(*)::int from throttles group by 1 order by 1`;
    matchAll(t, left, [
      { known: false, count: 3 },
      { known: true, count: 5 },
    ]);
    matchAll(
      t,
      service.logLines().filter(({ event }) => event === 'throttles_purged'),
      [{ deleted: 14 }],
    );
    await ageThrottles(rows, 50 * DAY);
    await rows.begin(async (tx) => {
      await tx`select 1 from throttles order by key limit 1 for update`;
      t.match(
        await purge.purgeThrottles(),
        { deleted: 7, finished: true },
        'one that is just being counted is not waited for',
      );
    });
    t.match(await purge.purgeThrottles(), { deleted: 1, finished: true });
  },
);

t.test('quotas are deleted when they are full again', async (t) => {
  const { rows, purge, service } = await fixture(t);
  const made = (count: number, minutes: number) => rows`insert into quotas (key, full_at)
    select sha256(random()::text::bytea), now() + ${minutes} * interval '1 minute' from generate_series(1, ${count})`;
  await made(12, -1);
  await made(4, 10);
  t.match(await purge.purgeQuotas(), { deleted: 12, finished: true, windows: 4 });
  t.equal((await rows`select from quotas`).length, 4);
  matchAll(
    t,
    service.logLines().filter(({ event }) => event === 'quotas_purged'),
    [{ deleted: 12 }],
  );
  await rows`update quotas set full_at = now() - interval '1 second'`;
  await rows.begin(async (tx) => {
    await tx`select 1 from quotas order by key limit 1 for update`;
    t.match(
      await purge.purgeQuotas(),
      { deleted: 3, finished: true },
      'one that is being taken from is not waited for',
    );
  });
});

t.test('mails are deleted 7 days after they were sent, or 30 days after they were given up', async (t) => {
  const { rows, purge, service } = await fixture(t);
  const made = (count: number, state: string, age: number) => rows`
    insert into mails (kind, recipient, state, sent_at, next_attempt_at, created_at)
    select 'verify_email', 'a@b.example', ${state},
      case when ${state} = 'sent' then now() - ${age} * interval '1 day' end,
      now() - ${age} * interval '1 day', now() - interval '100 days'
    from generate_series(1, ${count})`;
  await made(7, 'sent', 7.1);
  await made(2, 'sent', 6.9);
  await made(6, 'dead', 30.1);
  await made(3, 'dead', 29.9);
  await made(1, 'waiting', 50);
  t.equal(await purge.purgeMails(), 13, 'in several statements');
  const left = await rows`select state, count(*)::int from mails group by state order by state`;
  matchAll(t, left, [
    { state: 'dead', count: 3 },
    { state: 'sent', count: 2 },
    { state: 'waiting', count: 1 },
  ]);
  matchAll(
    t,
    service.logLines().filter(({ event }) => event === 'mails_purged'),
    [{ deleted: 13 }],
  );
});

t.test(
  'tokens and challenges are deleted a day after they expired, and devices that nobody uses after 400 days',
  async (t) => {
    const { rows, purge, begin } = await fixture(t);
    const { id } = await begin();
    const token = (count: number, expires: number, used: number | null) => rows`
    insert into account_tokens (user_id, purpose, token_hash, email, expires_at, used_at)
    select ${id}, 'verify_email', sha256(random()::text::bytea), 'a@b.example',
      now() + ${expires} * interval '1 day', now() - ${used} * interval '1 day'
    from generate_series(1, ${count})`;
    await token(6, -1.1, null);
    await token(5, -1.1, 3);
    await token(1, 20, 1.1);
    await token(2, -0.9, null);
    await token(2, 20, 0.9);
    await token(1, 20, null);
    await rows`
    insert into known_devices (user_id, fingerprint, seen_at)
    select ${id}, sha256(age::text::bytea), now() - age * interval '1 day' from unnest(array[1, 399, 401, 900]) age`;
    await rows`
    insert into used_passkey_challenges (hash, expires_at)
    select sha256(hours::text::bytea), now() - hours * interval '1 hour' from unnest(array[-1, 1, 23, 25, 900]) hours`;
    t.strictSame(await purge.purgeTokens(), { tokens: 11, devices: 2, challenges: 2 });
    t.equal((await rows`select 1 from used_passkey_challenges`).length, 3);
    t.equal((await rows`select 1 from account_tokens`).length, 6);
    t.equal((await rows`select 1 from known_devices where seen_at > now() - interval '400 days'`).length, 2);
  },
);

t.test('a table that cannot be purged does not keep the others from it, and its error is reported', async (t) => {
  const { rows, purge, expire, begin } = await fixture(t);
  const user = await begin();
  await expire([user]);
  await rows`
    insert into known_devices (user_id, fingerprint, seen_at) values (${user.id}, sha256('old'), now() - interval '900 days')`;
  await rows`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$`;
  await rows`create trigger refuse before delete on sessions for each row execute function refuse()`;
  await t.rejects(purge.run(), { cause: { message: 'refused' } });
  t.equal((await rows`select 1 from sessions`).length, 1);
  t.equal((await rows`select 1 from known_devices where seen_at < now() - interval '400 days'`).length, 0);
});
