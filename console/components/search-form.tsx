// The form above a list: its filters are in the URL of the page.
import type { ComponentChildren } from 'preact';
import { queryString } from '../api.js';
import { navigate } from '../router.js';

interface Props {
  /** The page, such as `users`. */
  readonly route: string;
  readonly filters: Readonly<Record<string, string>>;
  /** Called when the filters have not changed. */
  readonly onReload: () => void;
  readonly children: ComponentChildren;
}

export function SearchForm({ route, filters, onReload, children }: Props) {
  return (
    <search>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          const path = `/${route}${queryString(filters)}`;
          if (location.hash === `#${path}`) onReload();
          else navigate(path);
        }}
      >
        {children}
        <button type="submit" class="primary">
          Search
        </button>
      </form>
    </search>
  );
}
