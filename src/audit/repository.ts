// Queries on audit events.
import {
  and,
  desc,
  eq,
  getTableColumns,
  gt,
  gte,
  inArray,
  lt,
  or,
  type SQL,
  type SQLWrapper,
  sql,
  type WithSubquery,
} from 'drizzle-orm';
import { auditEvents, jobs } from '#drizzle/schema.js';
import { type BatchRow, batchOf, type DeletedBatch } from '#platform/database/batch.js';
import type { Db } from '#platform/database/database.js';
import { MAX_USER_AGENT_LENGTH } from '#platform/http/user-agent.js';
import { type AuditEvent, changeEvents, type Target } from './events.js';

/** Which events to find; an undefined member matches every event. */
export interface AuditFilter {
  /** One of these events. */
  readonly events?: readonly string[] | undefined;
  readonly ip?: string | undefined;
  readonly targetType?: string | undefined;
  readonly targetId?: string | undefined;
  /** The id of the user who acted or was the target. */
  readonly userId?: number | undefined;
  /** Inclusive. */
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
  /** Only events with greater ids. */
  readonly after?: number | undefined;
  /** Only changes that operators made, or the service by itself. */
  readonly changesOnly?: boolean | undefined;
}

/** The member of `details` that holds the free-text reason of an operator. It is personal data. */
const REASON = 'reason';

/** An event whose target comes from the rows that a statement has changed. */
export type AuditedAct = Omit<AuditEvent, 'target'>;

/**
 * A common table expression that records an event for each row of `act`, another one in the same statement. Both are done or
 * neither, in one round trip and without a transaction that a lost connection could leave open. Its placeholders take the values
 * of `placeholdersOf(event)`.
 */
export function recordEach(on: Db, act: WithSubquery, target: { type: Target['type']; id: SQLWrapper }) {
  const columns = Object.keys(TYPES) as Recorded[];
  const names = [...columns, 'targetType', 'targetId'] as const;
  const values = columns.map((column) => sql`${sql.placeholder(placeholder(column))}::${sql.raw(TYPES[column])}`);
  return on.$with('recorded', {}).as(sql`insert into ${auditEvents}
    (${sql.join(
      names.map((column) => sql.identifier(auditEvents[column].name)),
      sql`, `,
    )})
    select ${sql.join([...values, sql`${target.type}::text`, sql`${target.id}::text`], sql`, `)} from ${act}`);
}

/** The placeholder values for a statement that uses `recordEach`. */
export function placeholdersOf(event: AuditedAct): Record<string, unknown> {
  const { details, ...columns } = columnsOf(event);
  const values = { ...columns, details: JSON.stringify(details) };
  return Object.fromEntries((Object.keys(TYPES) as Recorded[]).map((column) => [placeholder(column), values[column]]));
}

/**
 * The same for a statement that performs many acts: `act` returns the columns that `recordedColumns` defines, with the values of
 * `recordedValues(event)`.
 */
export function recordRows(on: Db, act: WithSubquery, target: { type: Target['type']; id: SQLWrapper }) {
  const columns = Object.keys(TYPES) as Recorded[];
  const names = sql.join(
    columns.map((column) => sql.identifier(auditEvents[column].name)),
    sql`, `,
  );
  const values = sql.join(
    columns.map((column) => sql.identifier(recordedName(column))),
    sql`, `,
  );
  const targets = [auditEvents.targetType, auditEvents.targetId].map(({ name }) => sql.identifier(name));
  return on.$with('recorded', {}).as(sql`insert into ${auditEvents} (${names}, ${sql.join(targets, sql`, `)})
    select ${values}, ${target.type}::text, ${target.id}::text from ${act}`);
}

/** The definitions of the columns of an event, for a function such as `json_to_recordset`. */
export const recordedColumns = () =>
  sql.raw(
    Object.entries(TYPES)
      .map(([column, type]) => `${recordedName(column as Recorded)} ${type}`)
      .join(', '),
  );

/** The names of the columns of an event in a statement that uses `recordRows`, qualified with `table`. */
export const recordedFields = (table: string) =>
  sql.raw((Object.keys(TYPES) as Recorded[]).map((column) => `${table}.${recordedName(column)}`).join(', '));

/** The values of an event, by the names of `recordedColumns`. */
export function recordedValues(event: AuditedAct): Record<string, unknown> {
  const values = columnsOf(event);
  return Object.fromEntries((Object.keys(TYPES) as Recorded[]).map((column) => [recordedName(column), values[column]]));
}

/** The columns that `columnsOf` sets, and their types. */
const TYPES = {
  event: 'text',
  actorType: 'text',
  actorId: 'int',
  actorName: 'text',
  sessionId: 'bigint',
  ip: 'text',
  userAgent: 'text',
  requestId: 'text',
  details: 'jsonb',
} as const;
type Recorded = keyof typeof TYPES;

// Prefixed, because the statement has parameters of its own, some with the same names.
const placeholder = (column: Recorded) => `recorded.${column}`;
const recordedName = (column: Recorded) => `recorded_${auditEvents[column].name}`;

function columnsOf({ event, actor, origin, details = {} }: AuditedAct) {
  return {
    event,
    actorType: actor.type,
    actorId: actor.type === 'user' ? actor.userId : null,
    actorName: actor.type === 'cli' ? actor.name : null,
    sessionId: actor.type === 'user' ? (actor.sessionId ?? null) : null,
    ip: origin.ip ?? null,
    userAgent: origin.userAgent?.slice(0, MAX_USER_AGENT_LENGTH) ?? null,
    requestId: origin.requestId ?? null,
    details,
  };
}

/** The events with a reason in their details. */
const EVENTS_WITH_REASON = ['user.disabled', 'user.enabled'] as const;

/** Whether this account is deleted while a job is still anonymizing its events (see src/users/deletion.ts). */
const isBeingAnonymized = (id: SQLWrapper | SQL) =>
  sql`exists (select 1 from ${jobs} where ${jobs.kind} = 'delete_account' and ${jobs.subject} = ${id}::text)`;
const isTargetAnonymized = sql`(${auditEvents.targetType} = 'user' and ${isBeingAnonymized(auditEvents.targetId)})`;
const isOriginAnonymized = sql`(${isBeingAnonymized(auditEvents.actorId)}
  or (${auditEvents.actorType} = 'anonymous' and ${isTargetAnonymized}))`;

/** A change that was not made by the owner of the account that it affects. The first administrator is created by an anonymous client. */
const isChange = and(
  inArray(auditEvents.event, [...changeEvents]),
  sql`(${auditEvents.actorType} <> 'anonymous' or ${auditEvents.event} = 'user.created')`,
  sql`(${auditEvents.actorType} <> 'user' or ${auditEvents.targetType} is distinct from 'user'
    or ${auditEvents.targetId} <> ${auditEvents.actorId}::text)`,
);

/** The columns of an event as it may be read: without the personal data that a job is about to remove. */
const readable = {
  ...getTableColumns(auditEvents),
  ip: sql<string | null>`case when not ${isOriginAnonymized} then ${auditEvents.ip} end`,
  userAgent: sql<string | null>`case when not ${isOriginAnonymized} then ${auditEvents.userAgent} end`,
  details: sql<unknown>`case
    when ${inArray(auditEvents.event, [...EVENTS_WITH_REASON])} and ${isTargetAnonymized} then ${auditEvents.details} - ${REASON}::text
    else ${auditEvents.details} end`.mapWith(auditEvents.details),
};

/** Queries on `db`. A method with a parameter `on` runs in that transaction. */
export function createAuditRepository(db: Db) {
  return {
    /** Records an event in the transaction of the act. */
    record: async ({ target, ...event }: AuditEvent, on: Db): Promise<void> => {
      const targetId = target === undefined ? null : String(target.id);
      await on.insert(auditEvents).values({ ...columnsOf(event), targetType: target?.type ?? null, targetId });
    },

    /** Records an event whose details are set later, and returns its id. */
    recordWithId: async ({ target, ...event }: AuditEvent, on: Db): Promise<number> => {
      const targetId = target === undefined ? null : String(target.id);
      const values = { ...columnsOf(event), targetType: target?.type ?? null, targetId };
      const [recorded] = await on.insert(auditEvents).values(values).returning({ id: auditEvents.id });
      return (recorded as { id: number }).id;
    },

    /** Replaces the details of an event that goes on over several transactions. */
    setDetails: async (id: number, details: Readonly<Record<string, unknown>>, on: Db): Promise<void> => {
      await on.update(auditEvents).set({ details }).where(eq(auditEvents.id, id));
    },

    /** The events that precede the event `before`, newest first. */
    find: (
      { events, ip, targetType, targetId, userId, from, to, after, changesOnly = false }: AuditFilter,
      before: number,
      limit: number,
    ) =>
      db
        .select(readable)
        .from(auditEvents)
        .where(
          and(
            lt(auditEvents.id, before),
            events === undefined ? undefined : inArray(auditEvents.event, [...events]),
            ip === undefined ? undefined : eq(auditEvents.ip, ip),
            targetType === undefined ? undefined : eq(auditEvents.targetType, targetType),
            targetId === undefined ? undefined : eq(auditEvents.targetId, targetId),
            userId === undefined ? undefined : or(eq(auditEvents.actorId, userId), isOn('user', userId)),
            from === undefined ? undefined : and(gte(auditEvents.at, from), gte(auditEvents.id, firstIdAt(from, -1))),
            to === undefined ? undefined : and(lt(auditEvents.at, to), lt(auditEvents.id, firstIdAt(to, 1))),
            after === undefined ? undefined : gt(auditEvents.id, after),
            changesOnly ? isChange : undefined,
          ),
        )
        .orderBy(desc(auditEvents.id))
        .limit(limit),

    /** The addresses from which a password for this account was wrong, in the last 100 such events. */
    addressesOfFailedLogins: async (userId: number, on: Db): Promise<string[]> => {
      const failed = on
        .select({ ip: auditEvents.ip })
        .from(auditEvents)
        .where(and(isOn('user', userId), eq(auditEvents.event, 'login.failed')))
        .orderBy(desc(auditEvents.id))
        .limit(100)
        .as('failed');
      const rows = await on.selectDistinct({ ip: failed.ip }).from(failed);
      return rows.flatMap(({ ip }) => (ip === null ? [] : [ip]));
    },

    /**
     * Removes the personal data of a user who is being deleted from the audit log: the origin of their own requests and of anonymous
     * requests on their account, and the reasons that operators wrote about them. The origin of an operator's request stays.
     */
    anonymize: async (userId: number, on: Db): Promise<void> => {
      await on
        .update(auditEvents)
        .set({ ip: null, userAgent: null })
        .where(or(eq(auditEvents.actorId, userId), and(isOn('user', userId), eq(auditEvents.actorType, 'anonymous'))));
      await on
        .update(auditEvents)
        .set({ details: sql`${auditEvents.details} - ${REASON}::text` })
        .where(and(isOn('user', userId), inArray(auditEvents.event, [...EVENTS_WITH_REASON])));
    },

    /** Whether more than `count` events have an account as actor, or more than `count` as target. */
    hasMoreThan: async (userId: number, count: number, on: Db): Promise<boolean> => {
      for (const condition of [eq(auditEvents.actorId, userId), isOn('user', userId)]) {
        const found = await on
          .select({ id: auditEvents.id })
          .from(auditEvents)
          .where(condition)
          .orderBy(auditEvents.id)
          .offset(count)
          .limit(1);
        if (found.length > 0) return true;
      }
      return false;
    },

    /** The first part of `anonymize`, for the `size` events with the account as actor whose ids follow `after`. */
    anonymizeActs: (userId: number, after: number, size: number, on: Db): Promise<DeletedBatch<number>> =>
      updateBatch(
        sql`actor_id = ${userId}::int`,
        sql`ip = null, user_agent = null`,
        sql`(e.ip is not null or e.user_agent is not null)`,
        { after, size },
        on,
      ),

    /** The second part, for the events with the account as target. */
    anonymizeTargets: (userId: number, after: number, size: number, on: Db): Promise<DeletedBatch<number>> =>
      updateBatch(
        sql`target_type = 'user' and target_id = ${userId}::text`,
        sql`
          ip = case when e.actor_type = 'anonymous' then null else e.ip end,
          user_agent = case when e.actor_type = 'anonymous' then null else e.user_agent end,
          details = case when e.event in ('user.disabled', 'user.enabled') then e.details - ${REASON}::text else e.details end`,
        sql`(e.actor_type = 'anonymous' or e.event in ('user.disabled', 'user.enabled'))`,
        { after, size },
        on,
      ),

    /**
     * Deletes those of the `limit` oldest events that are older than `days`; resolves to their number. Age is taken from the ids, which
     * follow the times except for the length of a transaction, so that no other rows are examined when none is old.
     */
    deleteOlder: async (days: number, limit: number): Promise<number> => {
      const oldest = db
        .select({ id: auditEvents.id, at: auditEvents.at })
        .from(auditEvents)
        .orderBy(auditEvents.id)
        .limit(limit)
        .as('oldest');
      const old = db
        .select({ id: oldest.id })
        .from(oldest)
        .where(lt(oldest.at, sql`now() - ${days}::int * interval '1 day'`));
      const deleted = await db
        .delete(auditEvents)
        .where(sql`${auditEvents.id} in ${old}`)
        .returning({ id: auditEvents.id });
      return deleted.length;
    },
  };
}

export type AuditRepository = ReturnType<typeof createAuditRepository>;
export type AuditRow = Awaited<ReturnType<AuditRepository['find']>>[number];

/** Updates the events that need it among the `size` events that match `found` and whose ids follow `after`. */
async function updateBatch(
  found: SQL,
  changes: SQL,
  needsIt: SQL,
  { after, size }: { after: number; size: number },
  on: Db,
): Promise<DeletedBatch<number>> {
  const rows = await on.execute<BatchRow<{ last: string }>>(sql`
    with page as (
      select id from ${auditEvents} where ${found} and id > ${after}::bigint order by id limit ${size}::int
    ), changed as (
      update ${auditEvents} e set ${changes} from page where e.id = page.id and ${needsIt} returning 1
    )
    select
      (select count(*)::int from changed) as deleted,
      (select count(*)::int from page) as seen,
      (select max(id) from page) as last`);
  return batchOf(rows, size, ({ last }) => Number(last));
}

/**
 * The id of the first event at a time, moved by `days`, so that a statement examines only events near the times that it asks for: ids follow
 * the times, and no index has them. A binary search: about thirty rows are read, however many there are. A day is far more than the length
 * of a transaction, or than the clock of a database is ever set back by.
 */
function firstIdAt(time: Date, days: number): SQL {
  const isEarlier = sql`found.at < ${time.toISOString()}::timestamptz + ${days} * interval '1 day'`;
  return sql`(
    with recursive search (low, high) as (
      select min(id), max(id) + 1 from ${auditEvents}
      union all
      select
        case when ${isEarlier} then found.id + 1 else low end,
        case when ${isEarlier} then high else (low + high) / 2 end
      from search, lateral (select id, at from ${auditEvents} where id >= (low + high) / 2 order by id limit 1) as found
      where low < high
    )
    select max(low) from search)`;
}

function isOn(type: string, id: number): SQL | undefined {
  return and(eq(auditEvents.targetType, type), eq(auditEvents.targetId, String(id)));
}
