// The start page of an account that cannot use any other page of the console, or not yet.
import { Page } from '../components/page.js';
import { useConsole } from '../session.js';

export function NoAccessPage() {
  const { operator } = useConsole();
  if (operator.mustAddFactor) {
    return (
      <Page title="Add a second factor">
        <p>
          Your account has to have a second factor. <a href="#/account">Add one</a> to use the console.
        </p>
      </Page>
    );
  }
  return (
    <Page title="No access">
      <p>
        None of the roles of {operator.email} gives access to this console. Ask an administrator for a role, then log in
        again.
      </p>
    </Page>
  );
}
