// The id of an account, as text.
import { MAX_INTEGER } from '#platform/database/integer.js';
import { Problem } from '#platform/errors/problem.js';

// Signs and leading zeros are refused, so that each id has one spelling.
const USER_ID = /^[1-9]\d{0,9}$/;

/** Parses an id in a path or on a command line. Throws `user_not_found` for text that cannot be an id. */
export function parseUserId(text: string): number {
  const id = USER_ID.test(text) ? Number(text) : Number.NaN;
  if (!(id <= MAX_INTEGER)) throw new Problem('user_not_found');
  return id;
}
