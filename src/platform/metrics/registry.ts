// The metrics of one process. Counting costs some ten nanoseconds: children are resolved once, and text is made only when metrics are
// collected. (prom-client hashes the labels of each observation, which costs over one microsecond; see docs/decisions.md.)
import { type Aggregation, type Family, type Snapshot, seriesName } from './snapshot.js';

interface Description {
  /** With the unit, as Prometheus's conventions ask for: `latchkey_…_seconds`, `latchkey_…_total`. */
  readonly name: string;
  readonly help: string;
  /** The names of the labels, whose values must come from closed sets. */
  readonly labels?: readonly string[];
}

interface GaugeDescription extends Description {
  /** How the gauges of several processes become one. Default: the sum. */
  readonly aggregation?: Aggregation;
}

/** One series of a counter. */
export interface Count {
  value: number;
}

/** One series of a histogram. */
export interface Distribution {
  /** Adds a duration in seconds. */
  observe(seconds: number): void;
}

/** A value, or one for each combination of label values; undefined: not known now. */
export type Reading = number | undefined | readonly (readonly [labels: readonly string[], value: number])[];

/** Upper bounds in seconds. */
export const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Metrics appear in the order in which they are defined. */
export function createMetrics() {
  const families: (() => Promise<Family>)[] = [];
  const names = new Set<string>();

  function define(name: string, family: () => Promise<Family>): void {
    if (names.has(name)) throw new Error(`the metric ${name} is defined twice`);
    names.add(name);
    families.push(family);
  }

  /** Defines a counter. The result finds the count of a combination of label values; `known` ones appear before they are counted. */
  function counter({ name, help, labels = [] }: Description, known: readonly (readonly string[])[] = []) {
    const counts = childrenOf(
      () => ({ value: 0 }),
      (values) => seriesName(name, labels, values),
    );
    define(name, async () => ({
      name,
      type: 'counter',
      help,
      aggregation: 'sum',
      series: counts.all().map(([series, { value }]) => [series, value]),
    }));
    if (labels.length === 0) counts.find([]);
    for (const values of known) counts.find(values);
    return (...values: string[]): Count => counts.find(values);
  }

  /** Defines a histogram of durations. The result finds the distribution of a combination of label values. */
  function histogram({ name, help, labels = [] }: Description, bounds: readonly number[] = DURATION_BUCKETS) {
    const children = childrenOf(
      (values) => createDistribution(name, labels, values, bounds),
      (values) => values.join('\0'),
    );
    define(name, async () => ({
      name,
      type: 'histogram',
      help,
      aggregation: 'sum',
      series: children.all().flatMap(([, child]) => child.series()),
    }));
    if (labels.length === 0) children.find([]);
    return (...values: string[]): Distribution => children.find(values);
  }

  function read(type: 'counter' | 'gauge', { name, help, labels = [], aggregation = 'sum' }: GaugeDescription) {
    return (reader: () => Reading | Promise<Reading>): void =>
      define(name, async () => {
        // What cannot be read is left out: metrics of a database that is away must not hide the others.
        const reading = await Promise.resolve()
          .then(reader)
          .catch(() => undefined);
        const list = typeof reading === 'number' ? [[[], reading] as const] : (reading ?? []);
        const series = list.map(([values, value]) => [seriesName(name, labels, values), value] as const);
        return { name, type, help, aggregation, series };
      });
  }

  return {
    counter,
    histogram,
    /** Defines a gauge that is read when metrics are collected. */
    gauge: (description: GaugeDescription, reader: () => Reading | Promise<Reading>): void =>
      read('gauge', description)(reader),
    /** Defines a counter that something else counts. */
    countedBy: (description: Description, reader: () => Reading): void => read('counter', description)(reader),
    /** The present values. */
    collect: (): Promise<Snapshot> => Promise.all(families.map((family) => family())),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;

function childrenOf<T>(create: (values: readonly string[]) => T, keyOf: (values: readonly string[]) => string) {
  const children = new Map<string, T>();
  return {
    find: (values: readonly string[]): T => {
      const key = keyOf(values);
      let child = children.get(key);
      if (child === undefined) {
        child = create(values);
        children.set(key, child);
      }
      return child;
    },
    all: (): [string, T][] => [...children],
  };
}

function createDistribution(
  name: string,
  labels: readonly string[],
  values: readonly string[],
  bounds: readonly number[],
) {
  const seriesOf = (suffix: string) => seriesName(`${name}${suffix}`, labels, values);
  const bucketOf = (bound: string) => seriesName(`${name}_bucket`, [...labels, 'le'], [...values, bound]);
  const buckets = [...bounds.map(String), '+Inf'].map(bucketOf);
  const counts = new Float64Array(buckets.length);
  let sum = 0;

  return {
    observe: (seconds: number): void => {
      let index = 0;
      while (index < bounds.length && seconds > (bounds[index] as number)) index += 1;
      (counts[index] as number) += 1;
      sum += seconds;
    },
    series: (): (readonly [string, number])[] => {
      let total = 0;
      const cumulative = buckets.map((series, index) => {
        total += counts[index] as number;
        return [series, total] as const;
      });
      return [...cumulative, [seriesOf('_sum'), sum], [seriesOf('_count'), total]];
    },
  };
}
