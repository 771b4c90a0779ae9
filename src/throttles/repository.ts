// Queries on throttles.
import { and, asc, eq, gt, inArray, isNull, lte, ne, notInArray, sql } from 'drizzle-orm';
import { throttles } from '#drizzle/schema.js';
import type { DeletedBatch } from '#platform/database/batch.js';
import type { Db } from '#platform/database/database.js';

/**
 * Whom an attempt is counted for: the account, and the account at the network that the attempt comes from. One key for each
 * `AUTH_SECRET`, the current one first.
 */
export interface ThrottleKeys {
  readonly accounts: Keys;
  /** Undefined: it is not known where the attempt comes from. */
  readonly networks: Keys | undefined;
}

type Keys = readonly [Buffer, ...Buffer[]];

/** An attempt that has been counted. */
export interface Claim {
  /** What it is counted under. */
  readonly keys: readonly Buffer[];
  /** Whether that is the count of a network that the account knows, instead of the account's own. */
  readonly isKnown: boolean;
}

/** Why an attempt is not let through. */
export interface Delay {
  /** How long it has to wait; not positive when it need not any more. */
  readonly seconds: number;
  /** Since the last attempt that was let through. */
  readonly millisecondsSince: number;
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

  const delayOf = {
    seconds: sql<number>`ceil(extract(epoch from ${throttles.attemptedAt} + ${delay} - ${now}))::int`,
    millisecondsSince: sql<number>`(1000 * extract(epoch from ${now} - ${throttles.attemptedAt}))::float`,
  };
  const wait = db.select(delayOf).from(throttles).where(sql`${throttles.key} = ${counter}`).prepare('throttle_wait');

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

  // While `AUTH_SECRET` is being changed, other instances count under one of its secrets only: an attempt counts under all of them, and
  // waits while it would have to under any.
  const isMany = ({ accounts }: ThrottleKeys) => accounts.length > 1;

  /** All that an attempt counts under, while there is more than one secret. */
  async function countersOf({ accounts, networks }: ThrottleKeys, on: Pick<Db, 'select'>): Promise<Claim> {
    if (networks !== undefined) {
      const isKnownNow = and(inArray(throttles.key, [...networks]), sql`${throttles.knownUntil} > now()`);
      const [known] = await on.select({ key: throttles.key }).from(throttles).where(isKnownNow).limit(1);
      if (known !== undefined) return { keys: inOrder(networks), isKnown: true };
    }
    return { keys: inOrder(accounts), isKnown: false };
  }

  /** Everybody locks rows in one order, so that no two wait for each other. */
  function lock(keys: readonly Buffer[], tx: Pick<Db, 'select'>) {
    return tx
      .select({ failures: throttles.failures, isRemembered: sql<boolean>`${isRemembered}` })
      .from(throttles)
      .where(inArray(throttles.key, [...keys]))
      .orderBy(asc(throttles.key))
      .for('update');
  }

  async function claimMany(keys: ThrottleKeys, { free, maxDelay }: ThrottleRule): Promise<Claim | undefined> {
    const refused = new Error('one of the counts has to wait');
    return db
      .transaction(async (tx) => {
        const claimed = await countersOf(keys, tx);
        const rows = await lock(claimed.keys, tx);
        // What was counted under the old secret is not forgotten with it.
        const before = Math.max(0, ...rows.map((row) => (row.isRemembered ? row.failures : 0)));
        for (const key of claimed.keys) {
          const counted = await tx.execute(sql`
            insert into ${throttles} (key, failures, attempted_at) values (${key}::bytea, ${before}::int + 1, ${now})
            on conflict (key) do update set
              failures = 1 + greatest(${before}::int, case when ${isRemembered} then ${throttles.failures} else 0 end),
              attempted_at = ${now}
            where not (${throttles.failures} >= ${free}::int and ${now} between ${throttles.attemptedAt} and ${throttles.attemptedAt}
              + least(2 ^ least(${throttles.failures} - ${free}::int, 20), ${maxDelay}::int) * interval '1 second')
            returning 1`);
          if (counted.length === 0) throw refused;
        }
        return claimed;
      })
      .catch((error) => {
        if (error === refused) return undefined;
        throw error;
      });
  }

  async function waitMany(keys: ThrottleKeys, rule: ThrottleRule): Promise<Delay | undefined> {
    const { keys: counters } = await countersOf(keys, db);
    let longest: Delay | undefined;
    for (const account of counters) {
      const [found] = await wait.execute({ account, network: null, ...rule });
      if (found !== undefined && (longest === undefined || found.seconds > longest.seconds)) longest = found;
    }
    return longest;
  }

  function forgiveMany(claimed: readonly Buffer[], networks: Keys | undefined): Promise<void> {
    const kept = [...(networks ?? [])];
    return db.transaction(async (tx) => {
      await lock([...claimed, ...kept], tx);
      const isOver = inArray(throttles.key, [...claimed]);
      await tx.delete(throttles).where(kept.length === 0 ? isOver : and(isOver, notInArray(throttles.key, kept)));
      for (const key of inOrder(kept)) {
        await tx
          .insert(throttles)
          .values({ key, ...known })
          .onConflictDoUpdate({ target: throttles.key, set: known });
      }
    });
  }

  return {
    /**
     * Counts an attempt as a failure before it is made, atomically: of any number at once, on any number of instances, no
     * more are let through than the rule allows. Undefined while that has to wait.
     */
    claim: async (keys: ThrottleKeys, rule: ThrottleRule): Promise<Claim | undefined> => {
      if (isMany(keys)) return claimMany(keys, rule);
      const [account] = keys.accounts;
      const network = keys.networks?.[0];
      const [row] = await claim.execute({ account, network: network ?? null, ...rule });
      return row && { keys: [row.key], isKnown: network?.equals(row.key) ?? false };
    },

    /** Whether the account knows the network. */
    isKnown: async (keys: ThrottleKeys): Promise<boolean> => (await countersOf(keys, db)).isKnown,

    /** Why an attempt is not let through; undefined when nothing is counted any more. */
    delay: async (keys: ThrottleKeys, rule: ThrottleRule): Promise<Delay | undefined> => {
      if (isMany(keys)) return waitMany(keys, rule);
      const [account] = keys.accounts;
      return (await wait.execute({ account, network: keys.networks?.[0] ?? null, ...rule }))[0];
    },

    /** Takes back an attempt that was counted and not made. */
    giveBack: async ({ keys }: Claim): Promise<void> => {
      for (const key of keys) await giveBack.execute({ key });
    },

    /** The attempt was right: nothing counts any more, and its network is known. */
    forgive: async ({ keys }: Claim, networks: Keys | undefined): Promise<void> => {
      const [key] = keys;
      if (keys.length > 1) await forgiveMany(keys, networks);
      else
        await (networks === undefined
          ? forgive.execute({ key })
          : forgiveAndKnow.execute({ key, network: networks[0] }));
    },

    /** Forgets the wrong passwords that were counted under these keys. Known networks stay known. */
    clear: async (keys: readonly Buffer[], on: Db): Promise<void> => {
      const each = inOrder(keys);
      await on.execute(sql`
        with counted as (
          select key, known_until > now() as is_known from ${throttles}
          where key in (${sql.join(
            each.map((key) => sql`${key}::bytea`),
            sql`, `,
          )}) order by key for update
        ), forgotten as (
          delete from ${throttles} t using counted where t.key = counted.key and counted.is_known is not true
        )
        update ${throttles} t set failures = 0 from counted where t.key = counted.key and counted.is_known`);
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

function inOrder(keys: readonly Buffer[]): Buffer[] {
  return [...keys].sort(Buffer.compare);
}
