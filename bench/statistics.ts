// Statistics: quantiles of latencies, and the median and range of rounds.

/** Milliseconds. */
export interface Latencies {
  readonly p50: number;
  readonly p99: number;
}

/** A summary of several rounds. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
}

/** Records latencies in milliseconds. */
export function createRecorder() {
  const kept: number[] = [];
  return {
    record: (milliseconds: number): void => {
      kept.push(milliseconds);
    },
    count: () => kept.length,
    latencies: (): Latencies => {
      const sorted = Float64Array.from(kept).sort();
      return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
    },
  };
}

/** The numbers may be in any order; NaN if there are none. */
export function spreadOf(numbers: readonly number[]): Spread {
  const sorted = Float64Array.from(numbers).sort();
  const middle = (sorted.length - 1) / 2;
  const [below = Number.NaN, above = Number.NaN] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return { median: (below + above) / 2, least: sorted.at(0) ?? Number.NaN, greatest: sorted.at(-1) ?? Number.NaN };
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
