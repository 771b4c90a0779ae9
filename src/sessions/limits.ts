// Bounds on how many sessions one operation lists or marks.

/** The most sessions in a list. */
export const LISTED_SESSIONS = 100;

/** A list considers only this many of an account's live sessions: those that started last. */
export const CONSIDERED_SESSIONS = 1000;

/**
 * The most sessions that one request marks as ended. The mark records when and why a session ended, and instances of a version without
 * session epochs rely on it. When there are more, the epoch alone ends them all at once and a job deletes the rows.
 */
export const MARKED_SESSIONS = 200;

/** A key that sorts before every session in the order of the primary key. */
export const BEFORE_ALL_SESSIONS = { userId: 0, id: -1 } as const;

/** The most devices that an account remembers; the ones used last. */
export const MAX_KNOWN_DEVICES = 100;

/**
 * A login counts the other sessions in the statement that stores its own, which does not see the logins that are in progress. While even
 * this many of them would stay within MAX_SESSIONS_PER_USER, nothing more is needed: more than all instances have connections to Postgres.
 */
export const CONCURRENT_LOGINS = 50;
