// Queries on throttles.
import { and, asc, eq, gt, inArray, isNull, lte, notInArray, sql, type WithSubquery } from 'drizzle-orm';
import { throttles } from '#drizzle/schema.js';
import { type BatchRow, batchOf, type DeletedBatch } from '#platform/database/batch.js';
import type { Db } from '#platform/database/database.js';

/**
 * The keys under which an attempt can be counted: that of the account, and that of the account and the network of the client. One key for
 * each secret in `AUTH_SECRET`, the current one first.
 */
export interface ThrottleKeys {
  readonly accounts: Keys;
  /** Undefined: the network of the client is not known. */
  readonly networks: Keys | undefined;
}

type Keys = readonly [Buffer, ...Buffer[]];

/** The keys under which one statement can count an attempt. */
export interface CountKeys {
  readonly account: Buffer;
  /** Null: the network of the client is not known. */
  readonly network: Buffer | null;
}

/** The key under which an attempt is counted, and that of its network. */
export interface CountedKeys {
  readonly key: Buffer;
  readonly network: Buffer | null;
}

/**
 * Counts an attempt with a statement that begins with `claimOn`. Returns the key under which it is counted; undefined if it has to wait.
 */
export type CountAttempt = (keys: CountKeys, rule: ThrottleRule) => Promise<Buffer | undefined>;

/** An attempt that has been counted. */
export interface Claim {
  /** The keys under which it is counted. */
  readonly keys: readonly Buffer[];
  /** Whether it is counted for a network from which the account has logged in, and not for the account. */
  readonly isKnown: boolean;
}

/** Why an attempt is refused. */
export interface Delay {
  /** How long it has to wait; zero or negative if the wait is over. */
  readonly seconds: number;
  /** The time since the last attempt that was counted. */
  readonly millisecondsSince: number;
  /** Whether `markRefused` has marked this delay. */
  readonly isMarked: boolean;
}

/** How many wrong passwords in a row are allowed without a delay, and the longest delay after that, in seconds. */
export interface ThrottleRule {
  readonly allowed: number;
  readonly maxDelay: number;
}

/** How long a count is kept after the last attempt (Postgres interval). Longer than any delay. */
const REMEMBERED = '1 day';
/** The maximum of LOGIN_MAX_DELAY. */
const LONGEST_DELAY = '1 hour';
/** How long after a login the attempts from its network are counted separately. */
const KNOWN = '30 days';

const ph = sql.placeholder;

// The time at which the row was locked, not at which the statement began: attempts that waited for the lock see those before them.
const now = sql`clock_timestamp()`;
const isRemembered = sql`${throttles.attemptedAt} > ${now} - ${sql.raw(`interval '${REMEMBERED}'`)}`;
// 1, 2, 4 … seconds. The exponent is bounded: a power of an unbounded one would overflow.
const delayBy = ({ allowed, maxDelay }: Record<keyof ThrottleRule, unknown>) =>
  sql`least(2 ^ least(${throttles.failures} - ${allowed}::int, 20), ${maxDelay}::int) * interval '1 second'`;
const isMarked = sql`coalesce(${throttles.refusedAt} >= ${throttles.attemptedAt}, false)`;
// A time in the future comes from a server whose clock is ahead, and causes no delay.
const isDelayedBy = (rule: Record<keyof ThrottleRule, unknown>) =>
  sql`${throttles.failures} >= ${rule.allowed}::int and ${now} between ${throttles.attemptedAt} and ${throttles.attemptedAt} + ${delayBy(rule)}`;
const preparedRule = { allowed: ph('allowed'), maxDelay: ph('maxDelay') };
const delay = delayBy(preparedRule);
const isDelayed = isDelayedBy(preparedRule);
const counter = sql`coalesce(
  (select known.key from ${throttles} known where known.key = ${ph('network')}::bytea and known.known_until > now()),
  ${ph('account')}::bytea)`;

/** What a right password leaves behind for its network. */
const known = {
  failures: sql`0`,
  attemptedAt: sql`now()`,
  knownUntil: sql`now() + ${sql.raw(`interval '${KNOWN}'`)}`,
};

/**
 * The INSERT that counts an attempt before it is made, by itself or as a part of a statement. It returns the `key` under which the attempt
 * is counted, and no row if it has to wait. Its placeholders take the values of `claimValues`.
 */
export function claimOn(on: Db) {
  return on
    .insert(throttles)
    .select(sql`select ${counter}, 1, ${now}, null::timestamptz, null::timestamptz`)
    .onConflictDoUpdate({
      target: throttles.key,
      set: {
        failures: sql`case when ${isRemembered} then ${throttles.failures} + 1 else 1 end`,
        attemptedAt: now,
      },
      setWhere: sql`not (${isDelayed})`,
    })
    .returning({ key: throttles.key });
}

/** The placeholder values of `claimOn`. */
export function claimValues({ account, network }: CountKeys, { allowed, maxDelay }: ThrottleRule) {
  return { account, network, allowed, maxDelay };
}

/**
 * Common table expressions that reset the count of an attempt and remember its network, if `act`, another one in the same statement, has
 * returned a row. Their placeholders take the values of `resetValues`.
 */
export function resetWith(on: Db, act: WithSubquery) {
  const [key, network] = [sql`${ph('throttle.key')}::bytea`, sql`${ph('throttle.network')}::bytea`];
  const reset = on
    .$with('throttle_reset', {})
    .as(
      sql`delete from ${throttles} where key = ${key} and key is distinct from ${network} and exists (select 1 from ${act})`,
    );
  const remembered = on.$with('throttle_remembered', {}).as(sql`
    insert into ${throttles} (key, failures, attempted_at, known_until)
    select ${network}, ${known.failures}, ${known.attemptedAt}, ${known.knownUntil} from ${act} where ${network} is not null
    on conflict (key) do update set failures = excluded.failures, attempted_at = excluded.attempted_at, known_until = excluded.known_until`);
  return [reset, remembered] as const;
}

/** The placeholder values of `resetWith`; undefined: no attempt was counted. */
export function resetValues(counted: CountedKeys | undefined) {
  return { 'throttle.key': counted?.key ?? null, 'throttle.network': counted?.network ?? null };
}

/** Prepares the statements on `db`. */
export function createThrottlesRepository(db: Db) {
  const claim = claimOn(db).prepare('throttle_claim');

  const delayOf = {
    seconds: sql<number>`ceil(extract(epoch from ${throttles.attemptedAt} + ${delay} - ${now}))::int`,
    millisecondsSince: sql<number>`(1000 * extract(epoch from ${now} - ${throttles.attemptedAt}))::float`,
    isMarked: sql<boolean>`${isMarked}`,
  };
  const wait = db.select(delayOf).from(throttles).where(sql`${throttles.key} = ${counter}`).prepare('throttle_wait');

  // A row without information is deleted, so that invented addresses do not fill the table when no password was verified.
  const gone = db.$with('gone').as(
    db
      .delete(throttles)
      .where(and(eq(throttles.key, ph('key')), lte(throttles.failures, 1), isNull(throttles.knownUntil)))
      .returning({ key: throttles.key }),
  );
  const release = db
    .with(gone)
    .update(throttles)
    // The attempt was counted, so no delay was left. As before, the next attempt need not wait.
    .set({
      failures: sql`${throttles.failures} - 1`,
      attemptedAt: sql`${throttles.attemptedAt} - ${sql.raw(`interval '${LONGEST_DELAY}'`)}`,
    })
    .where(and(eq(throttles.key, ph('key')), gt(throttles.failures, 0), sql`not exists (select 1 from ${gone})`))
    .prepare('throttle_release');

  // The same by itself, once a password was verified.
  const verified = db.$with('verified', {}).as(sql`select 1`);
  const reset = db
    .with(verified, ...resetWith(db, verified))
    .select({ reset: sql`1` })
    .from(sql`${verified}`)
    .prepare('throttle_reset');

  const markRefusedOn = (on: Db) =>
    on
      .update(throttles)
      .set({ refusedAt: now })
      .where(sql`${throttles.key} = ${ph('key')}::bytea and ${isDelayed} and not ${isMarked}`)
      .returning({ key: throttles.key })
      .prepare('throttle_mark_refused');

  const countAlone: CountAttempt = async (keys, rule) => (await claim.execute(claimValues(keys, rule)))[0]?.key;

  // While `AUTH_SECRET` is being changed, other instances count under one of its secrets only. Here an attempt counts under all of them,
  // and waits as long as any of them requires.
  const hasSeveralSecrets = ({ accounts }: ThrottleKeys) => accounts.length > 1;

  /** All keys under which an attempt counts while there is more than one secret. */
  async function countersOf({ accounts, networks }: ThrottleKeys, on: Pick<Db, 'select'>): Promise<Claim> {
    if (networks !== undefined) {
      const isKnownNow = and(inArray(throttles.key, [...networks]), sql`${throttles.knownUntil} > now()`);
      const [known] = await on.select({ key: throttles.key }).from(throttles).where(isKnownNow).limit(1);
      if (known !== undefined) return { keys: inOrder(networks), isKnown: true };
    }
    return { keys: inOrder(accounts), isKnown: false };
  }

  /** Locks rows in the order of their keys, which prevents deadlocks. */
  function lock(keys: readonly Buffer[], tx: Pick<Db, 'select'>) {
    return tx
      .select({ failures: throttles.failures, isRemembered: sql<boolean>`${isRemembered}` })
      .from(throttles)
      .where(inArray(throttles.key, [...keys]))
      .orderBy(asc(throttles.key))
      .for('update');
  }

  async function claimMany(keys: ThrottleKeys, { allowed, maxDelay }: ThrottleRule): Promise<Claim | undefined> {
    const refused = new Error('one of the keys has to wait');
    return db
      .transaction(async (tx) => {
        const claimed = await countersOf(keys, tx);
        const rows = await lock(claimed.keys, tx);
        // Failures counted under the old secret still count.
        const before = Math.max(0, ...rows.map((row) => (row.isRemembered ? row.failures : 0)));
        for (const key of claimed.keys) {
          const counted = await tx.execute(sql`
            insert into ${throttles} (key, failures, attempted_at) values (${key}::bytea, ${before}::int + 1, ${now})
            on conflict (key) do update set
              failures = 1 + greatest(${before}::int, case when ${isRemembered} then ${throttles.failures} else 0 end),
              attempted_at = ${now}
            where not (${throttles.failures} >= ${allowed}::int and ${now} between ${throttles.attemptedAt} and ${throttles.attemptedAt}
              + least(2 ^ least(${throttles.failures} - ${allowed}::int, 20), ${maxDelay}::int) * interval '1 second')
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

  function resetMany(claimed: readonly Buffer[], networks: Keys | undefined): Promise<void> {
    const kept = [...(networks ?? [])];
    return db.transaction(async (tx) => {
      await lock([...claimed, ...kept], tx);
      const isClaimed = inArray(throttles.key, [...claimed]);
      await tx.delete(throttles).where(kept.length === 0 ? isClaimed : and(isClaimed, notInArray(throttles.key, kept)));
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
     * Counts an attempt as a failure before it is made, atomically: of any number of attempts at once, on any number of instances, no more
     * are counted than the rule allows. Undefined if the attempt has to wait. `count` replaces the statement, except while there are
     * several secrets.
     */
    claim: async (
      keys: ThrottleKeys,
      rule: ThrottleRule,
      count: CountAttempt = countAlone,
    ): Promise<Claim | undefined> => {
      if (hasSeveralSecrets(keys)) return claimMany(keys, rule);
      const [account] = keys.accounts;
      const network = keys.networks?.[0] ?? null;
      const key = await count({ account, network }, rule);
      return key && { keys: [key], isKnown: network?.equals(key) ?? false };
    },

    /** How many seconds attempts under any of these keys have to wait, at most; 0 if they need not. */
    longestDelay: async (keys: readonly Buffer[], rule: ThrottleRule): Promise<number> => {
      const seconds = sql<number | null>`
        max(ceil(extract(epoch from ${throttles.attemptedAt} + ${delayBy(rule)} - ${now})))::int`;
      const [found] = await db
        .select({ seconds })
        .from(throttles)
        .where(and(inArray(throttles.key, [...keys]), isDelayedBy(rule)));
      return Math.max(0, found?.seconds ?? 0);
    },

    countedKeys,

    /** Whether the account has logged in from the network. */
    isKnown: async (keys: ThrottleKeys): Promise<boolean> => (await countersOf(keys, db)).isKnown,

    /** Why an attempt is refused; undefined if nothing is counted any more. */
    delay: async (keys: ThrottleKeys, rule: ThrottleRule): Promise<Delay | undefined> => {
      if (hasSeveralSecrets(keys)) return waitMany(keys, rule);
      const [account] = keys.accounts;
      return (await wait.execute({ account, network: keys.networks?.[0] ?? null, ...rule }))[0];
    },

    /** Marks the present delay. False if it is marked already, or over: of any number of calls during a delay, one returns true. */
    markRefused: async (keys: ThrottleKeys, rule: ThrottleRule, on: Db): Promise<boolean> => {
      const { keys: counters } = await countersOf(keys, on);
      const mark = markRefusedOn(on);
      let isFirst = false;
      for (const key of counters) if ((await mark.execute({ key, ...rule })).length > 0) isFirst = true;
      return isFirst;
    },

    /** Uncounts an attempt that was not made. */
    release: async ({ keys }: Claim): Promise<void> => {
      for (const key of keys) await release.execute({ key });
    },

    /** Deletes the count after a right password, and remembers the network. */
    reset: async (claim: Claim, networks: Keys | undefined): Promise<void> => {
      const counted = countedKeys(claim, networks);
      await (counted === undefined ? resetMany(claim.keys, networks) : reset.execute(resetValues(counted)));
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

    /** Deletes expired rows among the `size` rows that follow `after` in the order of their keys. Waits for no lock. */
    deleteExpired: async (after: Buffer, size: number): Promise<DeletedBatch<Buffer>> => {
      const rows = await db.execute<BatchRow<{ last: Buffer }>>(sql`
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
      return batchOf(rows, size, ({ last }) => last);
    },
  };
}

export type ThrottlesRepository = ReturnType<typeof createThrottlesRepository>;

/** The keys for `resetWith`. Undefined if the attempt is counted under several keys, which only `reset` resets. */
function countedKeys({ keys }: Claim, networks: Keys | undefined): CountedKeys | undefined {
  const [key] = keys;
  return key === undefined || keys.length > 1 ? undefined : { key, network: networks?.[0] ?? null };
}

function inOrder(keys: readonly Buffer[]): Buffer[] {
  return [...keys].sort(Buffer.compare);
}
