// The values of all metrics at one time: sums those of several processes, and writes them in the Prometheus text format.

/** How the values of several processes become one. */
export type Aggregation = 'sum' | 'max' | 'min';

/** A metric and its values. Plain data, which worker processes send to the primary. */
export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly aggregation: Aggregation;
  /** The series as it is written, with its labels, and its value: `name{label="value"}`. */
  readonly series: readonly (readonly [series: string, value: number])[];
}

export type Snapshot = readonly Family[];

/** The media type of `formatSnapshot`. */
export const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8';

const combine: Readonly<Record<Aggregation, (one: number, other: number) => number>> = {
  sum: (one, other) => one + other,
  max: Math.max,
  min: Math.min,
};

/** Combines the values of several processes, series by series. */
export function mergeSnapshots(snapshots: readonly Snapshot[]): Snapshot {
  const merged = new Map<string, { family: Family; values: Map<string, number> }>();
  for (const family of snapshots.flat()) {
    const entry = merged.get(family.name) ?? { family, values: new Map<string, number>() };
    merged.set(family.name, entry);
    for (const [series, value] of family.series) {
      const before = entry.values.get(series);
      entry.values.set(series, before === undefined ? value : combine[family.aggregation](before, value));
    }
  }
  return [...merged.values()].map(({ family, values }) => ({ ...family, series: [...values] }));
}

/** What remains of a process that has ended: its counters, without which the sums would fall. */
export function countersOf(snapshot: Snapshot): Snapshot {
  return snapshot.filter(({ type }) => type !== 'gauge');
}

export function formatSnapshot(snapshot: Snapshot): string {
  const lines: string[] = [];
  for (const { name, type, help, series } of snapshot) {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const [each, value] of series) lines.push(`${each} ${formatValue(value)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** A series as it is written. Label values are of closed sets; they are escaped all the same. */
export function seriesName(name: string, labels: readonly string[], values: readonly string[]): string {
  if (labels.length === 0) return name;
  const pairs = labels.map((label, index) => `${label}="${escapeLabel(values[index] ?? '')}"`);
  return `${name}{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}

function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(value);
}
