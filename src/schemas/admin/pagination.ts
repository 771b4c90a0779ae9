// Query parameters and members shared by all paginated lists.
import { Type } from '@sinclair/typebox';
import type { PageRequest } from '#platform/http/pagination.js';
import { refusal } from '../problem.js';

const DEFAULT_LIMIT = 50;

/** Query parameters of a paginated list. In a query, values are text. */
export const paginationQuery = {
  limit: Type.Optional(
    Type.String({
      pattern: '^([1-9][0-9]?|100)$',
      description: `Maximum number of entries, 1 to 100. Default: ${DEFAULT_LIMIT}.`,
      examples: [String(DEFAULT_LIMIT)],
    }),
  ),
  cursor: Type.Optional(
    Type.String({
      maxLength: 512,
      description: '`next_cursor` of the previous page, unchanged. The filters must be the same.',
    }),
  ),
};

/** The member of a paginated response that leads to the next page. */
export const NextCursor = Type.Union([Type.String(), Type.Null()], {
  title: 'NextCursor',
  description: 'Pass it as `cursor` to read the next page; null on the last one.',
});

/** The error for an invalid cursor. */
export const cursorRefusal = refusal('not_a_cursor', '/query/cursor', 'is not a cursor of this list');

/** The page that a query asks for. */
export function pageRequest({ limit, cursor }: { limit?: string; cursor?: string }): PageRequest {
  return { limit: limit === undefined ? DEFAULT_LIMIT : Number(limit), cursor };
}
