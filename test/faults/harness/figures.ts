// How much each fault test does: a short run by default, the figures of docs/reliability.md with FAULTS=full.
import { appendFileSync } from 'node:fs';
import type { Test } from 'tap';

const { FAULTS, FAULTS_SEED, FAULTS_REPORT } = process.env;

/** Whether the whole is to be run: it takes the better part of an hour. */
export const isFull = FAULTS === 'full';

/** One figure for the short run, one for the whole. */
export function figure(short: number, full: number): number {
  return isFull ? full : short;
}

/** For a test whose short run takes seconds and whose whole takes minutes. */
export const timeout = figure(120_000, 900_000);

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32); printed, so that a failure can be run again. */
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

/** Prints what a test has measured, and keeps it for the table of `npm run test:faults`. */
export function report(t: Pick<Test, 'comment'>, fault: string, measured: Readonly<Record<string, unknown>>): void {
  t.comment(fault, measured);
  if (FAULTS_REPORT !== undefined) appendFileSync(FAULTS_REPORT, `${JSON.stringify({ fault, measured })}\n`);
}

/** The value that a share of the numbers, from 0 to 1, does not exceed; 0 of none. To hundredths. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return Math.round(100 * (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0)) / 100;
}
