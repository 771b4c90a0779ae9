// Shows the login, or the notes of the user who is signed in. A logout in another tab arrives here through `isSignedIn`.

import { Account } from './account.js';
import { useLatchkey } from './latchkey.js';
import { LogIn } from './log-in.js';
import { Notes } from './notes.js';
import { Passkeys } from './passkeys.js';

export function App() {
  const { isSignedIn } = useLatchkey();
  if (isSignedIn === undefined) return null;
  return (
    <main>
      <h1>Notes</h1>
      {isSignedIn ? (
        <>
          <Account />
          <Notes />
          <Passkeys />
        </>
      ) : (
        <LogIn />
      )}
    </main>
  );
}
