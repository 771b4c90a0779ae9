// The changes of one setting, looked up when they are asked for, and the way back to any of them.
import { useState } from 'preact/hooks';
import type { SettingHistory as History, Setting, SettingChange } from '../api.js';
import { Who } from '../components/actor-link.js';
import { Trouble } from '../components/error-banner.js';
import { Table } from '../components/table.js';
import { Moment } from '../components/timestamp.js';
import { spoken } from '../units.js';
import { useLoad } from '../use-load.js';

interface SettingHistoryProps {
  readonly setting: Setting;
  /** `to`: the version of the change to go back to. Undefined: not offered. */
  readonly onRollback: ((to: number) => void) | undefined;
}

export function SettingHistory({ setting, onRollback }: SettingHistoryProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        History<span class="unseen"> of {setting.name}</span>
      </summary>
      {/* Another version is another history. */}
      {isOpen && <Changes key={`${setting.version} ${setting.updated_at}`} setting={setting} onRollback={onRollback} />}
    </details>
  );
}

function Changes({ setting, onRollback }: SettingHistoryProps) {
  const { name, unit } = setting;
  const { data, error, isLoading, reload } = useLoad<History>(`/api/admin/settings/${name}/history/`);
  const said = (value: SettingChange['value']) =>
    value === null ? `${spoken(setting.default, unit)} (default)` : spoken(value, unit);
  return (
    <>
      <Trouble error={error} onRetry={reload} />
      {data === undefined && isLoading && <p class="quiet">Loading…</p>}
      {data && (
        <Table
          caption={`Changes of ${name}`}
          empty="It has never been changed."
          rows={data.changes}
          keyOf={({ version }) => version}
          columns={[
            { title: 'Value', cell: ({ value }) => said(value) },
            { title: 'When', cell: ({ changed_at }) => <Moment at={changed_at} /> },
            { title: 'Who', cell: ({ changed_by }) => <Who name={changed_by} /> },
            {
              title: 'Version',
              cell: ({ version, value }) =>
                version === data.changes[0]?.version ? (
                  `${version}, the last one`
                ) : onRollback ? (
                  <button type="button" onClick={() => onRollback(version)}>
                    Back to this<span class="unseen"> value, {said(value)}</span>
                  </button>
                ) : (
                  version
                ),
            },
          ]}
        />
      )}
    </>
  );
}
