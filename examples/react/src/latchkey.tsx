import type { LatchkeyClient } from 'latchkey-client';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';

interface Latchkey {
  client: LatchkeyClient;
  /** Undefined until the storage has been read. */
  isSignedIn: boolean | undefined;
}

const LatchkeyContext = createContext<Latchkey | undefined>(undefined);

/** Put it around the application. Create the client outside of components. */
export function LatchkeyProvider({ client, children }: { client: LatchkeyClient; children: ReactNode }) {
  const [isSignedIn, setIsSignedIn] = useState<boolean>();
  useEffect(() => {
    let isMounted = true;
    const update = async () => {
      const current = await client.isSignedIn();
      if (isMounted) setIsSignedIn(current);
    };
    const stop = client.onChange(update);
    update();
    return () => {
      isMounted = false;
      stop();
    };
  }, [client]);
  const value = useMemo(() => ({ client, isSignedIn }), [client, isSignedIn]);
  return <LatchkeyContext.Provider value={value}>{children}</LatchkeyContext.Provider>;
}

export function useLatchkey(): Latchkey {
  const value = useContext(LatchkeyContext);
  if (value === undefined) throw new Error('useLatchkey needs a LatchkeyProvider around the component.');
  return value;
}
