// How long lists are asked for, page by page.
import { Type } from '@sinclair/typebox';

/** How many entries a page has when nobody says. */
export const PAGE_LENGTH = 50;

/** Of a query, where everything is text. */
export const Limit = Type.String({
  pattern: '^([1-9][0-9]?|100)$',
  description: `How many entries to answer at most, from 1 to 100; ${PAGE_LENGTH} by default.`,
  examples: ['50'],
});

/** Of a query. */
export const Cursor = Type.String({
  maxLength: 512,
  description: '`next_cursor` of the page before.',
});

/** Of an answer. */
export const NextCursor = Type.Union([Type.String(), Type.Null()], {
  description: 'For `cursor`, to read on; null: nothing follows.',
});
