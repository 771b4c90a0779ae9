// latchkey settings: reads and changes live settings. Running services apply a change at once.
import { Command } from 'commander';
import { Problem } from '#platform/errors/problem.js';
import { settingHistory } from '#schemas/admin/setting.js';
import { MAX_SETTING_VERSION, parseValue, registry, type SettingName, settingNames } from '#settings/registry.js';
import type { SettingChange } from '#settings/repository.js';
import type { SettingState, Settings } from '#settings/service.js';
import { withDatabase } from './database.js';
import { didYouMean } from './did-you-mean.js';
import { CommandRefused } from './error-message.js';
import { formatTimestamp, printJson, printTable, printText } from './output.js';
import { operatorAct, readSettings } from './services.js';
import { durationSeconds } from './time.js';

/** The number of changes that `history` prints. */
const HISTORY_LENGTH = 100;

/** The command and its subcommands. They work on the tables, whether or not a service is running. */
export function settingsCommand(): Command {
  const command = new Command('settings').description('read and change live settings');
  command
    .command('list')
    .description('list every setting with its value and its source')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: boolean }) => withSettings(async (settings) => print(settings.list(), json)));
  command
    .command('get <name>')
    .description('print the value of a setting')
    .option('--json', 'print JSON, with the source of the value')
    .action((name: string, { json }: { json?: boolean }) =>
      withSetting(name, async (settings) => {
        const state = settings.describe(name);
        if (json) printJson(state);
        else printText(`${state.value}\n`);
      }),
    );
  command
    .command('set <name> <value>')
    .description('change a setting; running services apply it at once; a duration may have a unit: 90s, 15m, 1h, 7d')
    .option('--json', 'print JSON')
    .action((name: string, value: string, { json }: { json?: boolean }) =>
      withSetting(name, async (settings) => {
        print([await settings.set(name, settingValue(name, value), { act: operatorAct() })], json);
      }),
    );
  command
    .command('reset <name>')
    .description('reset a setting to its default')
    .option('--json', 'print JSON')
    .action((name: string, { json }: { json?: boolean }) =>
      withSetting(name, async (settings) => {
        print([await settings.reset(name, { act: operatorAct() })], json);
      }),
    );
  command
    .command('history <name>')
    .description(`list the last ${HISTORY_LENGTH} changes of a setting, newest first`)
    .option('--json', 'print JSON')
    .action((name: string, { json }: { json?: boolean }) =>
      withSetting(name, async (settings) =>
        printHistory(await settings.history(name, MAX_SETTING_VERSION, HISTORY_LENGTH), json),
      ),
    );
  command
    .command('rollback <name> <version>')
    .description('restore the value that a setting had after a change in its history; version 0 is the default')
    .option('--json', 'print JSON')
    .action((name: string, to: string, { json }: { json?: boolean }) =>
      withSetting(name, async (settings) => {
        const { version: expectedVersion } = settings.describe(name);
        print([await settings.rollBack(name, changeNumber(to), { act: operatorAct(), expectedVersion })], json);
      }),
    );
  return command;
}

function withSettings(run: (settings: Settings) => Promise<void>): Promise<void> {
  return withDatabase(async (db, config) => run(await readSettings(db, config)));
}

/** For a command on one setting: its errors name the setting, and an unknown name lists the settings. */
function withSetting(name: string, run: (settings: Settings) => Promise<void>): Promise<void> {
  return withSettings((settings) =>
    run(settings).catch((error: unknown) => {
      throw withName(name, error);
    }),
  );
}

function withName(name: string, error: unknown): unknown {
  if (!(error instanceof Problem)) return error;
  if (error.code === 'setting_not_found') {
    return new CommandRefused(
      `${name} is not a setting${didYouMean(name, settingNames)}; the settings are: ${settingNames.join(', ')}`,
    );
  }
  const wrong = error.errors?.find(({ path }) => path === '/value');
  return wrong === undefined ? error : new CommandRefused(`${name} ${wrong.message}`);
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** The value of a setting; `15m` for one in seconds is 900. Throws CommandRefused if its unit cannot express the duration. */
function settingValue(name: string, text: string): unknown {
  const seconds = durationSeconds(text);
  const { unit } = (registry as Readonly<Record<string, { readonly unit?: string }>>)[name] ?? {};
  const unitSeconds = UNIT_SECONDS[unit ?? ''];
  if (seconds === undefined || unitSeconds === undefined) return parseValue(text);
  if (seconds % unitSeconds !== 0) throw new CommandRefused(`${name} is a whole number of ${unit}, and ${text} is not`);
  return seconds / unitSeconds;
}

function changeNumber(text: string): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= MAX_SETTING_VERSION))
    throw new CommandRefused('the version must be the number of a change; see: latchkey settings history <name>');
  return number;
}

function printHistory(changes: readonly SettingChange[], json = false): void {
  if (json) printJson(settingHistory({ rows: changes, nextCursor: null }).changes);
  else {
    printTable(
      changes.map(({ version, value, changedAt, changedBy }) => [
        String(version),
        value === null ? '(default)' : String(value),
        formatTimestamp(changedAt),
        changedBy,
      ]),
    );
  }
}

function print(states: readonly SettingState[], json = false): void {
  if (json) printJson(states);
  else printTable(states.map(({ name, value, source }) => [name, withUnit(name, value), source]));
}

function withUnit(name: SettingName, value: unknown): string {
  const definition = registry[name];
  return 'unit' in definition ? `${value} ${definition.unit}` : String(value);
}
