// The start page of an account without any permission of the console.
import { Page } from '../components/page.js';
import { useConsole } from '../session.js';

export function NoAccessPage() {
  const { operator } = useConsole();
  return (
    <Page title="No access">
      <p>
        None of the roles of {operator.email} gives access to this console. Ask an administrator for a role, then log in
        again.
      </p>
    </Page>
  );
}
