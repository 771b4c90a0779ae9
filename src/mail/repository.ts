// Queries on the outbox of mails.
import { and, desc, eq, getTableColumns, isNotNull, isNull, lt, sql } from 'drizzle-orm';
import { mails, users } from '#drizzle/schema.js';
import type { Db } from '#platform/database/database.js';

/** The NOTIFY channel for new mails. */
export const MAILS_CHANNEL = 'latchkey_mails';

/** A mail whose content is encrypted. */
export interface NewMail {
  readonly kind: string;
  readonly userId: number | null;
  readonly recipient: string;
  readonly locale: string | null;
  readonly urgent: boolean;
  readonly content: Buffer;
  readonly expiresAt: Date | undefined;
}

/** Where mails to an account go. */
export interface Recipient {
  readonly to: string;
  readonly locale: string | null;
  /** Whether the owner of the account has proved that the address is theirs. */
  readonly isVerified: boolean;
}

/** Which mails to find; an undefined member matches every mail. */
export interface MailFilter {
  readonly state?: MailState | undefined;
  readonly kind?: string | undefined;
}

export type MailState = (typeof mails.$inferSelect)['state'];

/** How many mails an instance may take. */
export interface ClaimLimits {
  readonly count: number;
  /** The most mails of all instances per minute; 0: no limit. */
  readonly perMinute: number;
  /** Seconds within which the attempt ends. Afterwards the mail may be claimed again. */
  readonly lease: number;
}

/** A mail that an instance has taken to send it. */
export interface ClaimedMail {
  readonly id: number;
  readonly kind: string;
  readonly recipient: string;
  readonly locale: string | null;
  /** Null if the mail has expired. */
  readonly content: Buffer | null;
  /** `dead` if the mail has expired. */
  readonly state: MailState;
  /** Including this one. */
  readonly attempts: number;
  readonly createdAt: Date;
}

/** What operators may know of a mail: all but its content. */
const { content: _, ...visible } = getTableColumns(mails);

const EXPIRED = 'expired before it could be sent';
/** The part of the claimed mails that is reserved for urgent ones, while there are enough. */
const URGENT_SHARE = 0.8;

/** No attempt is in progress. */
const isIdle = sql`(${mails.leasedUntil} is null or ${mails.leasedUntil} <= now())`;
const isExpired = sql`coalesce(${mails.expiresAt} <= now(), false)`;

/** Queries on `db`; a method that takes `on` runs in the transaction it is given. */
export function createMailsRepository(db: Db) {
  return {
    /** Adds a mail in the caller's transaction. When that commits, all instances are notified of it. */
    insert: async (mail: NewMail, on: Db): Promise<void> => {
      await on.insert(mails).values(mail);
      await on.execute(sql`select pg_notify(${MAILS_CHANNEL}, '')`);
    },

    /** Where and in which language mails to an account go, as the transaction sees it. Undefined if it does not exist or is deleted. */
    findRecipient: async (userId: number, on: Db): Promise<Recipient | undefined> =>
      (
        await on
          .select({
            to: users.email,
            locale: users.locale,
            isVerified: sql<boolean>`${users.emailVerifiedAt} is not null`,
          })
          .from(users)
          .where(and(eq(users.id, userId), isNull(users.deletedAt)))
      )[0],

    /** Deletes the mails about an account, sent or not: they contain its address. */
    deleteOfUser: async (userId: number, on: Db): Promise<void> => {
      await on.delete(mails).where(eq(mails.userId, userId));
    },

    /**
     * Takes mails that are due, and counts the attempt, in one statement. No other instance takes them before the lease ends. Most of them
     * are urgent if there are enough, and the others are the oldest of all, so that none waits for ever. A mail that has expired becomes
     * `dead` and loses its content. Instances that claim at the same moment do not see each other's mails, so they may exceed the limit per
     * minute by one claim each.
     */
    claim: async ({ count, perMinute, lease }: ClaimLimits): Promise<ClaimedMail[]> => {
      // A time in the future comes from a clock that was ahead and has been set back.
      const recent = sql`(
          select count(*) from ${mails} where ${mails.sentAt} between now() - interval '1 minute' and now() + interval '1 minute')
        + (select count(*) from ${mails} where ${mails.state} = 'waiting' and ${mails.leasedUntil} > now())`;
      const limit =
        perMinute === 0 ? sql`${count}::int` : sql`least(${count}::int, greatest(0, ${perMinute}::int - (${recent})))`;
      const isDue = sql`${mails.state} = 'waiting' and ${mails.nextAttemptAt} <= now() and ${isIdle}`;
      const rows = await db.execute<ClaimedRow>(sql`
        with room as (
          select ${limit} as mails
        ), urgent_ones as (
          select id from ${mails} where ${isDue} and ${mails.urgent} order by ${mails.nextAttemptAt}
          limit (select ceil(mails * ${URGENT_SHARE}::numeric)::int from room) for update skip locked
        ), oldest as (
          select id from ${mails} where ${isDue} order by ${mails.nextAttemptAt}
          limit (select mails from room) - (select count(*) from urgent_ones) for update skip locked
        )
        update ${mails} set
          state = case when ${isExpired} then 'dead' else 'waiting' end,
          content = case when ${isExpired} then null else content end,
          last_error = case when ${isExpired} then ${EXPIRED}::text else last_error end,
          attempts = attempts + case when ${isExpired} then 0 else 1 end,
          next_attempt_at = now() + case when ${isExpired} then interval '0' else make_interval(secs => ${lease}::int) end,
          leased_until = case when ${isExpired} then null else now() + make_interval(secs => ${lease}::int) end
        where id in (select id from urgent_ones union select id from oldest)
        returning id, kind, recipient, locale, content, state, attempts, created_at`);
      return rows.map(({ id, created_at: createdAt, ...row }) => ({
        ...row,
        id: Number(id),
        createdAt: new Date(createdAt),
      }));
    },

    /** Gives mails back whose attempt has not begun. Changes none whose lease had ended and that another instance has taken. */
    release: async (claimed: readonly ClaimedMail[]): Promise<void> => {
      const taken = claimed.map(({ id, attempts }) => sql`(${id}::bigint, ${attempts}::int)`);
      await db
        .update(mails)
        .set({ attempts: sql`greatest(0, ${mails.attempts} - 1)`, nextAttemptAt: sql`now()`, leasedUntil: null })
        .where(and(sql`(${mails.id}, ${mails.attempts}) in (${sql.join(taken, sql`, `)})`, eq(mails.state, 'waiting')));
    },

    /** The mail was accepted by the mail server. Its content is removed, unless it is only shown. */
    markSent: async (id: number, keepsContent: boolean): Promise<void> => {
      await db
        .update(mails)
        .set({
          state: 'sent',
          sentAt: sql`now()`,
          leasedUntil: null,
          lastError: null,
          ...(keepsContent ? {} : { content: null }),
        })
        .where(eq(mails.id, id));
    },

    /**
     * An attempt has failed: the mail waits for `delay` seconds, or is dead if that is undefined. Changes nothing if the lease had ended
     * and another attempt has begun.
     */
    markFailed: async ({ id, attempts }: ClaimedMail, error: string, delay: number | undefined): Promise<void> => {
      await db
        .update(mails)
        .set({
          state: delay === undefined ? 'dead' : 'waiting',
          nextAttemptAt: sql`now() + make_interval(secs => ${delay ?? 0}::float8)`,
          leasedUntil: null,
          lastError: error,
        })
        .where(and(eq(mails.id, id), eq(mails.attempts, attempts), eq(mails.state, 'waiting')));
    },

    /** Makes all waiting mails dead, without their content. */
    giveUpWaiting: async (reason: string, on: Db): Promise<void> => {
      await on
        .update(mails)
        .set({ state: 'dead', content: null, lastError: reason, leasedUntil: null })
        .where(eq(mails.state, 'waiting'));
    },

    /** The mails before the mail `before`, newest first, without their content. */
    find: ({ state, kind }: MailFilter, before: number, limit: number) =>
      db
        .select(visible)
        .from(mails)
        .where(
          and(
            lt(mails.id, before),
            state === undefined ? undefined : eq(mails.state, state),
            kind === undefined ? undefined : eq(mails.kind, kind),
          ),
        )
        .orderBy(desc(mails.id))
        .limit(limit),

    /** One mail, without its content. */
    findOne: async (id: number) => (await db.select(visible).from(mails).where(eq(mails.id, id)))[0],

    /** The newest mails that still have their content, with it; or only the one with an id. */
    findWithContent: (limit: number, id?: number) =>
      db
        .select()
        .from(mails)
        .where(and(isNotNull(mails.content), id === undefined ? undefined : eq(mails.id, id)))
        .orderBy(desc(mails.id))
        .limit(limit),

    /**
     * Makes a mail due now, with as many attempts as a new one. Undefined unless it is waiting or dead, has its content, has not expired,
     * and no attempt is in progress.
     */
    resend: async (id: number, on: Db) => {
      const [row] = await on
        .update(mails)
        .set({ state: 'waiting', attempts: 0, nextAttemptAt: sql`now()`, leasedUntil: null })
        .where(
          and(eq(mails.id, id), sql`${mails.state} <> 'sent'`, isNotNull(mails.content), sql`not ${isExpired}`, isIdle),
        )
        .returning(visible);
      if (row !== undefined) await on.execute(sql`select pg_notify(${MAILS_CHANNEL}, '')`);
      return row;
    },

    /** The number of dead mails, of mails that should have been sent more than `seconds` ago, and of all that wait. */
    countProblems: async (seconds: number) => {
      const [row] = await db.execute<{ dead: number; overdue: number; waiting: number }>(sql`
        select count(*) filter (where state = 'dead')::int as dead,
          count(*) filter (where state = 'waiting')::int as waiting,
          count(*) filter (where state = 'waiting' and created_at < now() - make_interval(secs => ${seconds}::int))::int as overdue
        from ${mails} where ${mails.state} in ('waiting', 'dead')`);
      return row ?? { dead: 0, overdue: 0, waiting: 0 };
    },

    /** Deletes up to `limit` mails that were sent, or have been dead, for longer than these numbers of days; resolves to their number. */
    deleteOld: async (days: { readonly sent: number; readonly dead: number }, limit: number): Promise<number> => {
      const deleted = await db.execute(sql`
        delete from ${mails} where id in (
          (select id from ${mails} where ${mails.sentAt} < now() - make_interval(days => ${days.sent}::int) limit ${limit}::int)
          union all
          (select id from ${mails} where ${mails.state} = 'dead'
            and ${mails.nextAttemptAt} < now() - make_interval(days => ${days.dead}::int) limit ${limit}::int)
          limit ${limit}::int
        ) returning id`);
      return deleted.length;
    },
  };
}

export type MailsRepository = ReturnType<typeof createMailsRepository>;
/** A mail as operators see it. */
export type MailRow = NonNullable<Awaited<ReturnType<MailsRepository['findOne']>>>;

/** A row as the driver returns it, with a bigint and a timestamp as text. */
interface ClaimedRow extends Record<string, unknown> {
  readonly id: string;
  readonly kind: string;
  readonly recipient: string;
  readonly locale: string | null;
  readonly content: Buffer | null;
  readonly state: MailState;
  readonly attempts: number;
  readonly created_at: string;
}
