// Loads what a page shows, with the states that a request can be in.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useConsole } from './session.js';

export interface Loaded<T> {
  /** The last response; kept while it is loaded again. */
  readonly data: T | undefined;
  readonly error: unknown;
  readonly isLoading: boolean;
  readonly reload: () => void;
  /** Replaces the data with the response of another request, such as a change. */
  readonly replace: (data: T) => void;
}

interface State<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  /** The path that `data` and `error` belong to. */
  readonly path: string | null;
  readonly isLoading: boolean;
}

/** Loads a path of the API, and loads again when the path changes. Null loads nothing. */
export function useLoad<T>(path: string | null): Loaded<T> {
  const { call } = useConsole();
  const [state, setState] = useState<State<T>>({
    data: undefined,
    error: undefined,
    path: null,
    isLoading: path !== null,
  });
  // A response is dropped when a later request has been sent since.
  const latestRequest = useRef(0);

  const load = useCallback(async () => {
    latestRequest.current += 1;
    const request = latestRequest.current;
    if (path === null) return;
    setState((previous) => ({ ...previous, isLoading: true }));
    try {
      const data = await call<T>('GET', path);
      if (request === latestRequest.current) setState({ data, error: undefined, path, isLoading: false });
    } catch (error) {
      if (request !== latestRequest.current) return;
      setState((previous) => ({
        data: previous.path === path ? previous.data : undefined,
        error,
        path,
        isLoading: false,
      }));
    }
  }, [path]);

  useEffect(() => {
    void load();
    return () => {
      latestRequest.current += 1;
    };
  }, [load]);

  return {
    data: state.path === path ? state.data : undefined,
    error: state.path === path ? state.error : undefined,
    isLoading: state.isLoading || state.path !== path,
    reload: () => void load(),
    replace: (data) => setState({ data, error: undefined, path, isLoading: false }),
  };
}
