// Logouts that arrive at once end their sessions in one statement: each only its own, once, and none waits for another's session.
import t, { type Test } from 'tap';
import { byUser } from '#audit/events.js';
import { createLogouts } from '#sessions/logouts.js';
import { createSessionsRepository, type Revocation } from '#sessions/repository.js';
import { testApp } from '../../support/app.js';
import { rowsOf } from '../../support/rows.js';

/** `count` users with one session each, and the logouts of these sessions. */
async function fixture(t: Test, count: number) {
  const service = await testApp(t);
  const rows = rowsOf(t, service.databaseUrl);
  for (let i = 0; i < count; i += 1) {
    await service.register(`${i}@example.com`);
    await service.login(`${i}@example.com`);
  }
  const stored = await rows`select user_id, id::float8 from sessions order by user_id`;
  const revocations = stored.map(({ user_id: userId, id: sessionId }): Revocation => {
    const origin = { ip: `192.0.2.${userId}`, userAgent: `Browser "${userId}"`, requestId: `request-${userId}` };
    return { userId, sessionId, event: { ...byUser({ userId, sessionId }, origin), event: 'session.logged_out' } };
  });
  const repository = createSessionsRepository(service.app.db);
  const sizes: number[] = [];
  const counted = {
    ...repository,
    revokeEach: (...args: Parameters<typeof repository.revokeEach>) => {
      sizes.push(args[0].length);
      return repository.revokeEach(...args);
    },
  };
  const events = () => rows`select * from audit_events where event = 'session.logged_out' order by actor_id, id`;
  const living = async () =>
    (await rows`select user_id from sessions where revoked_at is null order by user_id`).map(({ user_id }) => user_id);
  return { service, rows, revocations, sizes, end: createLogouts({ repository: counted }).end, events, living };
}

/** The members of the fixture are at least as many as the test uses. */
function at(revocations: readonly Revocation[], index: number): Revocation {
  const found = revocations[index];
  if (found === undefined) throw new Error('the fixture has fewer sessions');
  return found;
}

t.test('each session ends with its own event, in one statement', async (t) => {
  const { end, revocations, events, living, rows, sizes } = await fixture(t, 5);
  const left = at(revocations, 4);
  t.strictSame(await Promise.all(revocations.slice(0, 4).toReversed().map(end)), [true, true, true, true]);
  t.strictSame(sizes, [4]);
  t.strictSame(await living(), [left.userId]);
  const reasons = await rows`select distinct revoked_reason from sessions where revoked_at is not null`;
  t.strictSame([...reasons], [{ revoked_reason: 'logout' }]);
  const recorded = await events();
  t.strictSame(
    recorded.map(({ id: _id, at: _at, ...event }) => ({ ...event, session_id: Number(event.session_id) })),
    revocations.slice(0, 4).map(({ userId, sessionId }) => ({
      event: 'session.logged_out',
      actor_type: 'user',
      actor_id: userId,
      actor_name: null,
      target_type: 'session',
      target_id: String(sessionId),
      session_id: sessionId,
      ip: `192.0.2.${userId}`,
      user_agent: `Browser "${userId}"`,
      request_id: `request-${userId}`,
      details: {},
    })),
  );
});

t.test('fifty logouts of one session at once, beside another: one of them ends it', async (t) => {
  const { end, revocations, events, sizes } = await fixture(t, 2);
  const [one, other] = [at(revocations, 0), at(revocations, 1)];
  const ended = await Promise.all([...Array.from({ length: 50 }, () => end({ ...one })), end(other)]);
  t.equal(ended.filter(Boolean).length, 2);
  t.equal(ended.at(-1), true);
  t.equal((await events()).length, 2);
  t.strictSame(sizes, [2]);
});

t.test('a session that cannot be ended does not affect the others', async (t) => {
  const { end, revocations, events, rows, living } = await fixture(t, 6);
  const [ended, superseded, stranger, deleted, expired, good] = [0, 1, 2, 3, 4, 5].map((i) => at(revocations, i)) as [
    Revocation,
    Revocation,
    Revocation,
    Revocation,
    Revocation,
    Revocation,
  ];
  await rows`update sessions set revoked_at = now(), revoked_reason = 'password_changed' where user_id = ${ended.userId}`;
  await rows`update users set session_epoch = session_epoch + 1 where id = ${superseded.userId}`;
  await rows`delete from users where id = ${deleted.userId}`;
  await rows`update sessions set expires_at = now() where user_id = ${expired.userId}`;
  const asked = [ended, superseded, { ...stranger, userId: good.userId }, deleted, expired, good];
  // An expired session can be ended: a setting could make it live again.
  t.strictSame(await Promise.all(asked.map(end)), [false, false, false, false, true, true]);
  t.strictSame(
    (await events()).map(({ actor_id }) => actor_id),
    [expired.userId, good.userId],
  );
  t.strictSame(await living(), [superseded.userId, stranger.userId]);
  const [row] = await rows`select revoked_reason from sessions where user_id = ${ended.userId}`;
  t.equal(row?.revoked_reason, 'password_changed');
});

t.test('a value that Postgres rejects fails its own logout only', async (t) => {
  const { end, revocations, events, living } = await fixture(t, 3);
  const bad = at(revocations, 1);
  const origin = { ...bad.event.origin, userAgent: 'a NUL \0' };
  const outcomes = await Promise.allSettled(
    [at(revocations, 0), { ...bad, event: { ...bad.event, origin } }, at(revocations, 2)].map(end),
  );
  t.strictSame(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  t.strictSame(await living(), [bad.userId]);
  t.equal((await events()).length, 2);
});

t.test('a locked session does not delay the others, and its logout waits for it', async (t) => {
  const { end, revocations, rows, living } = await fixture(t, 3);
  const [first, held, last] = [0, 1, 2].map((i) => at(revocations, i)) as [Revocation, Revocation, Revocation];
  let waiting: Promise<boolean> | undefined;
  await rows.begin(async (tx) => {
    await tx`select 1 from sessions where user_id = ${held.userId} for update`;
    waiting = end(held);
    t.strictSame(await Promise.all([end(first), end(last)]), [true, true]);
    const alive = await tx`select user_id from sessions where revoked_at is null`;
    t.strictSame([...alive], [{ user_id: held.userId }]);
  });
  t.equal(await waiting, true);
  t.strictSame(await living(), []);
});
