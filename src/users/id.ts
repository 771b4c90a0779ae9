// The number of an account.
import { Problem } from '#platform/errors/problem.js';

/** The greatest that a Postgres integer holds: a token that names more is about no account. */
export const MAX_USER_ID = 2 ** 31 - 1;

// One spelling for each: no signs, no zeros in front.
const USER_ID = /^[1-9]\d{0,9}$/;

/** The id in a path or on a command line. Throws `user_not_found` for what can be the id of no account. */
export function userIdOf(text: string): number {
  const id = USER_ID.test(text) ? Number(text) : Number.NaN;
  if (!(id <= MAX_USER_ID)) throw new Problem('user_not_found');
  return id;
}
