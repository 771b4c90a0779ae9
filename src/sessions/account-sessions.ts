// Sessions of any account, seen and ended by whoever may: their owner's other ones, and those of others for operators.
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
    'list' | 'beginEpoch' | 'findSuperseded' | 'revokeSome' | 'revokeLiving'
  >;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly jobs: Pick<JobsRepository, 'enqueue'>;
  readonly settings: Pick<Settings, 'get'>;
}

/** 40 bits have up to 13 digits. One spelling for each: no signs, no zeros in front. */
const SESSION_ID = /^(0|[1-9]\d{0,12})$/;
const NO_SESSION = -1;

/** Needs no keys, unlike the sessions that begin and go on. */
export function createAccountSessions({ repository, audit, jobs, settings }: Dependencies) {
  return {
    /**
     * Ends all sessions of an account but for `kept`, which live, in the caller's transaction, which has locked the account. Returns how many
     * were ended; undefined when there are more than MARKED_SESSIONS: they are over as well, and a job deletes their rows.
     */
    async endAllBecause(
      userId: number,
      kept: readonly number[],
      reason: RevocationReason,
      act: Act,
      on: Db,
    ): Promise<number | undefined> {
      const epoch = await repository.beginEpoch(userId, kept, on);
      const ids = await repository.findSuperseded(userId, epoch, MARKED_SESSIONS + 1, on);
      const isMany = ids.length > MARKED_SESSIONS;
      if (isMany) await jobs.enqueue('end_sessions', String(userId), on);
      const ended = isMany ? undefined : await repository.revokeSome(userId, ids, reason, on);
      if (ended !== 0) {
        const target = { type: 'user', id: userId } as const;
        await audit.record({ ...act, event: 'sessions.ended', target, details: { reason, ended } }, on);
      }
      return ended;
    },

    /**
     * Ends one session of a user that lives, in the caller's transaction; false when there is none. `id` is as in `sid` of its
     * access tokens. The event is on the user: a session's id says nothing without its owner.
     */
    async endOneBecause(userId: number, id: string, reason: RevocationReason, act: Act, on: Db): Promise<boolean> {
      const maxLifetime = settings.get('SESSION_MAX_LIFETIME');
      if (!(await repository.revokeLiving(userId, sessionIdOf(id), reason, maxLifetime, on))) return false;
      const target = { type: 'user', id: userId } as const;
      await audit.record({ ...act, event: 'session.ended', target, details: { reason, session_id: id } }, on);
      return true;
    },

    /** The living sessions of any account; none when it is gone or disabled. */
    listOf: async (userId: number): Promise<ListedSession[]> =>
      (await repository.list(userId, settings.get('SESSION_MAX_LIFETIME'))) ?? [],
  };
}

export type AccountSessions = ReturnType<typeof createAccountSessions>;

/** The number of a session; of what can be the id of none, one that no session has. */
export function sessionIdOf(id: string): number {
  return SESSION_ID.test(id) ? Number(id) : NO_SESSION;
}
