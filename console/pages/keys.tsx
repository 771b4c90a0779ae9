// The keys that access tokens are signed with.
import { useState } from 'preact/hooks';
import type { SigningKeys } from '../api.js';
import { Confirm } from '../components/dialog.js';
import { Trouble } from '../components/error-banner.js';
import { Page } from '../components/page.js';
import { Table } from '../components/table.js';
import { Moment } from '../components/timestamp.js';
import { useConsole } from '../session.js';
import { useAct, useLoad } from '../use-load.js';

type Question = { readonly rotate: true } | { readonly retire: string };

export function KeysPage() {
  const { call, may, say } = useConsole();
  const { data, error, isLoading, reload, replace } = useLoad<SigningKeys>('/api/admin/keys/');
  const deed = useAct();
  const [question, setQuestion] = useState<Question>();
  const [isNow, setNow] = useState(false);
  const mayWrite = may('keys:write');

  const answer = (path: string, body: object | undefined, said: string) => () =>
    void deed.act(async () => {
      try {
        replace(await call<SigningKeys>('POST', path, body));
        say(said);
      } finally {
        setQuestion(undefined);
      }
    });
  const common = { isBusy: deed.isBusy, onClose: () => setQuestion(undefined) };
  const time = (at: string | null) => (at === null ? '' : <Moment at={at} />);

  return (
    <Page
      title="Signing keys"
      actions={
        mayWrite && (
          <button
            type="button"
            onClick={() => {
              setNow(false);
              setQuestion({ rotate: true });
            }}
          >
            Rotate…
          </button>
        )
      }
    >
      <p class="lead">They rotate by themselves. Retire one by hand when somebody may have seen it.</p>
      <Trouble error={error} onRetry={reload} />
      <Trouble error={deed.error} />
      {data === undefined && isLoading && <p class="quiet">Loading…</p>}
      {data && (
        <Table
          caption="Keys"
          empty="There is none."
          rows={data.keys}
          keyOf={({ kid }) => kid}
          columns={[
            { title: 'Key', cell: ({ kid }) => <code class="agent">{kid}</code> },
            { title: 'Algorithm', cell: ({ alg }) => alg },
            {
              title: 'State',
              cell: ({ state }) => <span class={state === 'active' ? 'badge good' : 'badge'}>{state}</span>,
            },
            { title: 'Created', cell: ({ created_at }) => time(created_at) },
            { title: 'Signs since', cell: ({ activated_at }) => time(activated_at) },
            { title: 'Gone', cell: ({ expires_at }) => time(expires_at) },
            ...(mayWrite
              ? [
                  {
                    title: 'Change',
                    cell: ({ kid }: SigningKeys['keys'][number]) => (
                      <button type="button" class="danger" onClick={() => setQuestion({ retire: kid })}>
                        Retire…<span class="unseen"> key {kid}</span>
                      </button>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
      {question && 'rotate' in question && (
        <Confirm
          {...common}
          title="Rotate the signing key?"
          deed="Rotate"
          onConfirm={answer('/api/admin/keys/rotate/', { now: isNow }, 'The next key signs from now on.')}
        >
          <p>The next key takes the place of the active one. Tokens that are out go on working until they expire.</p>
          <label class="check">
            <input type="checkbox" checked={isNow} onChange={(event) => setNow(event.currentTarget.checked)} />
            <span>Even if the next key is younger than KEY_LEAD_TIME: verifiers may not know it yet</span>
          </label>
        </Confirm>
      )}
      {question && 'retire' in question && (
        <Confirm
          {...common}
          title="Retire this key at once?"
          deed="Retire"
          isDangerous
          onConfirm={answer(`/api/admin/keys/${question.retire}/retire/`, undefined, 'The key is retired.')}
        >
          <p>
            Every access token that <code class="agent">{question.retire}</code> has signed stops working, also your
            own: clients refresh and go on. Verifiers that keep the key set for a while believe the key until they ask
            again.
          </p>
        </Confirm>
      )}
    </Page>
  );
}
