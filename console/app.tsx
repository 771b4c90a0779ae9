// The frame around the pages: login, navigation, routing and status messages.
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { StepUpRequest } from '../client/index.js';
import { StepUpDialog } from './components/step-up-dialog.js';
import { AccountPage } from './pages/account.js';
import { AuditPage } from './pages/audit.js';
import { KeysPage } from './pages/keys.js';
import { LogInPage } from './pages/log-in.js';
import { MailsPage } from './pages/mails.js';
import { NewUserPage } from './pages/new-user.js';
import { NoAccessPage } from './pages/no-access.js';
import { NotFoundPage } from './pages/not-found.js';
import { OverviewPage } from './pages/overview.js';
import { RolePage } from './pages/role.js';
import { RolesPage } from './pages/roles.js';
import { SessionsPage } from './pages/sessions.js';
import { SetUpPage } from './pages/set-up.js';
import { SettingsPage } from './pages/settings.js';
import { UnreachablePage } from './pages/unreachable.js';
import { UserPage } from './pages/user.js';
import { UsersPage } from './pages/users.js';
import { type Route, useRoute } from './router.js';
import { ConsoleContext, createService, type Operator } from './session.js';
import { useSetupToken } from './setup.js';

/** The entries of the navigation, with the permission that each requires. */
const SECTIONS = [
  { name: 'overview', title: 'Overview', permission: 'settings:read' },
  { name: 'settings', title: 'Settings', permission: 'settings:read' },
  { name: 'users', title: 'Users', permission: 'users:read' },
  { name: 'roles', title: 'Roles', permission: 'roles:read' },
  { name: 'mails', title: 'Mail', permission: 'mails:read' },
  { name: 'audit', title: 'Audit log', permission: 'audit:read' },
  { name: 'keys', title: 'Keys', permission: 'keys:read' },
] as const;

/** A call that waits for the operator to prove their identity again. */
interface PendingStepUp {
  readonly request: StepUpRequest;
  readonly resolve: (isProved: boolean) => void;
}

export function App() {
  const [setupToken, discardSetupToken] = useSetupToken();
  const route = useRoute();
  const [operator, setOperator] = useState<Operator>();
  const [status, setStatus] = useState({ text: '', count: 0, hash: '' });
  const [stepUp, setStepUp] = useState<PendingStepUp>();
  const notify = useCallback(
    (text: string) => setStatus(({ count }) => ({ text, count: count + 1, hash: location.hash })),
    [],
  );
  const service = useMemo(
    () =>
      createService({
        onEnd: () => {
          setOperator(undefined);
          notify('Your session has ended. Log in again.');
        },
        onRights: (rights) => setOperator((current) => current && { ...current, ...rights }),
        onStepUp: (request) => new Promise((resolve) => setStepUp({ request, resolve })),
      }),
    [],
  );

  // If the refresh token is in a cookie, the session continues after a reload.
  const [isResuming, setResuming] = useState(service.mayResume);
  const [resumeError, setResumeError] = useState<unknown>();
  const resume = useCallback(async () => {
    setResuming(true);
    setResumeError(undefined);
    try {
      const resumed = await service.resume();
      setOperator((current) => current ?? resumed);
    } catch (error) {
      setResumeError(error);
    } finally {
      setResuming(false);
    }
  }, [service]);
  useEffect(() => void resume(), [resume]);

  async function logOut() {
    const isRevoked = await service.logOut();
    setOperator(undefined);
    notify(
      isRevoked
        ? 'You have logged out.'
        : 'You have logged out here, but the service could not be reached. The session stays active until it expires.',
    );
  }

  async function setUp(token: string, email: string, password: string) {
    await service.setUp(token, email, password);
    const admin = await service.logIn(email, password).catch(() => undefined);
    discardSetupToken();
    setOperator(admin);
    notify(
      admin
        ? `${admin.email} was created as the first administrator.`
        : 'The first administrator was created. Log in to continue.',
    );
  }

  if (operator === undefined && setupToken !== undefined) {
    return (
      <main class="login">
        <StatusMessage {...status} />
        <SetUpPage setUp={(email, password) => setUp(setupToken, email, password)} onLogIn={discardSetupToken} />
      </main>
    );
  }

  if (operator === undefined && isResuming) {
    return (
      <main class="login" aria-busy="true">
        <p class="loading">Loading…</p>
      </main>
    );
  }

  if (operator === undefined && resumeError !== undefined) {
    return (
      <main class="login">
        <UnreachablePage error={resumeError} onRetry={() => void resume()} onLogIn={() => setResumeError(undefined)} />
      </main>
    );
  }

  if (operator === undefined) {
    return (
      <main class="login">
        <StatusMessage {...status} />
        <LogInPage
          logIn={async (email, password) => {
            setOperator(await service.logIn(email, password));
            notify('');
          }}
          completeLogIn={async (challenge, proof) => {
            setOperator(await service.completeLogIn(challenge, proof));
            notify('');
          }}
          passkeysAvailable={service.passkeysAvailable}
          resendVerification={service.resendVerification}
          logInWithPasskey={async (options) => {
            setOperator(await service.logInWithPasskey(options));
            notify('');
          }}
        />
      </main>
    );
  }

  const { call, resendVerification, confirmTotp, passkeysAvailable, addPasskey } = service;
  const hasPermission = (permission: string) => operator.permissions.includes(permission);
  const sections = SECTIONS.filter(({ permission }) => hasPermission(permission));
  const [section = sections[0]?.name] = route.segments;
  return (
    <ConsoleContext.Provider
      value={{
        operator,
        call,
        resendVerification,
        confirmTotp,
        passkeysAvailable,
        addPasskey,
        hasPermission,
        notify,
      }}
    >
      <header class="top-bar">
        <button type="button" class="skip-link" onClick={() => document.querySelector('h1')?.focus()}>
          Skip to content
        </button>
        <span class="brand">Latchkey</span>
        <nav aria-label="Main">
          {sections.map(({ name, title }) => (
            <a key={name} href={`#/${name}`} aria-current={section === name ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <span class="account">
          <a class="own-account" href="#/account" aria-current={route.segments[0] === 'account' ? 'page' : undefined}>
            {operator.email}
          </a>
          <button type="button" onClick={() => void logOut()}>
            Log out
          </button>
        </span>
      </header>
      <main id="main">
        <StatusMessage {...status} />
        {section === undefined ? <NoAccessPage /> : <CurrentPage route={route} section={section} />}
      </main>
      {stepUp && (
        <StepUpDialog
          factors={stepUp.request.factors}
          stepUp={service.stepUp}
          onClose={(isProved) => {
            setStepUp(undefined);
            stepUp.resolve(isProved);
          }}
        />
      )}
    </ConsoleContext.Provider>
  );
}

interface CurrentPageProps {
  readonly route: Route;
  /** The first segment of the route, or what takes its place when there is none. */
  readonly section: string;
}

/** The page of the current route. The key discards a page's state when the route leads to another user, role or list. */
function CurrentPage({ route, section }: CurrentPageProps) {
  const [, id, subpage, ...rest] = route.segments;
  if (rest.length > 0) return <NotFoundPage />;
  const key = route.segments.join('/');
  const pattern = [section, id && ':id', subpage].filter(Boolean).join('/');
  switch (pattern) {
    case 'account':
      return <AccountPage key={key} />;
    case 'overview':
      return <OverviewPage key={key} />;
    case 'settings':
      return <SettingsPage key={route.fragment} query={route.query} />;
    case 'users':
      return <UsersPage key={route.fragment} query={route.query} />;
    case 'new-user':
      return <NewUserPage key={key} />;
    case 'users/:id':
      return <UserPage key={key} id={id ?? ''} />;
    case 'users/:id/sessions':
      return <SessionsPage key={key} userId={id ?? ''} />;
    case 'roles':
      return <RolesPage key={key} />;
    case 'new-role':
      return <RolePage key={key} name={undefined} />;
    case 'roles/:id':
      return <RolePage key={key} name={id} />;
    case 'mails':
      return <MailsPage key={route.fragment} query={route.query} />;
    case 'audit':
      return <AuditPage key={route.fragment} query={route.query} />;
    case 'keys':
      return <KeysPage key={key} />;
    default:
      return <NotFoundPage />;
  }
}

interface StatusMessageProps {
  readonly text: string;
  /** How many messages there have been: a repeated message is a new element, which is announced again. */
  readonly count: number;
  /** The fragment of the URL at which the message is shown. */
  readonly hash: string;
}

/**
 * The outcome of the last action. The live region is always in the document, because screen readers do not announce one that
 * appears together with its text.
 */
function StatusMessage({ text, count, hash }: StatusMessageProps) {
  return (
    <p class="status-message" role="status">
      {text && hash === location.hash && <span key={count}>{text}</span>}
    </p>
  );
}
