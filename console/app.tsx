// The shell: who is logged in, where one can go, and what has just been done.
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { AuditPage } from './pages/audit.js';
import { KeysPage } from './pages/keys.js';
import { LogInPage } from './pages/log-in.js';
import { NewUserPage } from './pages/new-user.js';
import { NotFoundPage, NothingPage } from './pages/not-found.js';
import { RolePage } from './pages/role.js';
import { RolesPage } from './pages/roles.js';
import { SessionsPage } from './pages/sessions.js';
import { SetUpPage } from './pages/set-up.js';
import { SettingsPage } from './pages/settings.js';
import { UserPage } from './pages/user.js';
import { UsersPage } from './pages/users.js';
import { type Place, usePlace } from './router.js';
import { ConsoleContext, createService, type Operator } from './session.js';
import { useSetupToken } from './setup.js';

/** Where one can go, and what it takes. */
const SECTIONS = [
  ['settings', 'Settings', 'settings:read'],
  ['users', 'Users', 'users:read'],
  ['roles', 'Roles', 'roles:read'],
  ['audit', 'Audit', 'audit:read'],
  ['keys', 'Keys', 'keys:read'],
] as const;

export function App() {
  const [setupToken, dropSetupToken] = useSetupToken();
  const place = usePlace();
  const [operator, setOperator] = useState<Operator>();
  const [said, setSaid] = useState({ text: '', times: 0, at: '' });
  const say = useCallback(
    (text: string) => setSaid(({ times }) => ({ text, times: times + 1, at: location.hash })),
    [],
  );
  const service = useMemo(
    () =>
      createService({
        onEnd: () => {
          setOperator(undefined);
          say('Your session has ended. Log in again.');
        },
        onPermissions: (permissions) => setOperator((now) => now && { ...now, permissions }),
      }),
    [],
  );

  // With the refresh token in a cookie, a reload keeps the operator in.
  const [isResuming, setResuming] = useState(service.mayResume);
  useEffect(() => {
    void service.resume().then((resumed) => {
      setOperator((now) => now ?? resumed);
      setResuming(false);
    });
  }, [service]);

  async function logOut() {
    const told = await service.logOut();
    setOperator(undefined);
    say(
      told
        ? 'You are logged out.'
        : 'You are logged out here. The service could not be told: the session lives on there.',
    );
  }

  /** What the account may do then is seen by logging in, as for everybody. */
  async function setUp(token: string, email: string, password: string) {
    await service.setUp(token, email, password);
    const admin = await service.logIn(email, password).catch(() => undefined);
    dropSetupToken();
    setOperator(admin);
    say(admin ? `${admin.email} is the first admin.` : 'The first admin has been made. Log in.');
  }

  if (operator === undefined && setupToken !== undefined) {
    return (
      <main class="door">
        <Said {...said} />
        <SetUpPage setUp={(email, password) => setUp(setupToken, email, password)} onLogIn={dropSetupToken} />
      </main>
    );
  }

  if (operator === undefined && isResuming) return <main class="door" aria-busy="true" />;

  if (operator === undefined) {
    return (
      <main class="door">
        <Said {...said} />
        <LogInPage
          logIn={async (email, password) => {
            setOperator(await service.logIn(email, password));
            say('');
          }}
        />
      </main>
    );
  }

  const may = (permission: string) => operator.permissions.includes(permission);
  const sections = SECTIONS.filter(([, , permission]) => may(permission));
  const [first = sections[0]?.[0]] = place.path;
  return (
    <ConsoleContext.Provider value={{ operator, call: service.call, may, say }}>
      <header class="bar">
        <button type="button" class="skip" onClick={() => document.querySelector('h1')?.focus()}>
          Skip to the content
        </button>
        <span class="brand">Latchkey</span>
        <nav aria-label="Sections">
          {sections.map(([name, title]) => (
            <a key={name} href={`#/${name}`} aria-current={first === name ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <span class="who">
          <span>{operator.email}</span>
          <button type="button" onClick={() => void logOut()}>
            Log out
          </button>
        </span>
      </header>
      <main id="main">
        <Said {...said} />
        {first === undefined ? <NothingPage /> : <PageAt place={place} first={first} />}
      </main>
    </ConsoleContext.Provider>
  );
}

/** The page at a place. Its key makes it a new one, with new state, when the place is another one. */
function PageAt({ place, first }: { readonly place: Place; readonly first: string }) {
  const [, second, third, ...more] = place.path;
  if (more.length > 0) return <NotFoundPage />;
  const key = place.path.join('/');
  const route = [first, second && ':id', third].filter(Boolean).join('/');
  switch (route) {
    case 'settings':
      return <SettingsPage key={key} />;
    case 'users':
      return <UsersPage key={place.text} query={place.query} />;
    case 'new-user':
      return <NewUserPage key={key} />;
    case 'users/:id':
      return <UserPage key={key} id={second ?? ''} />;
    case 'users/:id/sessions':
      return <SessionsPage key={key} userId={second ?? ''} />;
    case 'roles':
      return <RolesPage key={key} />;
    case 'new-role':
      return <RolePage key={key} name={undefined} />;
    case 'roles/:id':
      return <RolePage key={key} name={second} />;
    case 'audit':
      return <AuditPage key={place.text} query={place.query} />;
    case 'keys':
      return <KeysPage key={key} />;
    default:
      return <NotFoundPage />;
  }
}

/** The last thing that was done at this place. There before it is filled: what appears together with its text is not read out. */
function Said({ text, times, at }: { readonly text: string; readonly times: number; readonly at: string }) {
  return (
    <p class="said" role="status">
      {text && at === location.hash && <span key={times}>{text}</span>}
    </p>
  );
}
