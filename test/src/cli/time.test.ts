// Times as people type them.
import t from 'tap';
import { durationSeconds, parseTime } from '#cli/time.js';

const NOW = Date.parse('2026-11-28T17:45:10.250Z');

t.test('a time, a date, a day and a duration before now are read as times', async (t) => {
  for (const [text, time] of [
    ['2026-11-25T23:30:00Z', '2026-11-25T23:30:00.000Z'],
    ['2026-11-25T23:30:00+02:00', '2026-11-25T21:30:00.000Z'],
    ['2026-11-25', '2026-11-25T00:00:00.000Z'],
    ['now', '2026-11-28T17:45:10.250Z'],
    ['today', '2026-11-28T00:00:00.000Z'],
    ['yesterday', '2026-11-27T00:00:00.000Z'],
    ['30s', '2026-11-28T17:44:40.250Z'],
    ['2h', '2026-11-28T15:45:10.250Z'],
    ['7d', '2026-11-21T17:45:10.250Z'],
    ['1w', '2026-11-21T17:45:10.250Z'],
    // Postgres reads no year 0, and no year of five digits.
    ['0000-01-01', '1970-01-01T00:00:00.000Z'],
    ['999999d', '1970-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59-23:00', '9999-12-31T23:59:59.000Z'],
  ] as const) {
    t.equal(parseTime('--since', text, NOW).toISOString(), time, text);
  }
});

t.test('any other text is refused', async (t) => {
  for (const text of [
    '',
    '2026',
    '2026-11-25T23:30:00',
    '2026-13-01',
    'tomorrow',
    '2 h',
    '-1h',
    '1y',
    `${'9'.repeat(12)}w`,
  ]) {
    t.throws(() => parseTime('--since', text, NOW), { message: /^--since must be a time: / }, text);
  }
});

t.test('a duration with a unit is read as seconds', async (t) => {
  for (const [text, seconds] of [
    ['0s', 0],
    ['90s', 90],
    ['15m', 900],
    ['1h', 3600],
    ['7d', 604_800],
    ['2w', 1_209_600],
  ] as const) {
    t.equal(durationSeconds(text), seconds, text);
  }
  for (const text of ['', '1', 'h', '1.5h', '1H', '-1h', '1h ', '1234567890123s'])
    t.equal(durationSeconds(text), undefined, text);
});
