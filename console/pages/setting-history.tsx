// The history of one setting, loaded when it is opened, with a rollback to any earlier value.
import { useState } from 'preact/hooks';
import type { Setting, SettingChange, SettingHistory as SettingHistoryData } from '../api.js';
import { ActorLink } from '../components/actor-link.js';
import { ErrorBanner } from '../components/error-banner.js';
import { type Column, Table } from '../components/table.js';
import { Timestamp } from '../components/timestamp.js';
import { formatValue } from '../format.js';
import { useLoad } from '../use-load.js';

interface SettingHistoryProps {
  readonly setting: Setting;
  /** Rolls the setting back to the value of a version. Undefined: the operator may not. */
  readonly onRollback: ((version: number) => void) | undefined;
}

export function SettingHistory({ setting, onRollback }: SettingHistoryProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        History<span class="visually-hidden"> of {setting.name}</span>
      </summary>
      {/* The key reloads the history after each change. */}
      {isOpen && (
        <ChangesTable key={`${setting.version} ${setting.updated_at}`} setting={setting} onRollback={onRollback} />
      )}
    </details>
  );
}

function ChangesTable({ setting, onRollback }: SettingHistoryProps) {
  const { name, unit } = setting;
  const { data, error, isLoading, reload } = useLoad<SettingHistoryData>(`/api/admin/settings/${name}/history/`);
  const format = (value: SettingChange['value']) =>
    value === null ? `${formatValue(setting.default, unit)} (default)` : formatValue(value, unit);
  const isLatest = (version: number) => version === data?.changes[0]?.version;
  const rollbackColumn = (rollBack: (version: number) => void): Column<SettingChange> => ({
    title: 'Action',
    cell: ({ version, value }) =>
      !isLatest(version) && (
        <button type="button" onClick={() => rollBack(version)}>
          Roll back<span class="visually-hidden"> to {format(value)}</span>
        </button>
      ),
  });
  return (
    <>
      <ErrorBanner error={error} onRetry={reload} />
      {data === undefined && isLoading && <p class="muted">Loading…</p>}
      {data && (
        <Table
          caption={`Changes to ${name}`}
          emptyText="This setting has never been changed."
          rows={data.changes}
          keyOf={({ version }) => version}
          columns={[
            { title: 'Version', cell: ({ version }) => (isLatest(version) ? `${version} (latest)` : version) },
            { title: 'Value', cell: ({ value }) => format(value) },
            { title: 'Time', cell: ({ changed_at }) => <Timestamp at={changed_at} /> },
            { title: 'Actor', cell: ({ changed_by }) => <ActorLink name={changed_by} /> },
            ...(onRollback ? [rollbackColumn(onRollback)] : []),
          ]}
        />
      )}
    </>
  );
}
