// The number of an account.

/** The greatest that a Postgres integer holds: a token that names more is about no account. */
export const MAX_USER_ID = 2 ** 31 - 1;
