// Statements on the sessions of several accounts, which a distributed database (Citus) does not support.
import { isUnsupported } from '#platform/errors/database-errors.js';

/**
 * The same statement, which resolves to undefined once the database has rejected it as unsupported: from then on it is not sent any more, and
 * callers do one account after the other.
 */
export function unlessDistributed<Values extends unknown[], Outcome>(
  statement: (...values: Values) => Promise<Outcome>,
): (...values: Values) => Promise<Outcome | undefined> {
  let isDistributed = false;
  return async (...values) => {
    if (isDistributed) return undefined;
    try {
      return await statement(...values);
    } catch (error) {
      if (!isUnsupported(error)) throw error;
      isDistributed = true;
      return undefined;
    }
  };
}
