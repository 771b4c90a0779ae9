// Runs one fault test: traffic, faults during it, recovery, and the checker.
import type { Test } from 'tap';
import { until } from '../../support/until.js';
import { check } from './checker.js';
import { startClients, type Target } from './clients.js';
import { quantile, randomNumbers, report, TOLERANCE } from './figures.js';
import { answersOf, type Call, newHistory, type Violation } from './history.js';

/** The longest time that recovery may take after a fault has ended. */
export const HEAL_MILLISECONDS = TOLERANCE * 10_000;

interface FaultPlan {
  /** As in docs/reliability.md. */
  readonly fault: string;
  readonly target: Target;
  readonly databaseUrl: () => string;
  readonly rounds: number;
  readonly clients?: number;
  readonly perSecond?: number;
  /** Causes the fault and ends it. */
  readonly inject: (round: number, random: () => number) => Promise<void>;
  /** The number of calls that must be acknowledged before each fault. */
  readonly between?: number;
  /** Judges the broken invariants; without it there must be none. */
  readonly judge?: (violations: readonly Violation[]) => void;
  /** Called at the end with all calls. */
  readonly afterwards?: (calls: readonly Call[]) => void | Promise<void>;
}

/** Runs the plan and fails the test if an invariant was broken. */
export async function underLoad(t: Test, plan: FaultPlan): Promise<readonly Call[]> {
  const { fault, target, rounds, clients = 16, perSecond = 100, between = 2 * clients } = plan;
  const random = randomNumbers(t);
  const history = newHistory();
  const load = startClients({ target, clients, perSecond, random, history });
  const heals: number[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const before = load.acknowledged();
      await until(`${between} calls are acknowledged`, () => load.acknowledged() >= before + between, 30_000);
      await plan.inject(round, random);
      const healed = performance.now();
      const after = load.acknowledged();
      await until('the clients are served again', () => load.acknowledged() >= after + clients, HEAL_MILLISECONDS);
      heals.push(performance.now() - healed);
    }
  } finally {
    await load.stop();
  }
  const violations = await check(history, target, plan.databaseUrl());
  if (plan.judge === undefined) t.strictSame(violations, [], 'every invariant holds');
  else plan.judge(violations);
  const durations = history.calls.map(({ begun, ended }) => ended - begun);
  report(t, fault, {
    rounds,
    calls: history.calls.length,
    answers: answersOf(history),
    p50: quantile(durations, 0.5),
    p99: quantile(durations, 0.99),
    longest: quantile(durations, 1),
    'longest recovery': quantile(heals, 1),
  });
  await plan.afterwards?.(history.calls);
  return history.calls;
}
