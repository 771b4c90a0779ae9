// Live settings: an in-memory snapshot that `get` reads, reloaded whenever the table may have changed.
import type { Act, Actor, AuditEventName } from '#audit/events.js';
import { singleFlight } from '#platform/concurrency/single-flight.js';
import { ConfigurationError } from '#platform/config/config.js';
import { invalidField, Problem } from '#platform/errors/problem.js';
import type { Log } from '#platform/log/log.js';
import {
  findValueError,
  isSettingName,
  parseValue,
  registry,
  type SettingName,
  type SettingValue,
  settingNames,
} from './registry.js';
import type { SettingChange, SettingRow, SettingsRepository } from './repository.js';

/** The source of the effective value. */
export type SettingSource = 'default' | 'environment' | 'database';

/** One setting as an operator sees it. */
export interface SettingState {
  readonly name: SettingName;
  /** The effective value. */
  readonly value: unknown;
  readonly source: SettingSource;
  /** The value after a reset: from the environment, otherwise from the registry. */
  readonly default: unknown;
  /** The version of its row in the table; 0 without a row. */
  readonly version: number;
  readonly updatedAt: Date | undefined;
  readonly updatedBy: string | undefined;
  /** Why its row is ignored; undefined if the row is used, or if there is none. */
  readonly ignored: string | undefined;
}

/** How a change is made. */
export interface ChangeOptions {
  readonly act: Act;
  /** The version that the setting must still have; 0 without a row. Undefined accepts any version. */
  readonly expectedVersion?: number | undefined;
}

interface Dependencies {
  readonly repository: SettingsRepository;
  /** `SETTING_<NAME>` from the environment, by NAME. */
  readonly defaults: Readonly<Record<string, string>>;
  readonly log: Log;
}

/** The audit events of changes, also used in the log. */
type ChangeEvent = Extract<AuditEventName, `setting.${string}`>;

/** Throws ConfigurationError if the environment names an unknown setting or gives one an invalid value. */
export function createSettings({ repository, defaults, log }: Dependencies) {
  const base = baseValues(defaults);
  /** The rows that are in effect. */
  let rows = new Map<SettingName, SettingRow>();
  /** Every row of the last read, valid or not. */
  let stored = new Map<string, SettingRow>();
  /** Why rows of known settings are ignored. */
  let ignored = new Map<SettingName, string>();
  let latest = 0;
  let readAt = performance.now();
  const listeners: (() => void)[] = [];
  let lastSave: Promise<unknown> = Promise.resolve();

  /** The effective value. Reads memory only. */
  function get<N extends SettingName>(name: N): SettingValue<N> {
    return (rows.get(name)?.value ?? base.get(name)?.value) as SettingValue<N>;
  }

  /**
   * Reads the table again; resolves to whether it had changed. Rejects if the database does not respond; the last snapshot
   * then stays in effect.
   */
  const reload = singleFlight(async () => {
    const changed = accept(await repository.findAll());
    readAt = performance.now();
    if (changed) for (const listener of listeners) listener();
    return changed;
  });

  /** Invalid rows are ignored, and logged once for each change of the row. The last valid value stays in effect. */
  function accept(found: { rows: readonly SettingRow[]; latest: number }): boolean {
    const next = new Map<SettingName, SettingRow>();
    const invalid = new Map<SettingName, string>();
    for (const row of found.rows) {
      const { name, value, version } = row;
      const known = isSettingName(name);
      const wrong = known ? findValueError(name, value) : 'is not a setting of this version';
      if (known && wrong === undefined) {
        next.set(name, row);
        continue;
      }
      const lastValid = known ? rows.get(name) : undefined;
      if (known && lastValid !== undefined) next.set(name, lastValid);
      if (known && wrong !== undefined) invalid.set(name, wrong);
      if (stored.get(name)?.version !== version) {
        log.error({ setting: name, version, wrong }, 'a row of the settings table is ignored');
      }
    }
    const changed =
      found.latest !== latest ||
      found.rows.length !== stored.size ||
      found.rows.some(({ name, version }) => stored.get(name)?.version !== version);
    stored = new Map(found.rows.map((row) => [row.name, row]));
    ignored = invalid;
    latest = found.latest;
    rows = next;
    return changed;
  }

  /**
   * Changes a setting for every instance. Throws `setting_not_found`, `validation_failed` (with the path `/value`), and
   * `setting_changed` if the setting does not have the expected version.
   */
  async function set(name: string, value: unknown, options: ChangeOptions): Promise<SettingState> {
    const known = requireName(name);
    const wrong = findValueError(known, value);
    if (wrong !== undefined) throw invalidField('/value', wrong);
    return save('setting.changed', known, value, options);
  }

  /** Resets a setting to its default for every instance. Throws `setting_not_found` and `setting_changed`. */
  async function reset(name: string, options: ChangeOptions): Promise<SettingState> {
    return save('setting.reset', requireName(name), null, options);
  }

  /**
   * Gives a setting the value that it had after the change `to`; 0 is the default, before all changes. Throws
   * `setting_not_found`, `setting_version_not_found`, `setting_changed`, and `validation_failed` (with the path `/to`) for a
   * value that is no longer valid.
   */
  async function rollBack(name: string, to: number, options: ChangeOptions): Promise<SettingState> {
    const known = requireName(name);
    const change = to === 0 ? { value: null } : await repository.findChange(known, to);
    if (change === undefined) throw new Problem('setting_version_not_found');
    const wrong = change.value === null ? undefined : findValueError(known, change.value);
    if (wrong !== undefined) throw invalidField('/to', `refers to a value that is no longer valid: it ${wrong}`);
    return save('setting.rolled_back', known, change.value, options);
  }

  async function save(
    event: ChangeEvent,
    name: SettingName,
    value: unknown,
    { act, expectedVersion }: ChangeOptions,
  ): Promise<SettingState> {
    const changedBy = nameOf(act.actor);
    const version = await afterLastSave(() => repository.save({ name, value, expectedVersion, changedBy, event, act }));
    if (version === undefined) throw new Problem('setting_changed');
    log.info({ event, setting: name, value, version, changedBy }, 'setting changed');
    await reload();
    return stateOf(name);
  }

  /** Saves are serialized, so that a burst of changes waits for the lock with one connection and leaves the rest to requests. */
  function afterLastSave<T>(work: () => Promise<T>): Promise<T> {
    const result = lastSave.then(work);
    lastSave = result.catch(() => {});
    return result;
  }

  function stateOf(name: SettingName): SettingState {
    const fallback = base.get(name);
    const row = stored.get(name);
    const effective = rows.get(name);
    return {
      name,
      value: effective?.value ?? fallback?.value,
      source: effective === undefined ? (fallback?.source ?? 'default') : 'database',
      default: fallback?.value,
      version: row?.version ?? 0,
      updatedAt: row?.updatedAt,
      updatedBy: row?.updatedBy,
      ignored: ignored.get(name),
    };
  }

  return {
    get,
    reload,
    set,
    reset,
    rollBack,
    /** The changes of a setting that precede the change `before`, newest first. Throws `setting_not_found`. */
    history: async (name: string, before: number, limit: number): Promise<SettingChange[]> =>
      repository.findChanges(requireName(name), before, limit),
    /** The id of the latest change that this instance has applied. */
    version: (): number => latest,
    /** For how long the table has not been read, in seconds. */
    age: (): number => (performance.now() - readAt) / 1000,
    /** Registers a listener that is called after each change from now on. */
    onChange: (listener: () => void): void => {
      listeners.push(listener);
    },
    /** Every setting as this instance has it, without a query. */
    list: (): SettingState[] => settingNames.map(stateOf),
    /** One setting as this instance has it, without a query. Throws `setting_not_found`. */
    describe: (name: string): SettingState => stateOf(requireName(name)),
    /** One setting as the table has it now. Throws `setting_not_found`. */
    find: async (name: string): Promise<SettingState> => {
      const known = requireName(name);
      await reload();
      return stateOf(known);
    },
    /** Every setting as the table has them now, and the id of the latest change. */
    findAll: async (): Promise<{ version: number; settings: SettingState[] }> => {
      await reload();
      return { version: latest, settings: settingNames.map(stateOf) };
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
    if (!isSettingName(name)) throw new ConfigurationError(`SETTING_${name}: there is no setting ${name}`);
    const wrong = findValueError(name, parseValue(text));
    if (wrong !== undefined) {
      throw new ConfigurationError(`SETTING_${name} ${wrong}, for example SETTING_${name}=${registry[name].default}`);
    }
  }
  return new Map(
    settingNames.map((name): [SettingName, BaseValue] => {
      const text = defaults[name];
      return text === undefined
        ? [name, { value: registry[name].default, source: 'default' }]
        : [name, { value: parseValue(text), source: 'environment' }];
    }),
  );
}

function requireName(name: string): SettingName {
  if (!isSettingName(name)) throw new Problem('setting_not_found');
  return name;
}

/** The actor as the table and its history store it. */
function nameOf(actor: Actor): string {
  if (actor.type === 'user') return `user:${actor.userId}`;
  return actor.type === 'cli' ? `cli:${actor.name}` : actor.type;
}
