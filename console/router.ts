// Where in the console one is: the part of the address after the #, so that the server has one page and "back" works.
import { useEffect, useState } from 'preact/hooks';

export interface Place {
  /** `users`, `12`, `sessions` of `#/users/12/sessions?…`. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** The whole of it. */
  readonly text: string;
}

export function usePlace(): Place {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const follow = () => setPlace(here());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return place;
}

/** Goes there, leaving the present place behind for "back". */
export function go(text: string): void {
  location.hash = text;
}

function here(): Place {
  const text = location.hash.replace(/^#\/?/, '');
  const [path = '', query = ''] = text.split('?', 2);
  return { path: path.split('/').filter(Boolean).map(decoded), query: new URLSearchParams(query), text };
}

/** An address is typed by anybody: what is no UTF-8 is taken as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
