// Repeats a write whose answer was lost with its connection.
import { driverError } from '#platform/errors/database-errors.js';
import { ConnectionLost } from './connection.js';
import { DEFAULT_DEADLINE } from './deadline.js';

const MAX_ATTEMPTS = 3;

/** Whether the connection was lost before the answer arrived, so that it is not known whether the write has taken effect. */
export function isAnswerLost(error: unknown): boolean {
  return driverError(error) instanceof ConnectionLost;
}

/**
 * Runs `write` again when the connection was lost before its answer arrived. The first attempt may have taken effect, or may do so during
 * the second: `write` must be conditional, so that it takes effect once, and, if `isRepeated`, must find out whether a refusal means that
 * it has taken effect before. Rejects with ConnectionLost if that remains unknown.
 */
export async function repeatIfLost<T>(write: (isRepeated: boolean) => Promise<T>): Promise<T> {
  const begunAt = performance.now();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write(attempt > 1);
    } catch (error) {
      if (!isAnswerLost(error) || attempt === MAX_ATTEMPTS || performance.now() - begunAt > DEFAULT_DEADLINE)
        throw error;
    }
  }
}
