// Live settings: a snapshot in memory that `get` reads, refreshed from the table whenever that may have changed.
import type { Act, Actor, AuditEventName } from '#audit/events.js';
import { singleFlight } from '#platform/concurrency/single-flight.js';
import { invalidField, Problem } from '#platform/errors/problem.js';
import type { Log } from '#platform/log/log.js';
import {
  isSettingName,
  parseText,
  refuse,
  registry,
  type SettingName,
  type SettingValue,
  settingNames,
} from './registry.js';
import type { SettingChange, SettingRow, SettingsRepository } from './repository.js';

/** Where the value in force comes from. */
export type SettingSource = 'default' | 'environment' | 'database';

/** One setting as an operator sees it. */
export interface SettingState {
  readonly name: SettingName;
  /** The one in force. */
  readonly value: unknown;
  readonly source: SettingSource;
  /** What a reset takes it back to: what the environment says, or the list. */
  readonly default: unknown;
  /** Of its row in the table, as are the next two: 0 for none. */
  readonly version: number;
  readonly updatedAt: Date | undefined;
  readonly updatedBy: string | undefined;
  /** Why its row is not acted on; undefined when it is, or there is none. */
  readonly ignored: string | undefined;
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

/** The sort of change, for the log and the audit. */
type ChangeEvent = Extract<AuditEventName, `setting.${string}`>;

/** Throws InvalidSetting when the environment names a setting that is none, or gives it a value that it cannot have. */
export function createSettings({ repository, defaults, log }: Dependencies) {
  const base = baseValues(defaults);
  let rows = new Map<SettingName, SettingRow>();
  /** Each row at the last read, good or bad. */
  let stored = new Map<string, SettingRow>();
  let ignored = new Map<SettingName, string>();
  let latest = 0;
  const listeners: (() => void)[] = [];
  let turn: Promise<unknown> = Promise.resolve();

  /** The value in force. Reads memory only. */
  function get<N extends SettingName>(name: N): SettingValue<N> {
    return (rows.get(name)?.value ?? base.get(name)?.value) as SettingValue<N>;
  }

  /**
   * Reads the table again; resolves to whether it had changed. Rejects when the database does not answer: the last snapshot
   * stays in force.
   */
  const reload = singleFlight(async () => {
    const changed = accept(await repository.findAll());
    if (changed) for (const listener of listeners) listener();
    return changed;
  });

  /** A row that cannot be is reported, once for each change, and passed over: the last good value stays in force. */
  function accept(found: { rows: readonly SettingRow[]; latest: number }): boolean {
    const next = new Map<SettingName, SettingRow>();
    const bad = new Map<SettingName, string>();
    for (const row of found.rows) {
      const { name, value, version } = row;
      const known = isSettingName(name);
      const wrong = known ? refuse(name, value) : 'is not a setting of this version';
      if (known && wrong === undefined) {
        next.set(name, row);
        continue;
      }
      const lastGood = known ? rows.get(name) : undefined;
      if (known && lastGood !== undefined) next.set(name, lastGood);
      if (known && wrong !== undefined) bad.set(name, wrong);
      if (stored.get(name)?.version !== version) {
        log.error({ setting: name, version, wrong }, 'a row of the settings table is ignored');
      }
    }
    const changed =
      found.latest !== latest ||
      found.rows.length !== stored.size ||
      found.rows.some(({ name, version }) => stored.get(name)?.version !== version);
    stored = new Map(found.rows.map((row) => [row.name, row]));
    ignored = bad;
    latest = found.latest;
    rows = next;
    return changed;
  }

  /** Changes a setting for every instance, whatever it was. `changedBy`: `cli:<name>`. Throws InvalidSetting. */
  async function set(name: string, value: unknown, changedBy: string): Promise<void> {
    if (!isSettingName(name)) throw unknownSetting(name);
    const wrong = refuse(name, value);
    if (wrong !== undefined) throw new InvalidSetting(`${name} ${wrong}`);
    await save('setting.changed', name, value, undefined, byCommandLine(changedBy));
  }

  /** Takes a setting back to its default, whatever it was. Throws InvalidSetting. */
  async function reset(name: string, changedBy: string): Promise<void> {
    if (!isSettingName(name)) throw unknownSetting(name);
    await save('setting.reset', name, null, undefined, byCommandLine(changedBy));
  }

  /**
   * Changes a setting that has this version; 0: no row. Throws `setting_not_found`, `validation_failed`, and
   * `setting_changed` for another version.
   */
  async function change(name: string, value: unknown, version: number, act: Act): Promise<SettingState> {
    const known = requireName(name);
    const wrong = refuse(known, value);
    if (wrong !== undefined) throw invalidField('/value', wrong);
    return save('setting.changed', known, value, version, act);
  }

  /** Takes a setting that has this version back to its default. Throws `setting_not_found` and `setting_changed`. */
  async function revert(name: string, version: number, act: Act): Promise<SettingState> {
    return save('setting.reset', requireName(name), null, version, act);
  }

  /**
   * Gives a setting that has this version the value that it had after its change `to`; 0: before all changes. Throws
   * `setting_not_found`, `setting_version_not_found`, `setting_changed`, and `validation_failed` for a value that it cannot
   * have any more.
   */
  async function rollBack(name: string, to: number, version: number, act: Act): Promise<SettingState> {
    const known = requireName(name);
    const then = to === 0 ? { value: null } : await repository.findChange(known, to);
    if (then === undefined) throw new Problem('setting_version_not_found');
    const wrong = then.value === null ? undefined : refuse(known, then.value);
    if (wrong !== undefined) throw invalidField('/to', `is a value that the setting cannot have any more: it ${wrong}`);
    return save('setting.rolled_back', known, then.value, version, act);
  }

  async function save(
    event: ChangeEvent,
    name: SettingName,
    value: unknown,
    expected: number | undefined,
    act: Act,
  ): Promise<SettingState> {
    const changedBy = nameOf(act.actor);
    const version = await inTurn(() => repository.save({ name, value, expected, changedBy, event, act }));
    if (version === undefined) throw new Problem('setting_changed');
    log.info({ event, setting: name, value, version, changedBy }, 'setting changed');
    await reload();
    return stateOf(name);
  }

  /** One after the other: a burst of changes waits for the lock with one connection, and leaves the others to requests. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work);
    turn = result.catch(() => {});
    return result;
  }

  function stateOf(name: SettingName): SettingState {
    const fallback = base.get(name);
    const row = stored.get(name);
    const acting = rows.get(name);
    return {
      name,
      value: acting?.value ?? fallback?.value,
      source: acting === undefined ? (fallback?.source ?? 'default') : 'database',
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
    change,
    revert,
    rollBack,
    /** The changes of a setting before the change `before`, the newest first. Throws `setting_not_found`. */
    history: async (name: string, before: number, limit: number): Promise<SettingChange[]> =>
      repository.findChanges(requireName(name), before, limit),
    /** The id of the last change that is acted on here. */
    version: (): number => latest,
    /** Calls back after each change that is acted on from then on. */
    onChange: (listener: () => void): void => {
      listeners.push(listener);
    },
    list: (): SettingState[] => settingNames.map(stateOf),
    /** Throws InvalidSetting. */
    describe: (name: string): SettingState => {
      if (!isSettingName(name)) throw unknownSetting(name);
      return stateOf(name);
    },
    /** One setting as the table has it now. Throws `setting_not_found`. */
    find: async (name: string): Promise<SettingState> => {
      const known = requireName(name);
      await reload();
      return stateOf(known);
    },
    /** All of them as the table has them now, and the id of the last change. */
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

function unknownSetting(name: string): InvalidSetting {
  return new InvalidSetting(`${name} is not a setting; there are: ${settingNames.join(', ')}`);
}

function requireName(name: string): SettingName {
  if (!isSettingName(name)) throw new Problem('setting_not_found');
  return name;
}

const COMMAND_LINE = 'cli:';

function byCommandLine(changedBy: string): Act {
  return { actor: { type: 'cli', name: changedBy.replace(COMMAND_LINE, '') }, origin: {} };
}

/** For the table and its history. */
function nameOf(actor: Actor): string {
  if (actor.type === 'user') return `user:${actor.userId}`;
  return actor.type === 'cli' ? `${COMMAND_LINE}${actor.name}` : actor.type;
}
