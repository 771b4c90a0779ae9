// The range of the Postgres type `integer`.

/** The greatest value of the Postgres type `integer`, which account ids have. */
export const MAX_INTEGER = 2 ** 31 - 1;
