// A table that becomes a list of cards on a narrow screen. Its roles are repeated, because CSS that does so removes them.
// biome-ignore-all lint/a11y/noRedundantRoles: they are not redundant once CSS has made cards of the table.
import type { ComponentChildren } from 'preact';

export interface Column<T> {
  readonly title: string;
  readonly cell: (row: T) => ComponentChildren;
}

interface TableProps<T> {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string | number;
  /** Instead of a table without rows. */
  readonly empty: string;
}

export function Table<T>({ caption, columns, rows, keyOf, empty }: TableProps<T>) {
  if (rows.length === 0) return <p class="empty">{empty}</p>;
  return (
    <table role="table">
      <caption>{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ title }) => (
            <th key={title} role="columnheader" scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row">
            {columns.map(({ title, cell }) => (
              <td key={title} role="cell" data-title={title}>
                <div>{cell(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface PagesProps {
  /** The place without its cursor, with its parameters. */
  readonly here: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly cursor: string | null;
  readonly next: string | null | undefined;
}

/** The way through a long list: on, or back to its beginning; step by step back goes the browser. */
export function Pages({ here, parameters, cursor, next }: PagesProps) {
  if (cursor === null && !next) return null;
  const to = (more: Record<string, string>) => `#/${here}?${new URLSearchParams({ ...parameters, ...more })}`;
  return (
    <nav class="pages" aria-label="Pages of the list">
      {cursor !== null && <a href={to({})}>First page</a>}
      {next && <a href={to({ cursor: next })}>Next page</a>}
    </nav>
  );
}
