// Why can this user not log in? What prevents a login, the last one, and the attempts that failed.
import { useMemo } from 'preact/hooks';
import { type LoginFailure, loginFailures } from '../../src/audit/events.js';
import { type AuditEvent, type AuditEvents, type LoginDelay, queryString, type Setting, type User } from '../api.js';
import { ErrorBanner } from '../components/error-banner.js';
import { Table } from '../components/table.js';
import { Timestamp } from '../components/timestamp.js';
import { formatCount } from '../format.js';
import { useConsole } from '../session.js';
import { useAction } from '../use-action.js';
import { useLoad } from '../use-load.js';

const REASONS: Readonly<Record<LoginFailure, string>> = {
  unknown_account: 'No account has the address',
  wrong_password: 'Wrong password',
  no_password: 'The account has no password',
  disabled: 'Right password or passkey, but the account was disabled',
  email_not_verified: 'Right password or passkey, but the address was not verified',
  throttled: 'Had to wait because of wrong passwords',
  second_factor_wrong: 'Right password, wrong code',
  second_factor_throttled: 'Had to wait because of wrong codes',
  passkey_refused: 'The passkey was refused',
  passkey_throttled: 'Had to wait because of refused passkeys',
  sign_in_link_invalid: 'Sign-in link that was used, expired or unknown',
  sign_in_code_wrong: 'Wrong code of a sign-in e-mail',
};

/** The text for the reason of a `login.failed`. Events of earlier versions have none. */
function reasonOf({ details }: AuditEvent): string {
  const reason = loginFailures.find((each) => each === (details as { reason?: unknown }).reason);
  return reason === undefined ? 'Not recorded' : REASONS[reason];
}

/** The number of failed attempts that are looked at. */
const ATTEMPTS = 100;

interface Props {
  readonly user: User;
  /** The path of the user in the API. */
  readonly path: string;
}

export function UserLogin({ user, path }: Props) {
  const { hasPermission } = useConsole();
  return (
    <section class="card" aria-labelledby="login">
      <h2 id="login">Logging in</h2>
      <Obstacles user={user} path={path} />
      {hasPermission('audit:read') ? (
        <>
          <LastLogin user={user} />
          <FailedLogins user={user} />
        </>
      ) : (
        <p class="muted">
          With the permission <code>audit:read</code> you see the last login and the failed attempts here.
        </p>
      )}
    </section>
  );
}

function Obstacles({ user, path }: Props) {
  const { call, hasPermission, notify } = useConsole();
  const { data: delay, error, reload } = useLoad<LoginDelay>(`${path}login-delay/`);
  const action = useAction();
  const mustWait = delay !== undefined && delay.seconds > 0;
  // By the clock of this device, from when the delay was loaded.
  const waitsUntil = useMemo(() => new Date(Date.now() + 1000 * (delay?.seconds ?? 0)).toISOString(), [delay]);
  const unblock = () =>
    void action.run(async () => {
      await call<User>('POST', `${path}unblock/`);
      reload();
      notify('The account was unblocked. Its next login need not wait.');
    });
  const verification = useLoad<Setting>(
    !user.email_verified && hasPermission('settings:read') ? '/api/admin/settings/REQUIRE_VERIFIED_EMAIL/' : null,
  );
  const mustVerify = verification.data?.value === true;
  const isOpen = user.disabled_at === null && user.has_password && !mustWait && !mustVerify && !verification.isLoading;
  return (
    <>
      <ErrorBanner error={error} onRetry={reload} />
      <ErrorBanner error={action.error} />
      <ul class="findings">
        {user.disabled_at !== null && (
          <li>
            <span class="badge warn">Disabled</span>{' '}
            {user.disabled_reason === null && user.deletion_due_at !== null
              ? 'Its owner has deleted the account; a login restores it.'
              : 'Every login is refused until an operator enables the account.'}
          </li>
        )}
        {mustWait && (
          <li>
            <span class="badge warn">Must wait</span> Wrong passwords or codes were entered, so the next login must wait
            until <Timestamp at={waitsUntil} />.{' '}
            {hasPermission('users:write') && (
              <button type="button" disabled={action.isBusy} onClick={unblock}>
                Unblock
              </button>
            )}
          </li>
        )}
        {!user.has_password && (
          <li>
            <span class="badge warn">No password</span> A login with a password is refused. The owner can use a passkey
            or a sign-in link, if there is one, or set a password with a reset link.
          </li>
        )}
        {!user.email_verified && (
          <li>
            <span class={mustVerify ? 'badge warn' : 'badge'}>Not verified</span>{' '}
            {mustVerify
              ? 'The setting REQUIRE_VERIFIED_EMAIL is on: while the service sends mail, a login is refused until the owner has verified the address.'
              : 'With the setting REQUIRE_VERIFIED_EMAIL, a login is refused until the owner has verified the address.'}
          </li>
        )}
        {user.has_second_factor && (
          <li>
            <span class="badge">Second factor</span> After the password, a login needs a code or a passkey.
          </li>
        )}
        {isOpen && (
          <li>
            <span class="badge good">Open</span> The account can log in with its password now.
          </li>
        )}
      </ul>
    </>
  );
}

function LastLogin({ user }: { readonly user: User }) {
  const filter = { event: 'login.succeeded', user_id: String(user.id) };
  const { data, error, reload } = useLoad<AuditEvents>(`/api/admin/audit/${queryString({ ...filter, limit: '1' })}`);
  const last = data?.events[0];
  return (
    <>
      <ErrorBanner error={error} onRetry={reload} />
      {data && (
        <p>
          Last login:{' '}
          {last === undefined ? (
            'none in the audit log'
          ) : (
            <a href={`#/audit${queryString(filter)}`}>
              <Timestamp at={last.at} />
            </a>
          )}
          {last?.ip && ` from ${last.ip}`}
        </p>
      )}
    </>
  );
}

/** The failed attempts from one address for one reason. */
interface Attempts {
  readonly ip: string | null;
  readonly reason: string;
  readonly last: string;
  readonly count: number;
}

function FailedLogins({ user }: { readonly user: User }) {
  const filter = { event: 'login.failed', user_id: String(user.id) };
  const { data, error, reload } = useLoad<AuditEvents>(
    `/api/admin/audit/${queryString({ ...filter, limit: String(ATTEMPTS) })}`,
  );
  if (data === undefined) return <ErrorBanner error={error} onRetry={reload} />;
  const hasMore = data.next_cursor !== null;
  return (
    <>
      <Table
        caption={hasMore ? `The last ${ATTEMPTS} failed attempts` : 'Failed attempts'}
        emptyText="No attempt has failed."
        rows={grouped(data.events)}
        keyOf={({ ip, reason }) => `${ip} ${reason}`}
        columns={[
          { title: 'Reason', cell: ({ reason }) => reason },
          { title: 'IP address', cell: ({ ip }) => ip ?? 'Not recorded' },
          { title: 'Attempts', cell: ({ count }) => formatCount(count, null) },
          { title: 'Last one', cell: ({ last }) => <Timestamp at={last} /> },
        ]}
      />
      {data.events.length > 0 && (
        <p class="links">
          <a href={`#/audit${queryString(filter)}`}>All failed attempts</a>
        </p>
      )}
    </>
  );
}

/** Groups events, newest first, by address and reason. */
function grouped(events: readonly AuditEvent[]): Attempts[] {
  const groups = new Map<string, Attempts>();
  for (const event of events) {
    const { ip, at } = event;
    const reason = reasonOf(event);
    const known = groups.get(`${ip} ${reason}`);
    groups.set(`${ip} ${reason}`, known ? { ...known, count: known.count + 1 } : { ip, reason, last: at, count: 1 });
  }
  return [...groups.values()];
}
