// The one-time setup link that the service prints at startup. Its token is removed from the URL, where others could find it.
import { useEffect, useState } from 'preact/hooks';

const SETUP_LINK = /^#setup=(.+)$/;

/**
 * The token of the setup link that opened the page, until it is discarded. Must be called before the router reads the URL,
 * which would take the token for a route.
 */
export function useSetupToken(): readonly [token: string | undefined, discard: () => void] {
  const [token, setToken] = useState(takeTokenFromUrl);
  useEffect(() => {
    // A setup link that is opened in a window that already shows the console changes only the fragment: no page is loaded.
    const update = () => setToken((previous) => takeTokenFromUrl() ?? previous);
    addEventListener('hashchange', update);
    return () => removeEventListener('hashchange', update);
  }, []);
  return [token, () => setToken(undefined)];
}

function takeTokenFromUrl(): string | undefined {
  const [, token] = SETUP_LINK.exec(location.hash) ?? [];
  if (token !== undefined) history.replaceState(null, '', location.pathname);
  return token;
}
