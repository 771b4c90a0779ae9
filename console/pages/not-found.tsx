// Pages for who may do nothing here, and for places that do not exist.
import { Page } from '../components/page.js';
import { useConsole } from '../session.js';

export function NothingPage() {
  const { operator } = useConsole();
  return (
    <Page title="Nothing to do here">
      <p>
        The account {operator.email} has no role that lets it do anything in this console. Somebody who may give roles
        can give it one; log in again then.
      </p>
    </Page>
  );
}

export function NotFoundPage() {
  return (
    <Page title="No such page">
      <p>The console has nothing at this address.</p>
    </Page>
  );
}
