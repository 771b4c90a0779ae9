// Changes of live settings as the command line makes them, for tests of something else.
import { byCli } from '#audit/events.js';
import type { SettingState, Settings } from '#settings/service.js';

type App = { readonly settings: Pick<Settings, 'set' | 'reset'> };

/** Sets a setting, whatever its version. `by` is the account of the operating system. */
export function setSetting({ settings }: App, name: string, value: unknown, by = 'test'): Promise<SettingState> {
  return settings.set(name, value, { act: byCli(by) });
}

/** Resets a setting to its default. */
export function resetSetting({ settings }: App, name: string, by = 'test'): Promise<SettingState> {
  return settings.reset(name, { act: byCli(by) });
}
