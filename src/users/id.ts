// The number of an account.
import { MAX_INTEGER } from '#platform/database/integer.js';
import { Problem } from '#platform/errors/problem.js';

// One spelling for each: no signs, no zeros in front.
const USER_ID = /^[1-9]\d{0,9}$/;

/** The id in a path or on a command line. Throws `user_not_found` for what can be the id of no account. */
export function userIdOf(text: string): number {
  const id = USER_ID.test(text) ? Number(text) : Number.NaN;
  if (!(id <= MAX_INTEGER)) throw new Problem('user_not_found');
  return id;
}
