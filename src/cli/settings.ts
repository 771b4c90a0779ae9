// latchkey settings: reads and changes live settings; running services take a change on at once.
import { userInfo } from 'node:os';
import { Command } from 'commander';
import { settingHistory } from '#schemas/admin/setting.js';
import { LAST_CHANGE, parseText, registry, type SettingName } from '#settings/registry.js';
import type { SettingChange } from '#settings/repository.js';
import type { SettingState, Settings } from '#settings/service.js';
import { withDatabase } from './database.js';
import { CommandRefused } from './error-message.js';
import { moment, printJson, printTable, printText } from './output.js';
import { readSettings, whoActs } from './services.js';

/** How many changes are shown. */
const CHANGES = 100;

/** The command and its six: list, get, set, reset, history, rollback. They work on the table, whether or not a service runs. */
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
        else printText(`${state.value}\n`);
      }),
    );
  command
    .command('set <name> <value>')
    .description('change a setting, in every running service, at once')
    .option('--json', 'as JSON')
    .action((name: string, value: string, { json }: { json?: boolean }) =>
      withSettings(async (settings) => {
        await settings.set(name, parseText(value), who());
        print([settings.describe(name)], json);
      }),
    );
  command
    .command('reset <name>')
    .description('take a setting back to its default')
    .option('--json', 'as JSON')
    .action((name: string, { json }: { json?: boolean }) =>
      withSettings(async (settings) => {
        await settings.reset(name, who());
        print([settings.describe(name)], json);
      }),
    );
  command
    .command('history <name>')
    .description('what a setting was, the newest change first; at most 100')
    .option('--json', 'as JSON')
    .action((name: string, { json }: { json?: boolean }) =>
      withSettings(async (settings) => printHistory(await settings.history(name, LAST_CHANGE, CHANGES), json)),
    );
  command
    .command('rollback <name> <version>')
    .description('give a setting the value that it had after a change, by its number; 0: the default')
    .option('--json', 'as JSON')
    .action((name: string, to: string, { json }: { json?: boolean }) =>
      withSettings(async (settings) => {
        const { version } = settings.describe(name);
        const state = await settings.rollBack(name, changeNumber(to), version, whoActs());
        print([state], json);
      }),
    );
  return command;
}

function withSettings(act: (settings: Settings) => Promise<void>): Promise<void> {
  return withDatabase(async (db, config) => act(await readSettings(db, config)));
}

function changeNumber(text: string): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= LAST_CHANGE))
    throw new CommandRefused('the version is the number of a change; see: settings history');
  return number;
}

function printHistory(changes: readonly SettingChange[], json = false): void {
  if (json) printJson(settingHistory({ rows: changes, nextCursor: null }).changes);
  else {
    printTable(
      changes.map(({ version, value, changedAt, changedBy }) => [
        String(version),
        value === null ? '(default)' : String(value),
        moment(changedAt),
        changedBy,
      ]),
    );
  }
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
