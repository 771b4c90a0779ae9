// Queries on throttles.
import { and, eq, gt, isNull, lte, ne, sql } from 'drizzle-orm';
import { throttles } from '#drizzle/schema.js';
import type { DeletedBatch } from '#platform/database/batch.js';
import type { Db } from '#platform/database/database.js';

/** Whom an attempt is counted for: the account, and the account at the network that the attempt comes from. */
export interface ThrottleKeys {
  readonly account: Buffer;
  /** Undefined: it is not known where the attempt comes from. */
  readonly network: Buffer | undefined;
}

/** How many wrong passwords in a row are free, and the longest delay after those, in seconds. */
export interface ThrottleRule {
  readonly free: number;
  readonly maxDelay: number;
}

/** After so long without an attempt the count begins anew (Postgres interval). Longer than any delay can be. */
const REMEMBERED = '1 day';
/** No delay is longer: LOGIN_MAX_DELAY. */
const LONGEST_DELAY = '1 hour';
/** For so long after a login an account's network has a count of its own. */
const KNOWN = '30 days';

interface WindowRow extends Record<string, unknown> {
  readonly deleted: number;
  readonly seen: number;
  readonly last: Buffer | null;
}

const ph = sql.placeholder;

/** Prepares the statements on `db`. */
export function createThrottlesRepository(db: Db) {
  // The time of the row's lock, not that of the statement's beginning: of those that waited for it each sees the one before.
  const now = sql`clock_timestamp()`;
  const isRemembered = sql`${throttles.attemptedAt} > ${now} - ${sql.raw(`interval '${REMEMBERED}'`)}`;
  // 1, 2, 4 … seconds. The exponent is bounded: a power of an unbounded one would overflow.
  const delay = sql`least(2 ^ least(${throttles.failures} - ${ph('free')}::int, 20), ${ph('maxDelay')}::int) * interval '1 second'`;
  // A time of attempt that lies ahead is that of another server's clock, and holds nobody up.
  const isDelayed = sql`${throttles.failures} >= ${ph('free')}::int and ${now} between ${throttles.attemptedAt} and ${throttles.attemptedAt} + ${delay}`;
  const counter = sql`coalesce(
    (select known.key from ${throttles} known where known.key = ${ph('network')}::bytea and known.known_until > now()),
    ${ph('account')}::bytea)`;

  const claim = db
    .insert(throttles)
    .select(sql`select ${counter}, 1, ${now}, null::timestamptz`)
    .onConflictDoUpdate({
      target: throttles.key,
      set: {
        failures: sql`case when ${isRemembered} then ${throttles.failures} + 1 else 1 end`,
        attemptedAt: now,
      },
      setWhere: sql`not (${isDelayed})`,
    })
    .returning({ key: throttles.key })
    .prepare('throttle_claim');

  const wait = db
    .select({
      seconds: sql<number>`ceil(extract(epoch from ${throttles.attemptedAt} + ${delay} - ${now}))::int`,
    })
    .from(throttles)
    .where(sql`${throttles.key} = ${counter}`)
    .prepare('throttle_wait');

  // A row that says nothing any more goes: addresses that were made up must not fill the table when nothing was verified.
  const gone = db.$with('gone').as(
    db
      .delete(throttles)
      .where(and(eq(throttles.key, ph('key')), lte(throttles.failures, 1), isNull(throttles.knownUntil)))
      .returning({ key: throttles.key }),
  );
  const giveBack = db
    .with(gone)
    .update(throttles)
    // It was let through, so no delay was left: as before, the next one need not wait.
    .set({
      failures: sql`${throttles.failures} - 1`,
      attemptedAt: sql`${throttles.attemptedAt} - ${sql.raw(`interval '${LONGEST_DELAY}'`)}`,
    })
    .where(and(eq(throttles.key, ph('key')), gt(throttles.failures, 0), sql`not exists (select from ${gone})`))
    .prepare('throttle_give_back');

  const forgive = db
    .delete(throttles)
    .where(eq(throttles.key, ph('key')))
    .prepare('throttle_forgive');

  const forgiven = db.$with('forgiven').as(
    db
      .delete(throttles)
      .where(and(eq(throttles.key, ph('key')), ne(throttles.key, ph('network'))))
      .returning(),
  );
  const known = {
    failures: sql`0`,
    attemptedAt: sql`now()`,
    knownUntil: sql`now() + ${sql.raw(`interval '${KNOWN}'`)}`,
  };
  const forgiveAndKnow = db
    .with(forgiven)
    .insert(throttles)
    .values({ key: ph('network'), ...known })
    .onConflictDoUpdate({ target: throttles.key, set: known })
    .prepare('throttle_forgive_and_know');

  return {
    /**
     * Counts an attempt as a failure before it is made, in one statement: of any number at once, on any number of instances, no
     * more are let through than the rule allows. The key that it was counted under; undefined while that has to wait.
     */
    claim: async ({ account, network }: ThrottleKeys, rule: ThrottleRule): Promise<Buffer | undefined> =>
      (await claim.execute({ account, network: network ?? null, ...rule }))[0]?.key,

    /** For how many seconds an attempt has to wait; not positive when it need not any more. */
    wait: async ({ account, network }: ThrottleKeys, rule: ThrottleRule): Promise<number> =>
      (await wait.execute({ account, network: network ?? null, ...rule }))[0]?.seconds ?? 0,

    /** Takes back an attempt that was counted under `key` and not made. */
    giveBack: async (key: Buffer): Promise<void> => {
      await giveBack.execute({ key });
    },

    /** The attempt that was counted under `key` was right: nothing counts any more, and its network is known. */
    forgive: async (key: Buffer, network: Buffer | undefined): Promise<void> => {
      await (network === undefined ? forgive.execute({ key }) : forgiveAndKnow.execute({ key, network }));
    },

    /** Deletes what counts no more, among the `size` rows that follow `after` in the order of their keys. Waits for no lock. */
    deleteForgotten: async (after: Buffer, size: number): Promise<DeletedBatch<Buffer>> => {
      const [row] = await db.execute<WindowRow>(sql`
        with page as (
          select key from ${throttles} where key > ${after}::bytea order by key limit ${size}::int
        ), forgotten as (
          select t.key from ${throttles} t join page using (key)
          where t.attempted_at < now() - ${REMEMBERED}::interval and coalesce(t.known_until < now(), true)
          for update of t skip locked
        ), gone as (
          delete from ${throttles} t using forgotten where t.key = forgotten.key returning 1
        )
        select
          (select count(*)::int from gone) as deleted,
          (select count(*)::int from page) as seen,
          (select key from page order by key desc limit 1) as last`);
      if (row === undefined) throw new Error('a SELECT without FROM gave no row');
      return { deleted: row.deleted, last: row.seen === size && row.last !== null ? row.last : undefined };
    },
  };
}

export type ThrottlesRepository = ReturnType<typeof createThrottlesRepository>;
