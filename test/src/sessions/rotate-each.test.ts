// Rotating many sessions with one statement: each only by its own token, and none waits for another.
import { createHash, randomBytes } from 'node:crypto';
import t, { type Test } from 'tap';
import { createSessionsRepository, type Rotation } from '#sessions/repository.js';
import { NO_RETRY_KEYS } from '#sessions/retry-keys.js';
import { sharedApps, testAppOn } from '../../support/app.js';
import { rowsOf } from '../../support/rows.js';

const apps = sharedApps(t);

const LIFETIMES = { lifetime: 60, maxLifetime: 0 };

/** `count` users with one session each, and the rotations of these sessions. */
async function fixture(t: Test, count: number) {
  const service = await apps();
  const rows = rowsOf(t, service.databaseUrl);
  for (let i = 0; i < count; i += 1) {
    const email = `${i}@example.com`;
    await service.register(email);
    await service.login(email);
  }
  const sessions = async () =>
    rows`select user_id, id::float8, generation, refresh_token_hash, retry_keys from sessions order by user_id`;
  const rotations: Rotation[] = (await sessions()).map(({ user_id, id, generation, refresh_token_hash }) => ({
    address: { userId: user_id, sessionId: id, generation },
    currentHash: refresh_token_hash,
    nextHash: randomBytes(32),
    retryKey: randomBytes(8),
  }));
  return { service, rows, sessions, rotations, repository: createSessionsRepository(service.app.db) };
}

t.test('each session gets its own next token, and its user is returned', async (t) => {
  const { repository, rotations, sessions, rows } = await fixture(t, 5);
  await rows`update users set username = 'user ' || id, roles = array['role-' || id]`;
  const outcomes = await repository.rotateEach(rotations.toReversed(), LIFETIMES);
  const others = { emailVerified: false, amr: 'pwd', hasSecondFactor: false, secondFactorAskedAt: null };
  t.strictSame(
    outcomes.map((each) =>
      each.type === 'rotated' ? { ...each, user: { ...each.user, authTime: typeof each.user.authTime } } : each,
    ),
    rotations.toReversed().map(({ address: { userId } }, position) => ({
      type: 'rotated',
      user: { position, username: `user ${userId}`, roles: [`role-${userId}`], ...others, authTime: 'number' },
    })),
  );
  const after = await sessions();
  for (const [index, { nextHash, retryKey }] of rotations.entries()) {
    t.equal(after[index]?.generation, 1);
    t.ok(after[index]?.refresh_token_hash.equals(nextHash));
    t.ok(after[index]?.retry_keys.equals(Buffer.concat([retryKey, NO_RETRY_KEYS]).subarray(0, NO_RETRY_KEYS.length)));
  }
  t.strictSame(
    await repository.rotateEach(rotations, LIFETIMES),
    Array(5).fill({ type: 'undecided' }),
    'and only once',
  );
  t.strictSame(await sessions(), after);
});

t.test('a session that cannot be rotated is unchanged, and the others are rotated', async (t) => {
  const { repository, rotations, sessions, rows } = await fixture(t, 8);
  const [disabled, revoked, expired, capped, otherHash, otherGeneration, stranger, good] = rotations as [
    Rotation,
    Rotation,
    Rotation,
    Rotation,
    Rotation,
    Rotation,
    Rotation,
    Rotation,
  ];
  const idOf = ({ address }: Rotation) => address.userId;
  await rows`update users set disabled_at = now() where id = ${idOf(disabled)}`;
  await rows`update sessions set revoked_at = now(), revoked_reason = 'logout' where user_id = ${idOf(revoked)}`;
  await rows`update sessions set expires_at = now() where user_id = ${idOf(expired)}`;
  await rows`update sessions set created_at = now() - interval '2 hours' where user_id = ${idOf(capped)}`;
  const before = await sessions();
  const asked = [
    disabled,
    revoked,
    expired,
    capped,
    { ...otherHash, currentHash: good.currentHash },
    { ...otherGeneration, address: { ...otherGeneration.address, generation: 1 } },
    { ...stranger, address: { ...stranger.address, userId: idOf(good) } },
    good,
  ];
  const outcomes = await repository.rotateEach(asked, { lifetime: 60, maxLifetime: 3600 });
  t.strictSame(
    outcomes.map(({ type }) => type === 'rotated'),
    [false, false, false, false, false, false, false, true],
  );
  t.strictSame((await sessions()).slice(0, -1), before.slice(0, -1));
});

t.test('when many statements rotate the same sessions at once, each session is rotated by one of them', async (t) => {
  const { repository, rotations, sessions } = await fixture(t, 6);
  for (let round = 0; round < 20; round += 1) {
    const now = await sessions();
    const asked = rotations.map((rotation, index) => ({
      ...rotation,
      address: { ...rotation.address, generation: round },
      currentHash: now[index]?.refresh_token_hash,
    }));
    const all = await Promise.all(
      [asked, asked.toReversed(), asked, asked.toReversed(), asked].map((each) =>
        repository.rotateEach(
          each.map((rotation) => ({ ...rotation, nextHash: randomBytes(32) })),
          LIFETIMES,
        ),
      ),
    );
    t.equal(all.flat().filter(({ type }) => type === 'rotated').length, rotations.length, `round ${round}`);
    t.ok((await sessions()).every(({ generation }) => generation === round + 1));
  }
});

t.test(
  'a concurrent end of a session comes before or after the rotation, and an ended session is not rotated',
  async (t) => {
    const { repository, rotations, sessions, rows } = await fixture(t, 4);
    let ended = 0;
    for (let round = 0; round < 30; round += 1) {
      const now = await sessions();
      await rows`update sessions set revoked_at = null, revoked_reason = null`;
      const asked = rotations.map((rotation, index) => ({
        ...rotation,
        address: { ...rotation.address, generation: now[index]?.generation },
        currentHash: now[index]?.refresh_token_hash,
      }));
      const [outcomes, revoked] = await Promise.all([
        repository.rotateEach(asked, LIFETIMES),
        // Returns the generation at the end of the session.
        rows`update sessions set revoked_at = now(), revoked_reason = 'logout' returning user_id, generation`,
      ]);
      ended += outcomes.filter(({ type }) => type === 'undecided').length;
      const generations = new Map(revoked.map(({ user_id, generation }) => [user_id, generation]));
      for (const [index, { user_id, generation }] of (await sessions()).entries()) {
        t.equal(generation, generations.get(user_id), 'no rotation after the end');
        t.equal(
          generation,
          (now[index]?.generation ?? 0) + (outcomes[index]?.type === 'rotated' ? 1 : 0),
          'and what was answered was done',
        );
      }
    }
    t.comment(`${ended} of 120 ended first`);
  },
);

t.test('one statement rotates two hundred sessions', async (t) => {
  const { rows, rotations, repository } = await fixture(t, 1);
  const [{ address } = { address: { userId: 0 } }] = rotations;
  await rows`
    insert into sessions (user_id, id, generation, refresh_token_hash, retry_keys, created_at, refreshed_at, expires_at)
    select ${address.userId}, n, 0, sha256(n::text::bytea), ${NO_RETRY_KEYS}, now(), now(), now() + interval '1 hour'
    from generate_series(1, 200) n`;
  const [{ hash } = { hash: undefined }] = await rows`select sha256('7') as hash`;
  const asked = Array.from({ length: 200 }, (_, n) => ({
    address: { userId: address.userId, sessionId: n + 1, generation: 0 },
    currentHash: createHash('sha256')
      .update(String(n + 1))
      .digest(),
    nextHash: randomBytes(32),
    retryKey: randomBytes(8),
  }));
  t.ok(asked[6]?.currentHash.equals(hash));
  const outcomes = await repository.rotateEach(asked, LIFETIMES);
  t.equal(outcomes.filter(({ type }) => type === 'rotated').length, 200);
});

t.test('a locked session does not delay the others', async (t) => {
  const { service, rows } = await fixture(t, 0);
  const tokens: string[] = [];
  const ids: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    const { id } = (await service.register(`held${i}@example.com`)).json();
    ids.push(id);
    tokens.push((await service.login(`held${i}@example.com`)).refresh_token);
  }
  let held: Promise<number> | undefined;
  await rows.begin(async (tx) => {
    await tx`select 1 from sessions where user_id = ${Number(ids[2])} for update`;
    const answers = tokens.map(async (token) => (await service.refresh(token)).statusCode);
    held = answers[2];
    const first = await Promise.race([held, Promise.all(answers.filter((answer) => answer !== held))]);
    t.strictSame(first, [200, 200, 200, 200], 'the others do not wait');
  });
  t.equal(await held, 200, 'it is refreshed when the lock is released');
});

t.test('each token that is refreshed at once on two instances succeeds on one of them', async (t) => {
  const { service } = await fixture(t, 0);
  const other = await testAppOn(t, service.databaseUrl);
  const tokens: string[] = [];
  for (let i = 0; i < 10; i += 1) {
    await service.register(`twice${i}@example.com`);
    tokens.push((await service.login(`twice${i}@example.com`)).refresh_token);
  }
  const [here, there] = await Promise.all(
    [service, other].map((each) => Promise.all(tokens.map((token) => each.refresh(token)))),
  );
  for (const [index, answer] of (here ?? []).entries()) {
    const statuses = [answer.statusCode, there?.[index]?.statusCode].toSorted();
    t.strictSame(statuses, [200, 401]);
  }
});
