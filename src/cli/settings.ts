// latchkey settings: reads and changes live settings; running services take a change on at once.
import { userInfo } from 'node:os';
import { Command } from 'commander';
import { pino } from 'pino';
import { parseText, registry, type SettingName } from '../settings/registry.js';
import { createSettingsRepository } from '../settings/repository.js';
import { createSettings, type SettingState, type Settings } from '../settings/service.js';
import { withDatabase } from './database.js';
import { printJson, printTable } from './output.js';

/** The command and its four: list, get, set, reset. They work on the table, whether or not a service runs. */
export function settingsCommand(): Command {
  const command = new Command('settings').description('read and change live settings');
  command
    .command('list')
    .description('every setting with its value and where that comes from')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: boolean }) => withSettings(async (settings) => print(settings.list(), json)));
  command
    .command('get <name>')
    .description('the value of one setting')
    .option('--json', 'as JSON, with where it comes from')
    .action((name: string, { json }: { json?: boolean }) =>
      withSettings(async (settings) => {
        const state = settings.describe(name);
        if (json) printJson(state);
        else process.stdout.write(`${state.value}\n`);
      }),
    );
  command
    .command('set <name> <value>')
    .description('change a setting, in every running service, at once')
    .action((name: string, value: string) =>
      withSettings(async (settings) => {
        await settings.set(name, parseText(value), who());
        print([settings.describe(name)]);
      }),
    );
  command
    .command('reset <name>')
    .description('take a setting back to its default')
    .action((name: string) =>
      withSettings(async (settings) => {
        await settings.reset(name, who());
        print([settings.describe(name)]);
      }),
    );
  return command;
}

function withSettings(act: (settings: Settings) => Promise<void>): Promise<void> {
  return withDatabase(async (db, { settingDefaults }) => {
    const repository = createSettingsRepository(db);
    const settings = createSettings({ repository, defaults: settingDefaults, log: pino({ level: 'silent' }) });
    await settings.reload();
    await act(settings);
  });
}

function who(): string {
  return `cli:${userInfo().username}`;
}

function print(states: readonly SettingState[], json = false): void {
  if (json) printJson(states);
  else printTable(states.map(({ name, value, source }) => [name, withUnit(name, value), source]));
}

function withUnit(name: SettingName, value: unknown): string {
  const definition = registry[name];
  return 'unit' in definition ? `${value} ${definition.unit}` : String(value);
}
