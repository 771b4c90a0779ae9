// Links to the next and the first page of a list. Cursors lead forward only; the browser's back button leads to the previous page.
import { queryString } from '../api.js';

interface PaginationProps {
  /** The route of the list, such as `users`. */
  readonly route: string;
  /** The filters, without the cursor. */
  readonly filters: Readonly<Record<string, string>>;
  /** The cursor of this page; null on the first one. */
  readonly cursor: string | null;
  readonly nextCursor: string | null | undefined;
}

export function Pagination({ route, filters, cursor, nextCursor }: PaginationProps) {
  if (cursor === null && !nextCursor) return null;
  return (
    <nav class="pagination" aria-label="Pagination">
      {cursor !== null && <a href={`#/${route}${queryString(filters)}`}>First page</a>}
      {nextCursor && <a href={`#/${route}${queryString({ ...filters, cursor: nextCursor })}`}>Next page</a>}
    </nav>
  );
}
