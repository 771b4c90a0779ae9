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
import type { DeletedBatch } from '#platform/database/batch.js';
import type { Db } from '#platform/database/database.js';
import { MAX_USER_AGENT_LENGTH } from '#platform/http/user-agent.js';
import type { AuditEvent, Target } from './events.js';

/** What is asked for; undefined: whatever it is. */
export interface AuditFilter {
  readonly event?: string | undefined;
  readonly actorId?: number | undefined;
  readonly targetType?: string | undefined;
  readonly targetId?: string | undefined;
  /** Either who acted, or on whom. */
  readonly userId?: number | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Those with greater ids. */
  readonly after?: number | undefined;
}

/** The member of `details` where an operator says why, in words of their own. */
const WORDS = 'reason';

/** What an act that is one statement writes down: its target comes from the rows that it touched. */
export type AuditedAct = Omit<AuditEvent, 'target'>;

/**
 * A part of a statement that writes an event for each row of `act`, another part of it: in one statement both are done or
 * neither, with one round trip and no transaction that a lost connection could leave half-way. Its placeholders take
 * `placeholdersOf(event)`.
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

/** For a statement with a part from `recordEach`. */
export function placeholdersOf(event: AuditedAct): Record<string, unknown> {
  const { details, ...columns } = columnsOf(event);
  const values = { ...columns, details: JSON.stringify(details) };
  return Object.fromEntries((Object.keys(TYPES) as Recorded[]).map((column) => [placeholder(column), values[column]]));
}

/** The columns that `columnsOf` fills, and their types. */
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

// The statement has parameters of its own, some of the same names.
const placeholder = (column: Recorded) => `recorded.${column}`;

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

const REASONED = ['user.disabled', 'user.enabled'] as const;

/** Whether the account of this number is deleted, and its events are still being changed (see src/users/deletion.ts). */
const isBeingForgotten = (id: SQLWrapper | SQL) =>
  sql`exists (select 1 from ${jobs} where ${jobs.kind} = 'delete_account' and ${jobs.subject} = ${id}::text)`;
const isTargetForgotten = sql`(${auditEvents.targetType} = 'user' and ${isBeingForgotten(auditEvents.targetId)})`;
const isOriginForgotten = sql`(${isBeingForgotten(auditEvents.actorId)}
  or (${auditEvents.actorType} = 'anonymous' and ${isTargetForgotten}))`;

/** An event as anybody may read it: what is about to be forgotten is not in it. */
const readable = {
  ...getTableColumns(auditEvents),
  ip: sql<string | null>`case when not ${isOriginForgotten} then ${auditEvents.ip} end`,
  userAgent: sql<string | null>`case when not ${isOriginForgotten} then ${auditEvents.userAgent} end`,
  details: sql<unknown>`case
    when ${inArray(auditEvents.event, [...REASONED])} and ${isTargetForgotten} then ${auditEvents.details} - ${WORDS}::text
    else ${auditEvents.details} end`.mapWith(auditEvents.details),
};

/** Queries on `db`; a method that takes `on` runs in the transaction it is given. */
export function createAuditRepository(db: Db) {
  return {
    /** Writes an event down, in the transaction of the act. */
    record: async ({ target, ...event }: AuditEvent, on: Db): Promise<void> => {
      const targetId = target === undefined ? null : String(target.id);
      await on.insert(auditEvents).values({ ...columnsOf(event), targetType: target?.type ?? null, targetId });
    },

    /** The newest first, from before the event `before`. */
    find: (
      { event, actorId, targetType, targetId, userId, from, to, after }: AuditFilter,
      before: number,
      limit: number,
    ) =>
      db
        .select(readable)
        .from(auditEvents)
        .where(
          and(
            lt(auditEvents.id, before),
            event === undefined ? undefined : eq(auditEvents.event, event),
            actorId === undefined ? undefined : eq(auditEvents.actorId, actorId),
            targetType === undefined ? undefined : eq(auditEvents.targetType, targetType),
            targetId === undefined ? undefined : eq(auditEvents.targetId, targetId),
            userId === undefined ? undefined : or(eq(auditEvents.actorId, userId), isOn('user', userId)),
            from === undefined ? undefined : gte(auditEvents.at, from),
            to === undefined ? undefined : lt(auditEvents.at, to),
            after === undefined ? undefined : gt(auditEvents.id, after),
          ),
        )
        .orderBy(desc(auditEvents.id))
        .limit(limit),

    /**
     * Takes what is personal out of the events of a user who is being deleted: where they, or somebody who has not said who
     * they are, came from, and what an operator wrote about them. Where operators came from is theirs, and stays.
     */
    forget: async (userId: number, on: Db): Promise<void> => {
      await on
        .update(auditEvents)
        .set({ ip: null, userAgent: null })
        .where(or(eq(auditEvents.actorId, userId), and(isOn('user', userId), eq(auditEvents.actorType, 'anonymous'))));
      await on
        .update(auditEvents)
        .set({ details: sql`${auditEvents.details} - ${WORDS}::text` })
        .where(and(isOn('user', userId), inArray(auditEvents.event, [...REASONED])));
    },

    /** Whether more than `count` events are by or on an account. */
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

    /** The first part of `forget` for the `size` events of an account's own acts that follow `after` by their ids. */
    forgetActs: (userId: number, after: number, size: number, on: Db): Promise<DeletedBatch<number>> =>
      changeWindow(
        sql`actor_id = ${userId}::int`,
        sql`ip = null, user_agent = null`,
        sql`(e.ip is not null or e.user_agent is not null)`,
        { after, size },
        on,
      ),

    /** The other part, for events on the account. */
    forgetTarget: (userId: number, after: number, size: number, on: Db): Promise<DeletedBatch<number>> =>
      changeWindow(
        sql`target_type = 'user' and target_id = ${userId}::text`,
        sql`
          ip = case when e.actor_type = 'anonymous' then null else e.ip end,
          user_agent = case when e.actor_type = 'anonymous' then null else e.user_agent end,
          details = case when e.event in ('user.disabled', 'user.enabled') then e.details - ${WORDS}::text else e.details end`,
        sql`(e.actor_type = 'anonymous' or e.event in ('user.disabled', 'user.enabled'))`,
        { after, size },
        on,
      ),

    /**
     * Deletes those of the `limit` oldest events that are older than `days`; how many. Oldest by their ids, which follow
     * their times but for the length of a transaction: no more than these are looked at when none is old.
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
      const gone = await db
        .delete(auditEvents)
        .where(sql`${auditEvents.id} in ${old}`)
        .returning({ id: auditEvents.id });
      return gone.length;
    },
  };
}

export type AuditRepository = ReturnType<typeof createAuditRepository>;
export type AuditRow = Awaited<ReturnType<AuditRepository['find']>>[number];

/** Changes those of the `size` events with `found` that follow `after` by their ids which need it. */
async function changeWindow(
  found: SQL,
  changes: SQL,
  needsIt: SQL,
  { after, size }: { after: number; size: number },
  on: Db,
): Promise<DeletedBatch<number>> {
  const [row] = await on.execute<{ changed: number; seen: number; last: string | null }>(sql`
    with page as (
      select id from ${auditEvents} where ${found} and id > ${after}::bigint order by id limit ${size}::int
    ), changed as (
      update ${auditEvents} e set ${changes} from page where e.id = page.id and ${needsIt} returning 1
    )
    select
      (select count(*)::int from changed) as changed,
      (select count(*)::int from page) as seen,
      (select max(id) from page) as last`);
  if (row === undefined) throw new Error('a SELECT without FROM gave no row');
  return { deleted: row.changed, last: row.seen === size && row.last !== null ? Number(row.last) : undefined };
}

function isOn(type: string, id: number): SQL | undefined {
  return and(eq(auditEvents.targetType, type), eq(auditEvents.targetId, String(id)));
}
