// The size of each fault test: a short run by default, the full run of docs/reliability.md with FAULTS=full.
import { appendFileSync } from 'node:fs';
import type { Test } from 'tap';
import { isFull } from '../../support/full-run.js';

export { isFull };

const { FAULTS_SEED, FAULTS_REPORT } = process.env;

/** Selects a figure, or another size of a test: one for the short run, one for the full run. */
export function figure<T>(short: T, full: T): T {
  return isFull ? full : short;
}

/** In milliseconds: ends a test that hangs. */
export const timeout = figure(600_000, 900_000);

/**
 * Bounds of durations are multiplied by this. The short run shares its machine with other tests and other work, where only a wrong order of
 * magnitude says something about the service; the full run asserts the bounds themselves.
 */
export const TOLERANCE = figure(5, 1);

/** A random number generator from 0 to 1 (mulberry32). It prints its seed, so that a failure can be repeated with FAULTS_SEED. */
export function randomNumbers(t: Pick<Test, 'comment'>): () => number {
  let state = FAULTS_SEED === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(FAULTS_SEED);
  t.comment(`FAULTS_SEED=${state}`);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Prints the measurements of a test and appends them to FAULTS_REPORT, for `npm run test:faults:table`. */
export function report(t: Pick<Test, 'comment'>, fault: string, measured: Readonly<Record<string, unknown>>): void {
  t.comment(fault, measured);
  if (FAULTS_REPORT !== undefined) appendFileSync(FAULTS_REPORT, `${JSON.stringify({ fault, measured })}\n`);
}

/** The quantile of a share from 0 to 1, rounded to hundredths; 0 for an empty list. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return Math.round(100 * (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0)) / 100;
}
