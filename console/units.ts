// Values of settings in the words of people: 2592000 seconds are 30 days.
import type { Setting } from './api.js';

/** Seconds in each unit that a duration can be entered in, the largest first. */
export const DURATIONS = [
  ['days', 86_400],
  ['hours', 3600],
  ['minutes', 60],
  ['seconds', 1],
] as const;

export type DurationUnit = (typeof DURATIONS)[number][0];

/** The largest unit in which a duration is a whole number; seconds for 0. */
export function unitOf(seconds: number): DurationUnit {
  return (seconds !== 0 && DURATIONS.find(([, size]) => seconds % size === 0)?.[0]) || 'seconds';
}

export function secondsIn(unit: DurationUnit): number {
  return DURATIONS.find(([name]) => name === unit)?.[1] ?? 1;
}

const number = new Intl.NumberFormat('en');

/** As people say it: "30 days", "90 seconds", "on". */
export function spoken(value: number | boolean, unit: string | null): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (unit !== 'seconds') return counted(value, unit);
  const best = unitOf(value);
  return counted(value / secondsIn(best), best);
}

/** As it is stored: "2,592,000 seconds". */
export function counted(value: number, unit: string | null): string {
  if (unit === null) return number.format(value);
  return `${number.format(value)} ${value === 1 ? unit.replace(/s$/, '') : unit}`;
}

/** The bounds of a setting, in words. */
export function boundsOf({ minimum, maximum, unit }: Setting): string | undefined {
  if (minimum === null || maximum === null) return undefined;
  return `${spoken(minimum, unit)} to ${spoken(maximum, unit)}`;
}
