// Shown after a reload while the service does not respond: the operator may still be logged in.
import { ErrorBanner } from '../components/error-banner.js';
import { Page } from '../components/page.js';

interface UnreachablePageProps {
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly onLogIn: () => void;
}

export function UnreachablePage({ error, onRetry, onLogIn }: UnreachablePageProps) {
  return (
    <Page title="No connection to the service">
      <ErrorBanner error={error} onRetry={onRetry} />
      <p>If you are still logged in, the console continues where you were.</p>
      <p>
        <button type="button" onClick={onLogIn}>
          Log in again
        </button>
      </p>
    </Page>
  );
}
