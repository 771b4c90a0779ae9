// How much of sessions is kept and shown.

/** How many sessions a list has at most. */
export const LISTED_SESSIONS = 100;

/** The key where a walk through all sessions begins, in the order of the primary key. */
export const BEFORE_ALL_SESSIONS = { userId: 0, id: -1 } as const;
