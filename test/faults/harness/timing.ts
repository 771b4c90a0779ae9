// Whether two kinds of requests can be told apart by their durations.
import { figure } from './figures.js';

/**
 * The bounds of a probability at which the durations count as indistinguishable. The short run has wider bounds, since chance has more
 * influence on few samples.
 */
export const MIN_PROBABILITY = figure(0.35, 0.42);
export const MAX_PROBABILITY = figure(0.65, 0.58);

/** The probability that a number of `a` is less than one of `b` (Mann-Whitney): 0.5 when they cannot be distinguished. */
export function probabilityOfLess(a: readonly number[], b: readonly number[]): number {
  let less = 0;
  for (const one of a) for (const other of b) less += one < other ? 1 : one === other ? 0.5 : 0;
  return less / (a.length * b.length);
}
