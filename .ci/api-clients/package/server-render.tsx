// Renders a page with the React binding of docs/client.md.
import { equal } from 'node:assert/strict';
import { createLatchkeyClient } from 'latchkey-client';
import { renderToString } from 'react-dom/server';
import { LatchkeyProvider, useLatchkey } from './react-binding.js';

function Page() {
  const { isSignedIn } = useLatchkey();
  return <p>{isSignedIn === undefined ? 'Loading' : String(isSignedIn)}</p>;
}

const client = createLatchkeyClient({ baseUrl: process.env.LATCHKEY_URL ?? '' });
equal(
  renderToString(
    <LatchkeyProvider client={client}>
      <Page />
    </LatchkeyProvider>,
  ),
  '<p>Loading</p>',
);
process.stdout.write('latchkey-client, React: rendered\n');
