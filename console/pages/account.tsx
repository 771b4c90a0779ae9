// The operator's own second factors: authenticator apps and recovery codes.
import { useState } from 'preact/hooks';
import type { Factors, RecoveryCodes, TotpEnrolment } from '../api.js';
import { ConfirmDialog, CopyButtons, Dialog } from '../components/dialog.js';
import { ErrorBanner } from '../components/error-banner.js';
import { TextField } from '../components/field.js';
import { Page } from '../components/page.js';
import { Table } from '../components/table.js';
import { Timestamp } from '../components/timestamp.js';
import { useConsole } from '../session.js';
import { useAction } from '../use-action.js';
import { useLoad } from '../use-load.js';

const PATH = '/api/me/factors/';

/** What the open dialog does; `remove`: the app to remove. */
type Pending =
  | { readonly type: 'add' }
  | { readonly type: 'make-codes' }
  | { readonly type: 'remove'; readonly id: number; readonly name: string };

/** The operator can leave the name empty. */
const nameOf = ({ id, name }: { readonly id: number; readonly name: string }) => name || `App ${id}`;

export function AccountPage() {
  const { call, notify, operator } = useConsole();
  const { data, error, isLoading, reload } = useLoad<Factors>(PATH);
  const action = useAction();
  const [pending, setPending] = useState<Pending>();
  const [password, setPassword] = useState('');
  const [name, setName] = useState('');
  const [enrolment, setEnrolment] = useState<TotpEnrolment>();
  const [codes, setCodes] = useState<readonly string[]>();

  function open(next: Pending) {
    setPassword('');
    setName('');
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
  const passwordField = (
    <TextField
      label="Your password"
      type="password"
      autocomplete="current-password"
      required
      value={password}
      onValueChange={setPassword}
    />
  );

  return (
    <Page title="Your account">
      <p class="lead">
        You are logged in as {operator.email}. With a second factor, a login needs a code besides the password.
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
      {data === undefined && isLoading && <p class="muted">Loading…</p>}
      {data && (
        <>
          <Table
            caption="Authenticator apps"
            emptyText="No authenticator app has been added."
            rows={data.factors}
            keyOf={({ id }) => id}
            columns={[
              { title: 'Name', cell: nameOf },
              { title: 'Added', cell: ({ created_at }) => <Timestamp at={created_at} /> },
              {
                title: 'Last used',
                cell: ({ last_used_at }) => (last_used_at === null ? 'Never' : <Timestamp at={last_used_at} />),
              },
              {
                title: 'Action',
                cell: (factor) => (
                  <button type="button" onClick={() => open({ type: 'remove', id: factor.id, name: nameOf(factor) })}>
                    Remove…<span class="visually-hidden"> {nameOf(factor)}</span>
                  </button>
                ),
              },
            ]}
          />
          {data.factors.length > 0 && <p>Recovery codes left: {data.recovery_codes_left}</p>}
          <div class="buttons">
            <button type="button" class="primary" onClick={() => open({ type: 'add' })}>
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
      {pending?.type === 'add' && (
        <ConfirmDialog
          {...dialogProps}
          title="Add an authenticator app"
          confirmLabel="Continue"
          onConfirm={confirm(async () => {
            setEnrolment(await call<TotpEnrolment>('POST', `${PATH}totp/`, { current_password: password, name }));
          })}
        >
          <TextField
            label="Name"
            hint="Such as the device that the app is on."
            autocomplete="off"
            value={name}
            onValueChange={setName}
          />
          {passwordField}
        </ConfirmDialog>
      )}
      {pending?.type === 'make-codes' && (
        <ConfirmDialog
          {...dialogProps}
          title="Make recovery codes"
          confirmLabel="Make recovery codes"
          onConfirm={confirm(async () => {
            const made = await call<RecoveryCodes>('POST', `${PATH}recovery-codes/`, { current_password: password });
            setCodes(made.recovery_codes);
            reload();
          })}
        >
          <p>You get ten new codes. All older ones become invalid.</p>
          {passwordField}
        </ConfirmDialog>
      )}
      {pending?.type === 'remove' && (
        <ConfirmDialog
          {...dialogProps}
          title={`Remove ${pending.name}?`}
          confirmLabel="Remove"
          isDangerous
          onConfirm={confirm(async () => {
            await call('DELETE', `${PATH}${pending.id}/`, { current_password: password });
            notify(`${pending.name} was removed.`);
            reload();
          })}
        >
          <p>Its codes stop working. With the last app, the recovery codes are removed too.</p>
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
      <p>Print or store them now: they will not be shown again. Each takes the place of the app once.</p>
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
