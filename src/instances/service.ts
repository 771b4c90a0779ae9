// Who serves: each process says so in the table, with the settings that it acts on, until it stops.
import { singleFlight } from '#platform/concurrency/single-flight.js';
import type { Log } from '#platform/log/log.js';
import type { Settings } from '#settings/service.js';
import type { InstanceRow, InstancesRepository } from './repository.js';

/** A process that serves. */
export interface Instance extends InstanceRow {
  /** Whether it acts on the last change of the settings. */
  readonly current: boolean;
}

interface Dependencies {
  readonly repository: InstancesRepository;
  readonly settings: Pick<Settings, 'version'>;
  /** What this process says of itself. */
  readonly self: { readonly id: string; readonly host: string; readonly version: string };
  readonly log: Log;
}

/** After this time without a sign an instance counts as gone (seconds). */
const ALIVE_SECONDS = 30;

/** Nothing is written before `join`. */
export function createInstances({ repository, settings, self, log }: Dependencies) {
  let joined = false;
  let failing = false;

  // Many changes in a moment are one more sign, not many.
  const write = singleFlight(async () => {
    if (joined) await repository.save({ ...self, settingsVersion: settings.version() });
    return false;
  });

  /** Says that this process serves, and what it acts on. Never rejects: nobody who is served depends on it. */
  async function beat(): Promise<void> {
    try {
      await write();
      failing = false;
    } catch (err) {
      if (!failing) log.warn({ err }, 'this instance cannot be written down: it is tried again');
      failing = true;
    }
  }

  /** Begins to serve. */
  async function join(): Promise<void> {
    joined = true;
    await beat();
  }

  /** Says that this process serves no more. Never rejects: a row that stays is passed over soon, and forgotten in a day. */
  async function leave(): Promise<void> {
    if (!joined) return;
    joined = false;
    // One that is just being written would come after the deletion.
    await write().catch(() => {});
    await repository.delete(self.id).catch((err: unknown) => log.warn({ err }, 'this instance is still written down'));
  }

  /** Those that have been seen lately, and the last change of the settings. */
  async function list(): Promise<{ settingsVersion: number; instances: Instance[] }> {
    // In this order: an instance may be ahead of what is compared, never behind for having been read too early.
    const settingsVersion = await repository.findSettingsVersion();
    const found = await repository.findAlive(ALIVE_SECONDS);
    return {
      settingsVersion,
      instances: found.map((row) => ({ ...row, current: row.settingsVersion >= settingsVersion })),
    };
  }

  return { beat, join, leave, list };
}

export type Instances = ReturnType<typeof createInstances>;
