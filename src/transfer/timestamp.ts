// Times in an import, to the microsecond, which is the precision of Postgres.

const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s?(Z|UTC|[+-]\d\d(?::?\d\d)?)$/;

/**
 * The time in a form that Postgres reads with any settings, `2024-05-01T12:00:00.123456Z` with its own offset. Undefined if the text is
 * not a time of the calendar with an offset, is before 1970, or is after `latest`.
 */
export function canonicalTime(text: string, latest: Date): string | undefined {
  const [, date, minutes, seconds = '00', fraction = '', offset = ''] = TIME.exec(text) ?? [];
  if (date === undefined) return undefined;
  // Ruby and BigQuery write UTC.
  const zone =
    offset === 'Z' || offset === 'UTC' ? 'Z' : `${offset.slice(0, 3)}:${offset.slice(3).replace(':', '') || '00'}`;
  // Postgres has no greater offsets.
  if (Number(zone.slice(1, 3)) > 15) return undefined;
  // JavaScript and Postgres take 24:00:00 for the next midnight, but Postgres nothing after it.
  if (minutes?.startsWith('24') && Number(fraction) > 0) return undefined;
  const time = new Date(`${date}T${minutes}:${seconds}${zone}`);
  // A date such as 30 February would become one in March.
  const isOfCalendar = new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date) === true;
  if (!isOfCalendar || !(time.getTime() >= 0 && time.getTime() <= latest.getTime())) return undefined;
  return `${date}T${minutes}:${seconds}.${fraction.slice(0, 6).padEnd(6, '0')}${zone}`;
}
