// Calls an API of your own. `createFetch` puts the access token on each request, and refreshes it when it is due.
import { textOf } from 'latchkey-client';
import { type FormEvent, useCallback, useEffect, useMemo, useState } from 'react';
import { useLatchkey } from './latchkey.js';

interface Note {
  readonly id: number;
  readonly text: string;
}

export function Notes() {
  const { client } = useLatchkey();
  const fetchNotes = useMemo(() => client.createFetch(`${location.origin}/notes`), [client]);
  const [notes, setNotes] = useState<readonly Note[]>([]);
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();

  const send = useCallback(
    async (init?: RequestInit) => {
      try {
        const response = await fetchNotes('/', init);
        if (!response.ok) throw new Error(`The notes API has answered ${response.status}.`);
        setNotes(await response.json());
        setError(undefined);
      } catch (caught) {
        setError(textOf(caught));
      }
    },
    [fetchNotes],
  );
  useEffect(() => {
    void send();
  }, [send]);

  const add = (event: FormEvent) => {
    event.preventDefault();
    setText('');
    void send({ method: 'POST', body: text });
  };
  return (
    <section aria-label="Notes">
      <ul>
        {notes.map(({ id, text: note }) => (
          <li key={id}>{note}</li>
        ))}
      </ul>
      <form onSubmit={add}>
        <label>
          New note
          <input value={text} onChange={(e) => setText(e.target.value)} />
        </label>
        <button type="submit">Add</button>
      </form>
      {error !== undefined && <p role="alert">{error}</p>}
    </section>
  );
}
