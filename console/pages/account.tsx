// The operator's own second factors: authenticator apps, passkeys and recovery codes.
import { useEffect, useState } from 'preact/hooks';
import type { Account, Factor, Factors, RecoveryCodes, TotpEnrolment } from '../api.js';
import { ConfirmDialog, CopyButtons, Dialog } from '../components/dialog.js';
import { ErrorBanner } from '../components/error-banner.js';
import { TextField } from '../components/field.js';
import { Page } from '../components/page.js';
import { ResendVerification } from '../components/resend-verification.js';
import { Table } from '../components/table.js';
import { Timestamp } from '../components/timestamp.js';
import { useConsole } from '../session.js';
import { useAction } from '../use-action.js';
import { useLoad } from '../use-load.js';

const PATH = '/api/me/factors/';

/** What the open dialog does. */
type Pending =
  | { readonly type: 'add-app' | 'add-passkey' | 'make-codes' }
  | { readonly type: 'rename' | 'remove'; readonly factor: Factor };

/** The operator can leave the name empty. */
const nameOf = ({ id, type, name }: Factor) => name || (type === 'passkey' ? 'Passkey' : `App ${id}`);

function kindOf({ type, backed_up: isBackedUp }: Factor): string {
  if (type === 'totp') return 'Authenticator app';
  return isBackedUp ? 'Passkey, synchronized' : 'Passkey, on one device';
}

export function AccountPage() {
  const { call, notify, operator, passkeysAvailable, addPasskey, resendVerification } = useConsole();
  const { data, error, isLoading, reload } = useLoad<Factors>(PATH);
  const account = useLoad<Account>('/api/me/account/');
  const action = useAction();
  const [hasPasskeys, setHasPasskeys] = useState(false);
  const [pending, setPending] = useState<Pending>();
  const [password, setPassword] = useState('');
  const [name, setName] = useState('');
  const [enrolment, setEnrolment] = useState<TotpEnrolment>();
  const [codes, setCodes] = useState<readonly string[]>();
  useEffect(() => {
    void passkeysAvailable().then(setHasPasskeys);
  }, []);

  function open(next: Pending) {
    setPassword('');
    setName('factor' in next ? next.factor.name : '');
    setPending(next);
  }

  const confirm = (run: () => Promise<void>) => () =>
    void action.run(async () => {
      try {
        await run();
      } finally {
        setPending(undefined);
      }
    });
  const dialogProps = { isBusy: action.isBusy, onClose: () => setPending(undefined) };
  // An account without a password has proved its identity by the login.
  const hasPassword = account.data?.has_password ?? true;
  const proof = hasPassword ? { current_password: password } : {};
  const passwordField = hasPassword && (
    <TextField
      label="Your password"
      type="password"
      autocomplete="current-password"
      required
      value={password}
      onValueChange={setPassword}
    />
  );
  const nameField = (hint: string) => (
    <TextField label="Name" hint={hint} autocomplete="off" value={name} onValueChange={setName} />
  );

  return (
    <Page title="Your account">
      <p class="lead">
        You are logged in as {operator.email}. With a second factor, a login needs more than the password. A passkey
        also logs you in on its own.
      </p>
      {data?.required_from && (
        <p>
          <strong>
            Your account has to have a second factor from <Timestamp at={data.required_from} /> on.
          </strong>{' '}
          Without one, you cannot use the console after that.
        </p>
      )}
      <ErrorBanner error={error} onRetry={reload} />
      <ErrorBanner error={action.error} />
      <ResendVerification error={action.error} email={operator.email} resendVerification={resendVerification} />
      {data === undefined && isLoading && <p class="muted">Loading…</p>}
      {data && (
        <>
          <Table
            caption="Second factors"
            emptyText="No second factor has been added."
            rows={data.factors}
            keyOf={({ id }) => id}
            columns={[
              { title: 'Name', cell: nameOf },
              { title: 'Type', cell: kindOf },
              { title: 'Added', cell: ({ created_at }) => <Timestamp at={created_at} /> },
              {
                title: 'Last used',
                cell: ({ last_used_at }) => (last_used_at === null ? 'Never' : <Timestamp at={last_used_at} />),
              },
              {
                title: 'Action',
                cell: (factor) => (
                  <div class="buttons">
                    <button type="button" onClick={() => open({ type: 'rename', factor })}>
                      Rename…<span class="visually-hidden"> {nameOf(factor)}</span>
                    </button>
                    <button type="button" onClick={() => open({ type: 'remove', factor })}>
                      Remove…<span class="visually-hidden"> {nameOf(factor)}</span>
                    </button>
                  </div>
                ),
              },
            ]}
          />
          {data.factors.length > 0 && <p>Recovery codes left: {data.recovery_codes_left}</p>}
          <div class="buttons">
            {hasPasskeys && (
              <button type="button" class="primary" onClick={() => open({ type: 'add-passkey' })}>
                Add a passkey…
              </button>
            )}
            <button type="button" class={hasPasskeys ? '' : 'primary'} onClick={() => open({ type: 'add-app' })}>
              Add an authenticator app…
            </button>
            {data.factors.length > 0 && (
              <button type="button" onClick={() => open({ type: 'make-codes' })}>
                Make recovery codes…
              </button>
            )}
          </div>
        </>
      )}
      {pending?.type === 'add-app' && (
        <ConfirmDialog
          {...dialogProps}
          title="Add an authenticator app"
          confirmLabel="Continue"
          onConfirm={confirm(async () => {
            setEnrolment(await call<TotpEnrolment>('POST', `${PATH}totp/`, { ...proof, name }));
          })}
        >
          {nameField('Such as the device that the app is on.')}
          {passwordField}
        </ConfirmDialog>
      )}
      {pending?.type === 'add-passkey' && (
        <ConfirmDialog
          {...dialogProps}
          title="Add a passkey"
          confirmLabel="Continue"
          onConfirm={confirm(async () => {
            await addPasskey({ ...proof, name });
            notify('The passkey was added.');
            reload();
          })}
        >
          <p>Your browser then asks where to keep it: on this device, on your phone, or on a security key.</p>
          {nameField('Such as the device or the password manager that keeps it.')}
          {passwordField}
        </ConfirmDialog>
      )}
      {pending?.type === 'make-codes' && (
        <ConfirmDialog
          {...dialogProps}
          title="Make recovery codes"
          confirmLabel="Make recovery codes"
          onConfirm={confirm(async () => {
            const made = await call<RecoveryCodes>('POST', `${PATH}recovery-codes/`, proof);
            setCodes(made.recovery_codes);
            reload();
          })}
        >
          <p>You get ten new codes. All older ones become invalid.</p>
          {passwordField}
        </ConfirmDialog>
      )}
      {pending?.type === 'rename' && (
        <ConfirmDialog
          {...dialogProps}
          title={`Rename ${nameOf(pending.factor)}`}
          confirmLabel="Rename"
          onConfirm={confirm(async () => {
            await call('PUT', `${PATH}${pending.factor.id}/`, { name });
            notify('The name was changed.');
            reload();
          })}
        >
          {nameField('At most 100 characters.')}
        </ConfirmDialog>
      )}
      {pending?.type === 'remove' && (
        <ConfirmDialog
          {...dialogProps}
          title={`Remove ${nameOf(pending.factor)}?`}
          confirmLabel="Remove"
          isDangerous
          onConfirm={confirm(async () => {
            await call('DELETE', `${PATH}${pending.factor.id}/`, proof);
            notify(`${nameOf(pending.factor)} was removed.`);
            reload();
          })}
        >
          <p>
            {pending.factor.type === 'passkey'
              ? 'You cannot log in with it any more. Delete it from the device or the password manager, too.'
              : 'Its codes stop working.'}{' '}
            With the last second factor, the recovery codes are removed too.
          </p>
          {passwordField}
        </ConfirmDialog>
      )}
      {enrolment && (
        <EnrolmentDialog
          enrolment={enrolment}
          onClose={() => setEnrolment(undefined)}
          onConfirmed={() => {
            setEnrolment(undefined);
            notify('The authenticator app was added. Make recovery codes next.');
            reload();
          }}
        />
      )}
      {codes && <RecoveryCodesDialog codes={codes} onClose={() => setCodes(undefined)} />}
    </Page>
  );
}

interface EnrolmentDialogProps {
  readonly enrolment: TotpEnrolment;
  readonly onClose: () => void;
  readonly onConfirmed: () => void;
}

/** Shows the secret, and asks for the first code. A wrong code leaves the dialog open. */
function EnrolmentDialog({ enrolment, onClose, onConfirmed }: EnrolmentDialogProps) {
  const { confirmTotp } = useConsole();
  const { run, error, isBusy } = useAction();
  const [code, setCode] = useState('');
  return (
    <ConfirmDialog
      title="Scan the QR code"
      confirmLabel="Confirm"
      isBusy={isBusy}
      onClose={onClose}
      onConfirm={() =>
        void run(async () => {
          await confirmTotp(enrolment.id, code);
          onConfirmed();
        })
      }
    >
      <ErrorBanner error={error} />
      <p>Scan it with the authenticator app, or enter the secret by hand. Then enter the code that the app shows.</p>
      <p class="qr-code">
        <img src={`data:image/svg+xml,${encodeURIComponent(enrolment.qr_svg)}`} alt="QR code of the secret" />
      </p>
      <p class="secret">
        <output>{enrolment.secret}</output>
      </p>
      <TextField
        label="Code"
        autocomplete="one-time-code"
        inputMode="numeric"
        required
        value={code}
        onValueChange={setCode}
      />
    </ConfirmDialog>
  );
}

interface RecoveryCodesDialogProps {
  readonly codes: readonly string[];
  readonly onClose: () => void;
}

/** Shows the codes once: the service stores only their hashes. */
function RecoveryCodesDialog({ codes, onClose }: RecoveryCodesDialogProps) {
  return (
    <Dialog title="Recovery codes" onClose={onClose}>
      <p>Print or store them now: they will not be shown again. Each takes the place of the app or passkey once.</p>
      <ul class="secret recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <CopyButtons text={codes.join('\n')} onClose={onClose} />
    </Dialog>
  );
}
