// Logouts: those that arrive within two turns of the event loop end their sessions in one statement and one commit.
import DataLoader from 'dataloader';
import { afterTwoTurns } from '#platform/concurrency/event-loop.js';
import { repeatIfLost } from '#platform/database/lost-answer.js';
import { isInvalidValue } from '#platform/errors/database-errors.js';
import { type Tracer, untraced } from '#platform/tracing/tracer.js';
import type { Revocation, RevocationOutcome, SessionsRepository } from './repository.js';
import { sessionKeyOf } from './session.js';

interface Dependencies {
  readonly repository: Pick<SessionsRepository, 'revoke' | 'revokeEach'>;
  readonly tracer?: Tracer;
}

const MAX_BATCH_SIZE = 64;

/** Ends sessions whose refresh token was presented for a logout. */
export function createLogouts({ repository, tracer = untraced }: Dependencies) {
  const logouts = new DataLoader(endBatch, {
    cache: false,
    maxBatchSize: MAX_BATCH_SIZE,
    batchScheduleFn: afterTwoTurns,
  });

  async function endBatch(batch: readonly Revocation[]): Promise<RevocationOutcome[]> {
    // A session can occur several times. Its first logout takes part in the statement, and the others come after it.
    const firsts = new Map<string, Revocation>();
    for (const each of batch) {
      const key = sessionKeyOf(each);
      if (!firsts.has(key)) firsts.set(key, each);
    }
    // A single logout waits for a locked row, so it is not worth a statement that skips it.
    if (firsts.size < 2) return batch.map(() => 'undecided');
    const asked = [...firsts.values()];
    const outcomes = await repository.revokeEach(asked, 'logout').catch((error) => {
      // If Postgres rejects a value of one request, the logouts of other requests still succeed.
      if (isInvalidValue(error)) return undefined;
      throw error;
    });
    const ended = new Set(asked.filter((_, i) => outcomes?.[i] === 'ended'));
    return batch.map((each) => (ended.has(each) ? 'ended' : 'undecided'));
  }

  async function end(revocation: Revocation): Promise<boolean> {
    if ((await tracer.trace('logout batch', () => logouts.load(revocation))) === 'ended') return true;
    return repository.revoke(revocation, 'logout', revocation.event, 'session');
  }

  return {
    /**
     * Ends a session, and records the event. False if there is none, or it has ended before: perhaps by this very logout, if its answer was
     * lost with the connection. The statement records an event only if it ends the session, so it can run again.
     */
    end: (revocation: Revocation): Promise<boolean> => repeatIfLost(() => end(revocation)),
  };
}
