// A table that turns into a list of cards on a narrow screen. The CSS for that removes the implicit ARIA roles, so that they are
// set explicitly.
// biome-ignore-all lint/a11y/noRedundantRoles: not redundant once CSS has changed `display`.
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
  /** Shown in place of a table without rows. */
  readonly emptyText: string;
}

export function Table<T>({ caption, columns, rows, keyOf, emptyText }: TableProps<T>) {
  if (rows.length === 0) return <p class="empty">{emptyText}</p>;
  return (
    <div class="table">
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
    </div>
  );
}
