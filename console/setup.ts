// The one-time link that the start of the service prints: its token is taken out of the address, where nobody is to find it.
import { useEffect, useState } from 'preact/hooks';

const LINK = /^#setup=(.+)$/;

/**
 * The token of the link that the page was opened with, until it is dropped. Called before what else reads the address: that
 * is not to take the token for a place.
 */
export function useSetupToken(): readonly [token: string | undefined, drop: () => void] {
  const [token, setToken] = useState(take);
  useEffect(() => {
    // In a window that has the console already, a link of it loads nothing.
    const follow = () => setToken((before) => take() ?? before);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return [token, () => setToken(undefined)];
}

function take(): string | undefined {
  const [, token] = LINK.exec(location.hash) ?? [];
  if (token !== undefined) history.replaceState(null, '', location.pathname);
  return token;
}
