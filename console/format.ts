// Formats values for people: a setting of 2592000 seconds is shown as 30 days.
import type { Setting } from './api.js';

/** The units in which a duration can be entered, with their length in seconds; largest first. */
export const DURATION_UNITS = [
  ['days', 86_400],
  ['hours', 3600],
  ['minutes', 60],
  ['seconds', 1],
] as const;

export type DurationUnit = (typeof DURATION_UNITS)[number][0];

/** The largest unit in which a duration is a whole number. For 0: seconds. */
export function largestWholeUnit(seconds: number): DurationUnit {
  return (seconds !== 0 && DURATION_UNITS.find(([, size]) => seconds % size === 0)?.[0]) || 'seconds';
}

export function secondsPer(unit: DurationUnit): number {
  return DURATION_UNITS.find(([name]) => name === unit)?.[1] ?? 1;
}

const number = new Intl.NumberFormat('en');

/** A setting's value, with durations in their largest whole unit: "30 days", "90 seconds", "on". */
export function formatValue(value: number | boolean, unit: string | null): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (unit !== 'seconds') return formatCount(value, unit);
  const largest = largestWholeUnit(value);
  return formatCount(value / secondsPer(largest), largest);
}

/** A number with its unit, not converted: "2,592,000 seconds". `unit` is a plural. */
export function formatCount(value: number, unit: string | null): string {
  if (unit === null) return number.format(value);
  return `${number.format(value)} ${value === 1 ? unit.replace(/s$/, '') : unit}`;
}

/** A time to wait, rounded up: "30 seconds", "5 minutes". */
export function formatWait(seconds: number): string {
  return seconds < 120 ? formatCount(seconds, 'seconds') : formatCount(Math.ceil(seconds / 60), 'minutes');
}

/** The allowed range of a setting: "5 minutes to 1 day", "8 to 64 characters". Undefined for a setting without bounds. */
export function formatRange({ minimum, maximum, unit }: Setting): string | undefined {
  if (minimum === null || maximum === null) return undefined;
  const from = unit === 'seconds' ? formatValue(minimum, unit) : number.format(minimum);
  return `${from} to ${formatValue(maximum, unit)}`;
}

/** Words of setting names that are not written in lower case. */
const ABBREVIATIONS: Readonly<Record<string, string>> = { email: 'e-mail', mails: 'e-mails' };

/** The label of a setting: "Access token lifetime" for ACCESS_TOKEN_LIFETIME. */
export function settingLabel(name: string): string {
  const words = name.toLowerCase().split('_');
  return capitalize(words.map((word) => ABBREVIATIONS[word] ?? word).join(' '));
}

export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
