// How much of sessions is kept and shown.

/** How many sessions a list has at most. */
export const LISTED_SESSIONS = 100;

/** Of an account's living sessions, how many of those that began last are considered for a list. */
export const CONSIDERED_SESSIONS = 1000;

/**
 * How many sessions a request marks as ended one by one, at most. The mark says when and why, and instances of a version that does not
 * know epochs act on it. Of more, the epoch ends them all at once and a job deletes the rows.
 */
export const MARKED_SESSIONS = 200;

/** The key where a walk through all sessions begins, in the order of the primary key. */
export const BEFORE_ALL_SESSIONS = { userId: 0, id: -1 } as const;
