// Times that Postgres can compare rows with.

// The range of timestamps that Postgres and JavaScript format in the same way. No row is older or younger.
const MIN_MILLISECONDS = 0;
const MAX_MILLISECONDS = Date.UTC(9999, 11, 31, 23, 59, 59);

/** The time, in milliseconds since 1970, or the closest one that can be sent to Postgres. Anything else would be refused by it (22008). */
export function closestTimestamp(milliseconds: number): Date {
  return new Date(Math.min(Math.max(milliseconds, MIN_MILLISECONDS), MAX_MILLISECONDS));
}
