// How many logins, refreshes and registrations there were in each hour. A process counts in memory, where metrics count anyway, and adds
// to the table periodically: requests pay nothing for it.
import { singleFlight } from '#platform/concurrency/single-flight.js';
import { activityNames, type Totals } from './names.js';
import type { ActivityRepository } from './repository.js';

interface Dependencies {
  readonly repository: ActivityRepository;
  /** How often each happened since the process has started. */
  readonly totals: () => Totals;
}

/** One hour. */
export interface ActiveHour extends Totals {
  /** The beginning of the hour. */
  readonly hour: Date;
}

const HOUR_MILLISECONDS = 3_600_000;

/** Counts what `totals` counts from now on. */
export function createActivity({ repository, totals }: Dependencies) {
  let stored = totals();

  const save = singleFlight(async () => {
    const current = totals();
    const added = activityNames.flatMap((name) => {
      const count = current[name] - stored[name];
      return count > 0 ? [[name, count] as const] : [];
    });
    if (added.length > 0) await repository.add(added);
    // Only now: what could not be stored is stored the next time.
    stored = current;
    return false;
  });

  /** The last `hours` hours, oldest first, up to the present one, which is not over. */
  async function last(hours: number): Promise<{ at: Date; hours: ActiveHour[] }> {
    await save();
    const { at, rows } = await repository.findLast(hours);
    const counts = new Map(rows.map(({ hour, name, count }) => [`${hour.getTime()} ${name}`, count]));
    const present = Math.floor(at.getTime() / HOUR_MILLISECONDS) * HOUR_MILLISECONDS;
    const list = Array.from({ length: hours }, (_, index) => {
      const hour = present - (hours - 1 - index) * HOUR_MILLISECONDS;
      const entries = activityNames.map((name) => [name, counts.get(`${hour} ${name}`) ?? 0]);
      return { hour: new Date(hour), ...(Object.fromEntries(entries) as Totals) };
    });
    return { at, hours: list };
  }

  return { save, last };
}

export type Activity = ReturnType<typeof createActivity>;
