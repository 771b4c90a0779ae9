// A cluster with automatic failover: its primary is killed, frozen, cut off or switched over under traffic. FAULTS=full: every fault.
import t, { type Test } from 'tap';
import {
  frozenUnsafe,
  type NodeName,
  type PatroniCluster,
  patroniMissing,
  type Synchronous,
  startPatroni,
} from '../support/patroni.js';
import { figure, isFull, quantile, report, timeout } from './harness/figures.js';
import { answersOf, type Call, type Violation } from './harness/history.js';
import { roundRobin, startInstance } from './harness/service.js';
import { underLoad } from './harness/under-load.js';

/** Causes the fault; resolves when the cluster has a primary again. */
type Fault = (cluster: PatroniCluster, primary: NodeName) => Promise<unknown>;

const FAULTS = {
  switchover: async (cluster, primary) => {
    await cluster.switchover(primary, cluster.other(primary));
    await cluster.untilPrimary(primary);
  },
  'PostgreSQL killed': async (cluster, primary) => {
    await cluster.killPostgres(primary);
    await cluster.untilPrimary();
  },
  'machine killed': async (cluster, primary) => {
    await cluster.killNode(primary);
    await cluster.untilPrimary(primary);
  },
  'machine frozen, and back': async (cluster, primary) => {
    await cluster.freeze(primary);
    await cluster.untilPrimary(primary);
    await cluster.thaw(primary);
  },
  'machine cut off, and back': async (cluster, primary) => {
    await cluster.isolate(primary);
    await cluster.untilPrimary(primary);
    await cluster.mend(primary);
  },
  'machine cut off from the cluster, not from the service': async (cluster, primary) => {
    await cluster.cutFromCluster(primary);
    await cluster.untilPrimary(primary);
    await cluster.mend(primary);
  },
  'standby killed': async (cluster, primary) => {
    const standby = cluster.other(primary);
    await cluster.killNode(standby);
    await cluster.untilAlone(primary);
    cluster.startNode(standby);
  },
  'standby cut off, and back': async (cluster, primary) => {
    const standby = cluster.other(primary);
    await cluster.isolate(standby);
    await cluster.untilAlone(primary);
    await cluster.mend(standby);
  },
  'etcd frozen, and back': (cluster, primary) => cluster.loseEtcd(primary),
} satisfies Record<string, Fault>;

type Name = keyof typeof FAULTS;
/** Those with a new primary. */
const FAILOVERS: readonly Name[] = [
  'switchover',
  'machine killed',
  'machine frozen, and back',
  'machine cut off, and back',
  'machine cut off from the cluster, not from the service',
];
/**
 * What callers see of a lost commit: an account or a password, a session or its successor, a logout that is undone; and, if many accounts
 * were lost, a new one with the id of a lost one (docs/reliability.md).
 */
const CAN_BE_LOST = ['I1', 'I2', 'I4', 'I5', 'I6', 'I7'];
const unlessFull = isFull ? false : 'takes minutes: FAULTS=full';

/** Runs the faults one after the other on one cluster; `judge` gets the broken invariants of each. */
async function runFaults(
  t: Test,
  synchronous: Synchronous,
  names: readonly Name[],
  judge?: (t: Test, name: Name, violations: readonly Violation[]) => void,
): Promise<void> {
  const cluster = await startPatroni(t, synchronous);
  const one = await startInstance(t, cluster.url);
  const two = await startInstance(t, cluster.url);
  for (const name of names) {
    await t.test(name, { skip: name === 'machine frozen, and back' && frozenUnsafe() }, async (t) => {
      let primary = await cluster.untilComplete();
      let begun = 0;
      const fault = `patroni, synchronous ${synchronous}: ${name}`;
      await underLoad(t, {
        fault,
        target: roundRobin([() => one, () => two]),
        databaseUrl: () => cluster.urlOf(primary),
        rounds: 1,
        inject: async () => {
          begun = performance.now();
          await FAULTS[name](cluster, primary);
          t.comment(`a primary after ${Math.round(performance.now() - begun)} ms`);
          if (name === 'machine killed') cluster.startNode(primary);
          primary = await cluster.untilComplete();
          t.comment(`complete after ${Math.round(performance.now() - begun)} ms`);
        },
        ...(judge && { judge: (violations) => judge(t, name, violations) }),
        afterwards: (calls) => report(t, fault, outage(calls, begun)),
      });
    });
  }
  for (const { child } of [one, two]) t.equal(child.exitCode, null, 'the service is the same process');
}

/** What callers saw since the fault: for how long no change was acknowledged, and which answers they got instead. */
function outage(calls: readonly Call[], begun: number) {
  const later = calls.filter(({ ended }) => ended > begun);
  const changes = later.filter(({ operation, outcome }) => operation !== 'me' && outcome === 'acknowledged');
  const gaps = changes.map(({ ended }, index) => ended - (changes[index - 1]?.ended ?? begun));
  const failed = later.filter(({ outcome }) => outcome === 'unknown');
  const duration = ({ begun, ended }: Call) => ended - begun;
  return {
    'no change acknowledged for': Math.round(Math.max(...gaps)),
    'errors until': Math.round(Math.max(0, ...failed.map(({ ended }) => ended - begun))),
    errors: answersOf({ calls: failed }),
    calls: later.length,
    'p99 of an error': quantile(failed.map(duration), 0.99),
  };
}

t.test('with synchronous replication nothing acknowledged is lost', { skip: patroniMissing, timeout }, (t) =>
  runFaults(t, 'on', figure(['switchover', 'machine killed'], Object.keys(FAULTS)) as Name[]),
);

t.test('nor if commits wait for a standby that is gone', { skip: patroniMissing || unlessFull, timeout }, (t) =>
  runFaults(t, 'strict', FAILOVERS),
);

t.test('with asynchronous replication the loss is counted', { skip: patroniMissing || unlessFull, timeout }, (t) =>
  runFaults(t, 'off', FAILOVERS, (t, name, violations) => {
    const lost: Record<string, number> = {};
    for (const { invariant } of violations) lost[invariant] = (lost[invariant] ?? 0) + 1;
    report(t, `patroni, synchronous off: ${name}: lost`, lost);
    const others = violations.filter(({ invariant }) => !CAN_BE_LOST.includes(invariant));
    t.strictSame(others, [], 'nothing else is wrong');
    if (name === 'switchover') t.strictSame(lost, {}, 'a planned change of the primary loses nothing');
  }),
);
