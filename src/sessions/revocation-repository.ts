// Queries that end single sessions. Part of the sessions repository; bulk-repository.ts ends many at once.
import { and, eq, isNull, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import {
  type AuditedAct,
  placeholdersOf,
  recordEach,
  recordedColumns,
  recordedFields,
  recordedValues,
  recordRows,
} from '#audit/repository.js';
import { sessions, users } from '#drizzle/schema.js';
import type { CitusCheck } from '#platform/database/citus.js';
import type { Db } from '#platform/database/database.js';
import type { RevocationReason } from './bulk-repository.js';
import { isAllowedByAccount, isInCurrentEpoch, isInCurrentEpochOfAccount, isLive, isSession } from './conditions.js';
import type { NewSession } from './login-repository.js';
import { sessionKeyOf } from './session.js';

/** The end of a session, and the event that records it. */
export interface Revocation {
  readonly userId: number;
  readonly sessionId: number;
  readonly event: AuditedAct;
}

/**
 * The result of ending one session of several. `undecided`: there is no such session, it was ended before, another transaction had locked
 * it, or the database is distributed. `revoke` can tell which.
 */
export type RevocationOutcome = 'ended' | 'undecided';

const ph = sql.placeholder;

/** What ending a session writes. Uses the placeholder `reason`. */
const asRevoked = { revokedAt: sql`now()`, revokedReason: sql`${ph('reason')}::text` };

/** Prepares the statements on `db`; a method that takes `on` runs in the transaction it is given. */
export function createRevocationRepository(db: Db, hasCitus: CitusCheck) {
  const revokeOn = (on: Db) => {
    const revoked = on.$with('revoked').as(
      on
        .update(sessions)
        .set(asRevoked)
        .where(and(isSession, isNull(sessions.revokedAt), isInCurrentEpochOfAccount))
        .returning({ id: sessions.id, userId: sessions.userId }),
    );
    return {
      session: on
        .with(revoked, recordEach(on, revoked, { type: 'session', id: revoked.id }))
        .select()
        .from(revoked)
        .prepare('session_revoke'),
      user: on
        .with(revoked, recordEach(on, revoked, { type: 'user', id: revoked.userId }))
        .select()
        .from(revoked)
        .prepare('session_revoke_of_user'),
    };
  };
  const revoke = revokeOn(db);

  const [s, u] = [alias(sessions, 's'), alias(users, 'u')];
  // As `rotateEach`, this skips the sessions that another transaction has locked.
  const revokedEach = db.$with('revoked').as(
    db
      .update(sessions)
      .set(asRevoked)
      .from(sql`(
        select asked.*
        from json_to_recordset(${ph('revocations')}::json) as asked (user_id int, session_id bigint, ${recordedColumns()})
        join ${sessions} s on s.user_id = asked.user_id and s.id = asked.session_id
        join ${users} u on u.id = asked.user_id
        where ${and(isNull(s.revokedAt), isInCurrentEpoch(s, u))}
        for no key update of s skip locked
      ) as asked`)
      .where(
        and(
          eq(sessions.userId, sql`asked.user_id`),
          eq(sessions.id, sql`asked.session_id`),
          isNull(sessions.revokedAt),
        ),
      )
      .returning({ id: sessions.id, userId: sessions.userId, recorded: recordedFields('asked') }),
  );
  const revokeEach = db
    .with(revokedEach, recordRows(db, revokedEach, { type: 'session', id: revokedEach.id }))
    .select({ id: revokedEach.id, userId: revokedEach.userId })
    .from(revokedEach)
    .prepare('session_revoke_each');

  const revokeLiveOn = (on: Db) =>
    on
      .update(sessions)
      .set(asRevoked)
      .where(and(isSession, isLive, isInCurrentEpochOfAccount))
      .returning({ id: sessions.id })
      .prepare('session_revoke_live');

  // `lockLive`, `revokeLive` and the event as one statement.
  const caller = db.$with('caller').as(
    db
      .select({ id: sessions.id })
      .from(users)
      .innerJoin(sessions, eq(sessions.userId, users.id))
      .where(
        and(eq(users.id, ph('userId')), eq(sessions.id, ph('callerId')), isLive, isAllowedByAccount(sessions, users)),
      )
      .for('no key update'),
  );
  const revokedOwn = db.$with('revoked').as(
    db
      .update(sessions)
      .set(asRevoked)
      .where(and(isSession, isLive, isInCurrentEpochOfAccount, sql`exists (select 1 from ${caller})`))
      .returning({ userId: sessions.userId }),
  );
  const revokeOwn = db
    .with(caller, revokedOwn, recordEach(db, revokedOwn, { type: 'user', id: revokedOwn.userId }))
    .select({ ended: sql<boolean>`exists (select 1 from ${revokedOwn})` })
    .from(caller)
    .prepare('session_revoke_own');

  return {
    /**
     * Ends a session and records `event`, whose target is the session or its user. False if there is none, or it was ended before. Runs in
     * a transaction if given `on`.
     */
    revoke: async (
      { userId, sessionId }: Pick<NewSession, 'userId' | 'sessionId'>,
      reason: RevocationReason,
      event: AuditedAct,
      target: 'session' | 'user',
      on?: Db,
    ): Promise<boolean> =>
      (
        await (on === undefined ? revoke : revokeOn(on))[target].execute({
          userId,
          sessionId,
          reason,
          ...placeholdersOf(event),
        })
      ).length > 0,

    /**
     * Ends many sessions in one statement and one commit, by the same rule as `revoke`, and records the event of each, whose target is the
     * session. No session may occur twice. Citus does not lock rows of several accounts, so nothing is decided there.
     */
    revokeEach: async (revocations: readonly Revocation[], reason: RevocationReason): Promise<RevocationOutcome[]> => {
      if (await hasCitus()) return revocations.map(() => 'undecided');
      const asked = revocations.map(({ userId, sessionId, event }) => ({
        user_id: userId,
        session_id: sessionId,
        ...recordedValues(event),
      }));
      const rows = await revokeEach.execute({ revocations: JSON.stringify(asked), reason });
      const ended = new Set(rows.map(({ userId, id: sessionId }) => sessionKeyOf({ userId, sessionId })));
      return revocations.map((each) => (ended.has(sessionKeyOf(each)) ? 'ended' : 'undecided'));
    },

    /**
     * Ends a live session of the account of `caller`, and records `event`, whose target is the user. `not_found`: there is none; `refused`:
     * the caller's own session is over, or the account is disabled.
     */
    revokeOwn: async (
      caller: Pick<NewSession, 'userId' | 'sessionId'>,
      sessionId: number,
      reason: RevocationReason,
      event: AuditedAct,
      maxLifetime: number,
    ): Promise<'ended' | 'not_found' | 'refused'> => {
      const { userId, sessionId: callerId } = caller;
      const values = { userId, callerId, sessionId, reason, maxLifetime };
      const [row] = await revokeOwn.execute({ ...values, ...placeholdersOf(event) });
      if (row === undefined) return 'refused';
      return row.ended ? 'ended' : 'not_found';
    },

    /** Ends a live session. False if there is none. */
    revokeLive: async (
      userId: number,
      sessionId: number,
      reason: RevocationReason,
      maxLifetime: number,
      on: Db,
    ): Promise<boolean> => (await revokeLiveOn(on).execute({ userId, sessionId, reason, maxLifetime })).length > 0,
  };
}
