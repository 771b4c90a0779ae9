// The live settings, by group, and which instances have taken them on.
import type { Instances, Setting, Settings } from '../api.js';
import { Trouble } from '../components/error-banner.js';
import { Page } from '../components/page.js';
import { Table } from '../components/table.js';
import { Moment } from '../components/timestamp.js';
import { useLoad } from '../use-load.js';
import { SettingCard } from './setting-card.js';

export function SettingsPage() {
  const { data, error, isLoading, reload, replace } = useLoad<Settings>('/api/admin/settings/');
  const instances = useLoad<Instances>('/api/admin/instances/');
  const groups = [...new Set(data?.settings.map(({ group }) => group))];

  function changed(setting: Setting) {
    if (data === undefined) return;
    const settings = data.settings.map((each) => (each.name === setting.name ? setting : each));
    replace({ version: Math.max(data.version, setting.version), settings });
  }

  return (
    <Page title="Settings">
      <p class="lead">They hold from the next request on, on every instance, without a restart.</p>
      <Trouble error={error} onRetry={reload} />
      {data === undefined && isLoading && <p class="quiet">Loading…</p>}
      {groups.map((group) => (
        <section key={group} aria-label={group}>
          <h2>{group}</h2>
          {data?.settings
            .filter((each) => each.group === group)
            .map((setting) => (
              <SettingCard key={setting.name} setting={setting} onChanged={changed} onReached={instances.replace} />
            ))}
        </section>
      ))}
      <section aria-label="Instances">
        <h2>Instances</h2>
        <Trouble error={instances.error} onRetry={instances.reload} />
        {instances.data && (
          <Table
            caption={`Seen in the last 30 seconds; the settings are at version ${instances.data.settings_version}`}
            empty="None was seen in the last 30 seconds."
            rows={instances.data.instances}
            keyOf={({ id }) => id}
            columns={[
              { title: 'Host', cell: ({ host }) => host },
              { title: 'Latchkey', cell: ({ version }) => version },
              { title: 'Started', cell: ({ started_at }) => <Moment at={started_at} /> },
              {
                title: 'Settings',
                cell: ({ current, settings_version }) => (
                  <span class={current ? 'badge good' : 'badge warn'}>
                    {current ? 'up to date' : `still at version ${settings_version}`}
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
