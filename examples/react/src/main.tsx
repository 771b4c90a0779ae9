// Starts the application. The client is created once, outside of components.
import { createLatchkeyClient, webStorage } from 'latchkey-client';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { LatchkeyProvider } from './latchkey.js';

const client = createLatchkeyClient({ baseUrl: location.origin, storage: webStorage(localStorage) });

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <LatchkeyProvider client={client}>
      <App />
    </LatchkeyProvider>
  </StrictMode>,
);
