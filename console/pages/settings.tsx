// The live settings by group, and the version of the settings that each instance has.

import { useState } from 'preact/hooks';
import type { Instances, Setting, Settings } from '../api.js';
import { ErrorBanner } from '../components/error-banner.js';
import { TextField } from '../components/field.js';
import { Page } from '../components/page.js';
import { Table } from '../components/table.js';
import { Timestamp } from '../components/timestamp.js';
import { settingLabel } from '../format.js';
import { useLoad } from '../use-load.js';
import { SettingCard } from './setting-card.js';

interface SettingsPageProps {
  readonly query: URLSearchParams;
}

export function SettingsPage({ query }: SettingsPageProps) {
  const { data, error, isLoading, reload, replace } = useLoad<Settings>('/api/admin/settings/');
  const instances = useLoad<Instances>('/api/admin/instances/');
  const [search, setSearch] = useState(query.get('q') ?? '');
  const found = data?.settings.filter((setting) => matches(setting, search));
  const groups = [...new Set(found?.map(({ group }) => group))];

  function replaceSetting(setting: Setting) {
    if (data === undefined) return;
    const settings = data.settings.map((each) => (each.name === setting.name ? setting : each));
    replace({ version: Math.max(data.version, setting.version), settings });
  }

  return (
    <Page title="Settings">
      <p class="lead">Changes apply from the next request, on every instance, without a restart.</p>
      <ErrorBanner error={error} onRetry={reload} />
      {data === undefined && isLoading && <p class="muted">Loading…</p>}
      <search>
        <TextField
          label="Search settings"
          type="search"
          hint="By name or description. The list changes as you type."
          value={search}
          onValueChange={setSearch}
        />
      </search>
      {found?.length === 0 && <p class="empty">No settings match.</p>}
      {groups.map((group) => (
        <section key={group} aria-label={group}>
          <h2>{group}</h2>
          {found
            ?.filter((each) => each.group === group)
            .map((setting) => (
              <SettingCard
                key={setting.name}
                setting={setting}
                onSettingChange={replaceSetting}
                onInstancesChange={instances.replace}
              />
            ))}
        </section>
      ))}
      <section aria-label="Instances">
        <h2>Instances</h2>
        <ErrorBanner error={instances.error} onRetry={instances.reload} />
        {instances.data && (
          <Table
            caption={`Active in the last 30 seconds · Settings version ${instances.data.settings_version}`}
            emptyText="No instance was active in the last 30 seconds."
            rows={instances.data.instances}
            keyOf={({ id }) => id}
            columns={[
              { title: 'Host', cell: ({ host }) => <span class="long-text">{host}</span> },
              { title: 'Release', cell: ({ version }) => version },
              { title: 'Started', cell: ({ started_at }) => <Timestamp at={started_at} /> },
              {
                title: 'Settings',
                cell: ({ current, settings_version }) => (
                  <span class={current ? 'badge good' : 'badge warn'}>
                    {current ? 'Up to date' : `Still at version ${settings_version}`}
                  </span>
                ),
              },
            ]}
          />
        )}
      </section>
    </Page>
  );
}

/** Whether every word is in the name, the label or the description of the setting. */
function matches({ name, description }: Setting, search: string): boolean {
  const text = `${name} ${settingLabel(name)} ${description}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
