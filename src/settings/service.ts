// Live settings: a snapshot in memory that `get` reads, refreshed from the table whenever that may have changed.
import { coalesce } from '../database/coalesce.js';
import type { Log } from '../log.js';
import {
  isSettingName,
  parseText,
  refuse,
  registry,
  type SettingName,
  type SettingValue,
  settingNames,
} from './registry.js';
import type { SettingRow, SettingsRepository } from './repository.js';

/** Where the value in force comes from. */
export type SettingSource = 'default' | 'environment' | 'database';

/** One setting as an operator sees it. */
export interface SettingState {
  readonly name: SettingName;
  readonly value: unknown;
  readonly source: SettingSource;
  readonly updatedAt: Date | undefined;
  readonly updatedBy: string | undefined;
}

/** A value or a name that cannot be; the message is one line for the operator. */
export class InvalidSetting extends Error {
  override readonly name = 'InvalidSetting';
}

interface Dependencies {
  readonly repository: SettingsRepository;
  /** `SETTING_<NAME>` of the environment, by NAME. */
  readonly defaults: Readonly<Record<string, string>>;
  readonly log: Log;
}

/** Throws InvalidSetting when the environment names a setting that is none, or gives it a value that it cannot have. */
export function createSettings({ repository, defaults, log }: Dependencies) {
  const base = baseValues(defaults);
  let rows = new Map<SettingName, SettingRow>();
  /** The version of each row at the last read, good or bad. */
  let seen = new Map<string, number>();

  /** The value in force. Reads memory only. */
  function get<N extends SettingName>(name: N): SettingValue<N> {
    return (rows.get(name)?.value ?? base.get(name)?.value) as SettingValue<N>;
  }

  /**
   * Reads the table again; resolves to whether it had changed. Rejects when the database does not answer: the last snapshot
   * stays in force.
   */
  const reload = coalesce(async () => accept(await repository.findAll()));

  /** A row that cannot be is reported, once for each change, and passed over: the last good value stays in force. */
  function accept(found: readonly SettingRow[]): boolean {
    const next = new Map<SettingName, SettingRow>();
    for (const row of found) {
      const { name, value, version } = row;
      const known = isSettingName(name);
      const wrong = known ? refuse(name, value) : 'is not a setting of this version';
      if (known && wrong === undefined) {
        next.set(name, row);
        continue;
      }
      const lastGood = known ? rows.get(name) : undefined;
      if (known && lastGood !== undefined) next.set(name, lastGood);
      if (seen.get(name) !== version) {
        log.error({ setting: name, version, wrong }, 'a row of the settings table is ignored');
      }
    }
    const changed = found.length !== seen.size || found.some((row) => seen.get(row.name) !== row.version);
    seen = new Map(found.map(({ name, version }) => [name, version]));
    rows = next;
    return changed;
  }

  /** Changes a setting for every instance. Throws InvalidSetting. */
  async function set(name: string, value: unknown, changedBy: string): Promise<void> {
    if (!isSettingName(name)) throw unknownSetting(name);
    const wrong = refuse(name, value);
    if (wrong !== undefined) throw new InvalidSetting(`${name} ${wrong}`);
    await save(name, value, changedBy);
  }

  /** Takes a setting back to its default. Throws InvalidSetting. */
  async function reset(name: string, changedBy: string): Promise<void> {
    if (!isSettingName(name)) throw unknownSetting(name);
    await save(name, null, changedBy);
  }

  async function save(name: SettingName, value: unknown, changedBy: string): Promise<void> {
    const version = await repository.save(name, value, changedBy);
    log.info({ setting: name, value, version, changedBy }, 'setting changed');
    await reload();
  }

  return {
    get,
    reload,
    set,
    reset,
    list: (): SettingState[] => settingNames.map((name) => describe(name, rows.get(name), base.get(name))),
    describe: (name: string): SettingState => {
      if (!isSettingName(name)) throw unknownSetting(name);
      return describe(name, rows.get(name), base.get(name));
    },
  };
}

export type Settings = ReturnType<typeof createSettings>;

interface BaseValue {
  readonly value: unknown;
  readonly source: SettingSource;
}

function baseValues(defaults: Readonly<Record<string, string>>): Map<SettingName, BaseValue> {
  for (const [name, text] of Object.entries(defaults)) {
    if (!isSettingName(name)) throw new InvalidSetting(`SETTING_${name}: there is no setting ${name}`);
    const wrong = refuse(name, parseText(text));
    if (wrong !== undefined) {
      throw new InvalidSetting(`SETTING_${name} ${wrong}, for example SETTING_${name}=${registry[name].default}`);
    }
  }
  return new Map(
    settingNames.map((name): [SettingName, BaseValue] => {
      const text = defaults[name];
      return text === undefined
        ? [name, { value: registry[name].default, source: 'default' }]
        : [name, { value: parseText(text), source: 'environment' }];
    }),
  );
}

function describe(name: SettingName, row: SettingRow | undefined, base: BaseValue | undefined): SettingState {
  return {
    name,
    value: row?.value ?? base?.value,
    source: row === undefined ? (base?.source ?? 'default') : 'database',
    updatedAt: row?.updatedAt,
    updatedBy: row?.updatedBy,
  };
}

function unknownSetting(name: string): InvalidSetting {
  return new InvalidSetting(`${name} is not a setting; there are: ${settingNames.join(', ')}`);
}
