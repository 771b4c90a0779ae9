// Combines the results of all rounds, and prints them as tables.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '#platform/process/package-info.js';
import type { Options } from './bench.js';
import type { Found, Goal } from './cells.js';
import { type Spread, spreadOf } from './statistics.js';

/** Median, minimum and maximum of all rounds. */
interface MeasuredProgram {
  readonly program: string;
  /** The total number in all rounds, and the number of wrong responses among them. */
  readonly operations: number;
  readonly wrong: number;
  readonly rate: Spread;
  /** Milliseconds. */
  readonly p50: Spread;
  readonly p99: Spread;
  /** Microseconds of processor time per operation, of the program and of Postgres. */
  readonly cpu: Spread;
  readonly postgresCpu: Spread;
  /** Cores in use by processes that do not belong to the benchmark. */
  readonly otherCores: Spread;
}

interface GoalResult extends Omit<Goal, 'values'> {
  readonly value: Spread;
  /** Whether the median meets the goal; null: it cannot be determined on this machine. */
  readonly reached: boolean | null;
}

/** The results of all rounds of a cell. */
export interface Row {
  readonly cell: string;
  readonly title: string;
  readonly programs: readonly MeasuredProgram[];
  readonly goals: readonly GoalResult[];
}

/** The content of results.json. */
export interface Results {
  readonly machine: ReturnType<typeof describeMachine>;
  readonly options: Options;
  readonly rows: readonly Row[];
}

/** Combines the rounds of a cell, which all contain the same measurements. */
export function rowOf(cell: string, title: string, rounds: readonly Found[]): Row {
  const programs = grouped(
    rounds.flatMap(({ measurements }) => measurements),
    ({ program }) => program,
  );
  const goals = grouped(
    rounds.flatMap((round) => round.goals),
    ({ what }) => what,
  );
  return {
    cell,
    title,
    programs: programs.map((each) => {
      const over = (figure: 'rate' | 'p50' | 'p99' | 'cpu' | 'postgresCpu' | 'otherCores') =>
        spreadOf(each.map((measurement) => measurement[figure]));
      const sum = (figure: 'operations' | 'wrong') =>
        each.reduce((total, measurement) => total + measurement[figure], 0);
      return {
        program: each[0].program,
        operations: sum('operations'),
        wrong: sum('wrong'),
        rate: over('rate'),
        p50: over('p50'),
        p99: over('p99'),
        cpu: over('cpu'),
        postgresCpu: over('postgresCpu'),
        otherCores: over('otherCores'),
      };
    }),
    goals: goals.map((each) => {
      const { values: _, ...goal } = each[0];
      const value = spreadOf(each.flatMap(({ values }) => values));
      return { ...goal, value, reached: goal.undetermined === undefined ? isReached(goal, value) : null };
    }),
  };
}

/** Two tables: measurements and goals. */
export function tableOf({ machine, options, rows }: Results): string {
  const { processor, cores, node, postgres, fastify, commit, date, load } = machine;
  return [
    `${processor}, ${cores} cores; Node ${node}, Postgres ${postgres}, Fastify ${fastify}; commit ${commit}, ${date}; ` +
      `rounds: ${options.rounds}, of ${options.seconds} s after ${options.warmUp} s of warming up; load of the machine before and after: ${load.join(' and ')}.`,
    '',
    'Medians, with the least and the greatest of the rounds in brackets; µs are processor time for each operation. Others: cores that processes outside of the benchmark used meanwhile.',
    '',
    '| cell | program | operations/s | p50, ms | p99, ms | program, µs | Postgres, µs | others |',
    '|---|---|---|---|---|---|---|---|',
    ...rows.flatMap(({ cell, programs }) =>
      programs.map(
        ({ program, wrong, rate, p50, p99, cpu, postgresCpu, otherCores }) =>
          `| ${cell} | ${program}${wrong > 0 ? ` (**${wrong} wrong answers**)` : ''} | ${[rate, p50, p99, cpu, postgresCpu, otherCores].map(printed).join(' | ')} |`,
      ),
    ),
    '',
    '| cell | what | to reach | measured | reached |',
    '|---|---|---|---|---|',
    ...rows.flatMap(({ title, goals }) =>
      goals.map(
        ({ what, most, least, value, reached, undetermined }) =>
          `| ${title} | ${what} | ${bound(most, least)} | ${printed(value)} | ${reached === null ? `not determined: ${undetermined}` : reached ? 'yes' : '**no**'} |`,
      ),
    ),
  ].join('\n');
}

/** The properties of the machine that figures depend on. `load` is the load average of one minute, before and after the run. */
export function describeMachine(postgres: string, loadBefore: number) {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    postgres,
    fastify: versionOf('fastify'),
    commit: commit(),
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    load: [loadBefore, loadOfMachine()],
  };
}

/** The load average of the last minute. */
export function loadOfMachine(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10;
}

function versionOf(name: string): string {
  return JSON.parse(readFileSync(join(packageRoot, 'node_modules', name, 'package.json'), 'utf8')).version;
}

/** The commit, marked if there are uncommitted changes. */
function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: packageRoot, encoding: 'utf8', stdio: 'pipe' });
  try {
    return git('describe', '--always', '--dirty', '--exclude=*', '--abbrev=12').trim();
  } catch {
    return 'unknown';
  }
}

function isReached(
  { most = Number.POSITIVE_INFINITY, least = Number.NEGATIVE_INFINITY }: Omit<Goal, 'values'>,
  { median }: Spread,
) {
  return median <= most && median >= least;
}

function bound(most: number | undefined, least: number | undefined): string {
  return most === undefined ? `at least ${digits(least ?? 0)}` : `at most ${digits(most)}`;
}

function printed({ median, least, greatest }: Spread): string {
  return least === greatest ? digits(median) : `${digits(median)} (${digits(least)} to ${digits(greatest)})`;
}

/** Three significant digits. */
function digits(number: number): string {
  if (Math.abs(number) >= 100) return Math.round(number).toLocaleString('en-US');
  return String(Number(number.toPrecision(3)));
}

/** Groups appear in the order of their first element. */
function grouped<T>(all: readonly T[], keyOf: (each: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const each of all) {
    const group = groups.get(keyOf(each));
    if (group === undefined) groups.set(keyOf(each), [each]);
    else group.push(each);
  }
  return [...groups.values()];
}
