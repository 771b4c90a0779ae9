// The range of the Postgres type `integer`, which ids of accounts have.

/** The greatest value of a Postgres `integer`. */
export const MAX_INTEGER = 2 ** 31 - 1;
