// How much of sessions is kept and shown.

/** Characters of a user agent. A browser's is under 300 characters; what is longer says nothing more. */
export const USER_AGENT_KEPT = 512;

/** How many sessions a list has at most. */
export const LISTED_SESSIONS = 100;
