// Pages for who may do nothing here, and for places that do not exist.
import { Page } from '../components/page.js';
import { useConsole } from '../session.js';

export function NothingPage() {
  const { operator } = useConsole();
  return (
    <Page title="Nothing to do here">
      <p>
        The account {operator.email} has no role that lets it do anything in this console. Somebody who has one can give
        it to you: with the console, or with <code>latchkey users</code> on the command line.
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
