// What lists of the operator's operations have in common: pages, and what is asked for in the query.
import { Type } from '@sinclair/typebox';
import { invalidField } from '#platform/errors/problem.js';
import { refusal } from '../problem.js';

const DEFAULT_LIMIT = 50;

/** Members of a query that ask for a page. Text, as everything in a query. */
export const page = {
  limit: Type.Optional(
    Type.String({
      pattern: '^([1-9][0-9]?|100)$',
      description: `How many at most: 1 to 100, without it ${DEFAULT_LIMIT}.`,
      examples: [String(DEFAULT_LIMIT)],
    }),
  ),
  cursor: Type.Optional(
    Type.String({
      maxLength: 256,
      description: '`next_cursor` of the page before, as it came. The filters must be the same.',
    }),
  ),
};

/** Where the next page begins, in a list. */
export const NextCursor = Type.Union([Type.String(), Type.Null()], {
  description: 'For `cursor` of the next page; null: this was the last one.',
});

/** How a list refuses a cursor. */
export const cursorRefusal = refusal('not_a_cursor', '/query/cursor', 'is not a cursor of this list');

/** How many are asked for. */
export function limitOf({ limit }: { limit?: string }): number {
  return limit === undefined ? DEFAULT_LIMIT : Number(limit);
}

// Both ends of what Postgres and JavaScript write in the same way.
const FIRST = 0;
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59);

/** An RFC 3339 time in the query. Throws `validation_failed` for a leap second, which no clock here has. */
export function instantOf(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw invalidField(`/query/${name}`, 'must match format "date-time"');
  return new Date(Math.min(Math.max(milliseconds, FIRST), LAST));
}
