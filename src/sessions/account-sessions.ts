// The sessions of an account, listed and ended by its owner or by an operator. Needs no keys, unlike starting and refreshing sessions.
import type { Act } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { JobsRepository } from '#jobs/repository.js';
import type { Db } from '#platform/database/database.js';
import type { Settings } from '#settings/service.js';
import { MARKED_SESSIONS } from './limits.js';
import type { ListedSession, RevocationReason, SessionsRepository } from './repository.js';

interface Dependencies {
  readonly repository: Pick<
    SessionsRepository,
    'list' | 'beginEpoch' | 'findSuperseded' | 'revokeByIds' | 'revokeLive'
  >;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly jobs: Pick<JobsRepository, 'enqueue'>;
  readonly settings: Pick<Settings, 'get'>;
}

/** An id of 40 bits has up to 13 digits. Signs and leading zeros are refused, so that each id has one spelling. */
const SESSION_ID = /^(0|[1-9]\d{0,12})$/;
const NO_SESSION = -1;

/** Lists and ends sessions of any account. The caller has checked that this is allowed. */
export function createAccountSessions({ repository, audit, jobs, settings }: Dependencies) {
  return {
    /**
     * Ends all sessions of an account except `kept`, all of them live, in the caller's transaction, which has locked the account. Returns
     * how many ended, or undefined when there are more than MARKED_SESSIONS: those are over too, but a job deletes their rows.
     */
    async revokeAll(
      userId: number,
      kept: readonly number[],
      reason: RevocationReason,
      act: Act,
      on: Db,
    ): Promise<number | undefined> {
      const epoch = await repository.beginEpoch(userId, kept, on);
      const ids = await repository.findSuperseded(userId, epoch, MARKED_SESSIONS + 1, on);
      const isTooMany = ids.length > MARKED_SESSIONS;
      if (isTooMany) await jobs.enqueue('end_sessions', String(userId), on);
      const ended = isTooMany ? undefined : await repository.revokeByIds(userId, ids, reason, on);
      if (ended !== 0) {
        const target = { type: 'user', id: userId } as const;
        await audit.record({ ...act, event: 'sessions.ended', target, details: { reason, ended } }, on);
      }
      return ended;
    },

    /**
     * Ends a live session of a user in the caller's transaction. False if there is none. `id` is the `sid` of the session's access tokens.
     * The target of the audit event is the user: the id of a session is unique only within its account.
     */
    async revokeOne(userId: number, id: string, reason: RevocationReason, act: Act, on: Db): Promise<boolean> {
      const maxLifetime = settings.get('SESSION_MAX_LIFETIME');
      if (!(await repository.revokeLive(userId, parseSessionId(id), reason, maxLifetime, on))) return false;
      const target = { type: 'user', id: userId } as const;
      await audit.record({ ...act, event: 'session.ended', target, details: { reason, session_id: id } }, on);
      return true;
    },

    /** The live sessions of an account; none if it is deleted or disabled. */
    listByUser: async (userId: number): Promise<ListedSession[]> =>
      (await repository.list(userId, settings.get('SESSION_MAX_LIFETIME'))) ?? [],
  };
}

export type AccountSessions = ReturnType<typeof createAccountSessions>;

/** A session's id as a number. Text that cannot be an id becomes a number that no session has. */
export function parseSessionId(id: string): number {
  return SESSION_ID.test(id) ? Number(id) : NO_SESSION;
}
