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
          // Pasted values often have spaces around them.
          const trimmed = Object.fromEntries(Object.entries(filters).map(([name, value]) => [name, value.trim()]));
          const path = `/${route}${queryString(trimmed)}`;
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
