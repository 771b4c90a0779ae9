// What a page shows comes from the service, and may be late, refused, or out of date.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useConsole } from './session.js';

export interface Loaded<T> {
  /** What came last; stays while it is loaded again. */
  readonly data: T | undefined;
  readonly error: unknown;
  readonly isLoading: boolean;
  readonly reload: () => void;
  /** Puts what another call has answered in its place. */
  readonly replace: (data: T) => void;
}

interface State<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  /** What data and error belong to. */
  readonly path: string | null;
  readonly isLoading: boolean;
}

/** Loads a path of the API, and again when it changes. Null: nothing. */
export function useLoad<T>(path: string | null): Loaded<T> {
  const { call } = useConsole();
  const [state, setState] = useState<State<T>>({
    data: undefined,
    error: undefined,
    path: null,
    isLoading: path !== null,
  });
  // An answer that has been overtaken by a later question is thrown away.
  const latest = useRef(0);

  const load = useCallback(async () => {
    latest.current += 1;
    const turn = latest.current;
    if (path === null) return;
    setState((before) => ({ ...before, isLoading: true }));
    try {
      const data = await call<T>('GET', path);
      if (turn === latest.current) setState({ data, error: undefined, path, isLoading: false });
    } catch (error) {
      if (turn !== latest.current) return;
      setState(({ data, path: of }) => ({ data: of === path ? data : undefined, error, path, isLoading: false }));
    }
  }, [path]);

  useEffect(() => {
    void load();
    return () => {
      latest.current += 1;
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

/** A deed of the user: one at a time, its error kept to be shown. */
export function useAct() {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);

  async function act(deed: () => Promise<void>): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      await deed();
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  }

  return { act, error, isBusy, forget: () => setError(undefined) };
}
