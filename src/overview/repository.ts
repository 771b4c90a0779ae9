// Queries on the state of the whole service, each of which looks at a bounded number of rows.
import { and, isNull, sql } from 'drizzle-orm';
import { sessions, users } from '#drizzle/schema.js';
import { createCitusCheck } from '#platform/database/citus.js';
import type { Db } from '#platform/database/database.js';
import { clockDifference, countWithRole, inspectServer } from '#platform/database/diagnostics.js';
import { faultOf, readDurability } from '#platform/database/durability.js';
import { ADMIN_ROLE } from '#roles/permissions.js';
import { isAllowedByAccount, isLive } from '#sessions/conditions.js';

/** A number of rows; an estimate of Postgres if there are too many to count them. */
export interface Size {
  readonly count: number;
  readonly isEstimate: boolean;
}

/** More rows than this are not counted. */
const COUNTED = 10_000;

interface Counted {
  readonly table: string;
  readonly index: string;
}

const ALL_USERS: Counted = { table: 'users', index: 'users_pkey' };
const LIVING_SESSIONS: Counted = { table: 'sessions', index: 'sessions_living_idx' };

/**
 * What Citus runs on the node of each shard, for which the coordinator has no estimate. `%L` becomes the name of the shard; its number is
 * appended to the names of its indexes.
 */
const estimateOfShard = (index: string) => `
  select coalesce(sum(c.reltuples), 0)::float8 from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
  where i.indrelid = %L::regclass and c.relname ~ '^${index}_[0-9]+$'`;

/** Queries on `db`. */
export function createOverviewRepository(db: Db) {
  const someUsers = db
    .select({ one: sql`1`.as('one') })
    .from(users)
    .where(isNull(users.deletedAt))
    .limit(COUNTED + 1)
    .as('some');
  const someSessions = db
    .select({ one: sql`1`.as('one') })
    .from(sessions)
    .innerJoin(users, sql`${users.id} = ${sessions.userId}`)
    .where(and(isLive, isAllowedByAccount(sessions, users)))
    .limit(COUNTED + 1)
    .as('some');
  const count = sql<number>`count(*)::int`;
  const countUsers = db.select({ count }).from(someUsers).prepare('overview_users');
  const countSessions = db.select({ count }).from(someSessions).prepare('overview_sessions');

  const hasCitus = createCitusCheck(db);

  /** `index`: the index whose size Postgres estimates when it vacuums and analyzes; it has an entry for each row that is counted. */
  async function sizeOf(counted: number, { table, index }: Counted): Promise<Size> {
    if (counted <= COUNTED) return { count: counted, isEstimate: false };
    const [row] = await db.execute<{ rows: number | null }>(
      (await hasCitus())
        ? sql`
            select sum(case when success then result::float8 end) as rows
            from run_command_on_shards(${table}::text::regclass, ${estimateOfShard(index)}::text)`
        : sql`select reltuples::float8 as rows from pg_catalog.pg_class where oid = to_regclass(${index}::text)`,
    );
    return { count: Math.max(COUNTED, Math.round(row?.rows ?? 0)), isEstimate: true };
  }

  return {
    /** Accounts, also disabled ones. */
    countAccounts: async (): Promise<Size> => sizeOf((await countUsers.execute())[0]?.count ?? 0, ALL_USERS),

    /** Sessions that can be refreshed. An estimate also contains expired ones that have not been purged. */
    countSessions: async (maxLifetime: number): Promise<Size> =>
      sizeOf((await countSessions.execute({ maxLifetime }))[0]?.count ?? 0, LIVING_SESSIONS),

    /** What the checks of `latchkey doctor` need to know of the database. */
    readFacts: async () => ({
      server: await inspectServer(db),
      durability: faultOf(await readDurability(db)),
      clockDifference: await clockDifference(db),
      admins: await countWithRole(db, ADMIN_ROLE),
    }),
  };
}

export type OverviewRepository = ReturnType<typeof createOverviewRepository>;
