// The page for an address that the console does not have.
import { Page } from '../components/page.js';

export function NotFoundPage() {
  return (
    <Page title="Page not found">
      <p>The console has no page at this address.</p>
    </Page>
  );
}
