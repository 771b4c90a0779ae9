// Times and durations as people type them.
import { closestTimestamp } from '#platform/database/timestamp.js';
import { CommandRefused } from './error-message.js';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;
const DAY_MILLISECONDS = 86_400_000;
const EXAMPLES = '2026-11-25T23:30:00Z, 2026-11-25, yesterday, or 2h for two hours ago';

/** The number of seconds that `90s`, `15m`, `1h`, `7d` or `2w` stands for. Undefined for any other text. */
export function durationSeconds(text: string): number | undefined {
  const [, number, unit] = /^(\d{1,12})([smhdw])$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * SECONDS[unit as keyof typeof SECONDS];
}

/**
 * A time: RFC 3339 with an offset, a date or `today` or `yesterday` (midnight in UTC), `now`, or a duration before now. A time without an
 * offset is refused: it would be in this machine's time zone, which may differ from the one in the log of the database.
 */
export function parseTime(option: string, text: string, now = Date.now()): Date {
  const midnight = now - (now % DAY_MILLISECONDS);
  if (text === 'now') return new Date(now);
  if (text === 'today') return new Date(midnight);
  if (text === 'yesterday') return new Date(midnight - DAY_MILLISECONDS);
  const ago = durationSeconds(text);
  const time = new Date(ago === undefined ? text : now - ago * 1000);
  const isUnambiguous = ago !== undefined || /^\d{4}-\d\d-\d\d(T.+(Z|[+-]\d\d:\d\d))?$/.test(text);
  if (!isUnambiguous || Number.isNaN(time.getTime())) throw new CommandRefused(`${option} must be a time: ${EXAMPLES}`);
  return closestTimestamp(time.getTime());
}
