// Routing by the fragment of the URL: the server has one page, and the browser's back button works.
import { useEffect, useState } from 'preact/hooks';

export interface Route {
  /** The segments of the path: `users`, `12`, `sessions` for `#/users/12/sessions?…`. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  /** The whole fragment, without `#/`. */
  readonly fragment: string;
}

/** The current route. Renders the component again when the fragment changes. */
export function useRoute(): Route {
  const [route, setRoute] = useState(currentRoute);
  useEffect(() => {
    const update = () => setRoute(currentRoute());
    addEventListener('hashchange', update);
    return () => removeEventListener('hashchange', update);
  }, []);
  return route;
}

/** Navigates to a path such as `/users/12`, and adds an entry to the browser's history. */
export function navigate(path: string): void {
  location.hash = path;
}

function currentRoute(): Route {
  const fragment = location.hash.replace(/^#\/?/, '');
  const [path = '', query = ''] = fragment.split('?', 2);
  return { segments: path.split('/').filter(Boolean).map(decodeSegment), query: new URLSearchParams(query), fragment };
}

/** A URL can be typed by hand: a segment with invalid percent-encoding is used as it is. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
