// The keys that sign access tokens, and their rotation and retirement.
import { useState } from 'preact/hooks';
import type { Setting, SigningKey, SigningKeys } from '../api.js';
import { ConfirmDialog } from '../components/dialog.js';
import { ErrorBanner } from '../components/error-banner.js';
import { Page } from '../components/page.js';
import { Table } from '../components/table.js';
import { Timestamp } from '../components/timestamp.js';
import { capitalize } from '../format.js';
import { useConsole } from '../session.js';
import { useAction } from '../use-action.js';
import { useLoad } from '../use-load.js';

/** What the open dialog asks to confirm; `retire`: the ID of the key. */
type PendingAction = { readonly rotate: true } | { readonly retire: string };

export function KeysPage() {
  const { call, hasPermission, notify } = useConsole();
  const { data, error, isLoading, reload, replace } = useLoad<SigningKeys>('/api/admin/keys/');
  const action = useAction();
  const [pending, setPending] = useState<PendingAction>();
  const [isEarly, setEarly] = useState(false);
  const canWrite = hasPermission('keys:write');

  const confirm = (path: string, body: object | undefined, message: string) => () =>
    void action.run(async () => {
      try {
        replace(await call<SigningKeys>('POST', path, body));
        notify(message);
      } finally {
        setPending(undefined);
      }
    });
  // From when the next key can sign: the lead time is a setting, which not every operator may read.
  const leadTime = useLoad<Setting>(hasPermission('settings:read') ? '/api/admin/settings/KEY_LEAD_TIME/' : null);
  const next = data?.keys.find(({ state }) => state === 'next');
  const seconds = leadTime.data?.value;
  const ripeAt =
    next === undefined || typeof seconds !== 'number' ? undefined : Date.parse(next.created_at) + seconds * 1000;
  const isTooEarly = ripeAt !== undefined && ripeAt > Date.now();
  const dialogProps = { isBusy: action.isBusy, onClose: () => setPending(undefined) };
  const time = (at: string | null) => (at === null ? '' : <Timestamp at={at} />);

  return (
    <Page
      title="Signing keys"
      actions={
        canWrite && (
          <button
            type="button"
            onClick={() => {
              setEarly(false);
              setPending({ rotate: true });
            }}
          >
            Rotate…
          </button>
        )
      }
    >
      <p class="lead">Keys rotate automatically. Retire a key by hand if it may be compromised.</p>
      <ErrorBanner error={error} onRetry={reload} />
      <ErrorBanner error={action.error} />
      {data === undefined && isLoading && <p class="muted">Loading…</p>}
      {data && (
        <Table
          caption="Signing keys"
          emptyText="There are no signing keys."
          rows={data.keys}
          keyOf={({ kid }) => kid}
          columns={[
            { title: 'Key ID', cell: ({ kid }) => <code class="long-text">{kid}</code> },
            { title: 'Algorithm', cell: ({ alg }) => alg },
            {
              title: 'State',
              cell: ({ state }) => <span class={state === 'active' ? 'badge good' : 'badge'}>{capitalize(state)}</span>,
            },
            { title: 'Created', cell: ({ created_at }) => time(created_at) },
            { title: 'Activated', cell: ({ activated_at }) => time(activated_at) },
            { title: 'Expires', cell: ({ expires_at }) => time(expires_at) },
            ...(canWrite
              ? [
                  {
                    title: 'Action',
                    cell: ({ kid }: SigningKey) => (
                      <button type="button" class="danger" onClick={() => setPending({ retire: kid })}>
                        Retire…<span class="visually-hidden"> key {kid}</span>
                      </button>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
      {pending && 'rotate' in pending && (
        <ConfirmDialog
          {...dialogProps}
          title="Rotate the signing key?"
          confirmLabel="Rotate key"
          onConfirm={confirm('/api/admin/keys/rotate/', { now: isEarly }, 'The signing key was rotated.')}
        >
          <p>The next key replaces the active one. Access tokens that are already issued stay valid.</p>
          {isTooEarly && (
            <p>
              It is too early for a normal rotation: the next key can sign from{' '}
              <Timestamp at={new Date(ripeAt).toISOString()} />, when every verifier knows it.
            </p>
          )}
          <label class="checkbox">
            <input type="checkbox" checked={isEarly} onChange={(event) => setEarly(event.currentTarget.checked)} />
            <span>
              Rotate even if the next key is younger than <code>KEY_LEAD_TIME</code>, so that verifiers may not know it
              yet
            </span>
          </label>
        </ConfirmDialog>
      )}
      {pending && 'retire' in pending && (
        <ConfirmDialog
          {...dialogProps}
          title="Retire this key immediately?"
          confirmLabel="Retire key"
          isDangerous
          onConfirm={confirm(`/api/admin/keys/${pending.retire}/retire/`, undefined, 'The signing key was retired.')}
        >
          <p>
            Every access token signed with <code class="long-text">{pending.retire}</code> stops working, including your
            own. Clients refresh and continue. Verifiers that cache the key set accept the key until they fetch the set
            again.
          </p>
        </ConfirmDialog>
      )}
    </Page>
  );
}
