// Who is signed in, and where else. Ends other sessions, and this one.
import { useCallback, useEffect, useState } from 'react';
import { useLatchkey } from './latchkey.js';

type Client = ReturnType<typeof useLatchkey>['client'];
type Session = Awaited<ReturnType<Client['sessions']>>[number];

export function Account() {
  const { client } = useLatchkey();
  const [email, setEmail] = useState('');
  const [sessions, setSessions] = useState<readonly Session[]>([]);

  const load = useCallback(async () => {
    try {
      setEmail((await client.me()).email);
      setSessions(await client.sessions());
    } catch {
      // The session has ended meanwhile, and the login is shown; or the service does not answer, and the list stays as it is.
    }
  }, [client]);
  useEffect(() => {
    void load();
  }, [load]);

  const end = async (id: string) => {
    await client.endSession(id);
    await load();
  };
  return (
    <section aria-label="Account">
      <p>
        Signed in as <strong>{email}</strong>{' '}
        <button type="button" onClick={() => void client.logout()}>
          Log out
        </button>
      </p>
      <ul aria-label="Sessions">
        {sessions.map(({ id, current, created_at }) => (
          <li key={id}>
            {new Date(created_at).toLocaleString()}{' '}
            {current ? (
              '(this one)'
            ) : (
              <button type="button" onClick={() => void end(id)}>
                End
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
