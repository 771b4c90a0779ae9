// The running instances: each process records in the table that it is running, and which settings it has applied.
import { singleFlight } from '#platform/concurrency/single-flight.js';
import type { Log } from '#platform/log/log.js';
import type { Settings } from '#settings/service.js';
import type { InstanceRow, InstancesRepository } from './repository.js';

/** A running process. */
export interface Instance extends InstanceRow {
  /** Whether it has applied the latest change of the settings. */
  readonly current: boolean;
}

interface Dependencies {
  readonly repository: InstancesRepository;
  readonly settings: Pick<Settings, 'version'>;
  /** The identity of this process. */
  readonly self: { readonly id: string; readonly host: string; readonly version: string };
  readonly log: Log;
}

/** Writes nothing before `join`. */
export function createInstances({ repository, settings, self, log }: Dependencies) {
  let joined = false;
  let failing = false;

  // A burst of setting changes results in one more write, not many.
  const write = singleFlight(async () => {
    if (joined) await repository.save({ ...self, settingsVersion: settings.version() });
    return false;
  });

  /** Records that this process is running. Never rejects: no request depends on it. */
  async function sendHeartbeat(): Promise<void> {
    try {
      await write();
      failing = false;
    } catch (err) {
      if (!failing) log.warn({ err }, 'heartbeat of this instance failed; it will be retried');
      failing = true;
    }
  }

  /** Records that this process has started to serve. */
  async function join(): Promise<void> {
    joined = true;
    await sendHeartbeat();
  }

  /** Deletes the row of this process. Never rejects: a row that remains is soon ignored, and deleted after a day. */
  async function leave(): Promise<void> {
    if (!joined) return;
    joined = false;
    // A write that is still under way would recreate the row after its deletion.
    await write().catch(() => {});
    await repository
      .delete(self.id)
      .catch((err: unknown) => log.warn({ err }, 'this instance could not be removed from the list of instances'));
  }

  /** The running instances, and the latest change of the settings. */
  async function list(): Promise<{ settingsVersion: number; instances: Instance[] }> {
    // In this order, so that an instance that applies a change between the two queries is not reported as outdated.
    const settingsVersion = await repository.findSettingsVersion();
    const found = await repository.findAlive();
    return {
      settingsVersion,
      instances: found.map((row) => ({ ...row, current: row.settingsVersion >= settingsVersion })),
    };
  }

  return { sendHeartbeat, join, leave, list };
}

export type Instances = ReturnType<typeof createInstances>;
