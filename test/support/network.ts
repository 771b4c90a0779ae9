// A network of machines that a test can partition: Linux network namespaces on a bridge, whose host is the machine that runs the test.
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { Test } from 'tap';

const run = promisify(execFile);

/** An address of no machine: what is sent to it is lost, without an error. */
const NOWHERE = '02:00:00:00:00:01';

/** Why this machine has no network namespaces; false if it has. */
export const namespacesMissing: string | false = probe();

function probe(): string | false {
  const name = `latchkey-probe-${process.pid}`;
  try {
    execFileSync('ip', ['netns', 'add', name], { stdio: 'ignore' });
    execFileSync('ip', ['netns', 'delete', name], { stdio: 'ignore' });
    return false;
  } catch {
    return 'network namespaces need root and iproute2';
  }
}

/** A machine in the network. */
export interface Machine {
  readonly name: string;
  readonly address: string;
  /** The command line that runs a program on this machine, as a user of it. */
  command(program: string, ...args: readonly string[]): [string, ...string[]];
  /** Sends a signal to every process on this machine. */
  signal(name: NodeJS.Signals): Promise<void>;
}

/** Connects `names` with each other and with the host; removed, with all that runs there, when the test ends. */
export async function startNetwork<Name extends string>(t: Pick<Test, 'teardown'>, names: readonly Name[]) {
  const id = process.pid % 256;
  const bridge = `lk${id}`;
  // 198.18.0.0/15 is reserved for tests of networks (RFC 2544).
  const addressOf = (index: number) => `198.18.${id}.${index}`;
  const host = addressOf(1);
  const namespaces = new Map<string, string>();
  const machines = {} as Record<Name, Machine>;

  t.teardown(async () => {
    for (const namespace of namespaces.values()) {
      await signalAll(namespace, 'SIGKILL');
      await run('ip', ['netns', 'delete', namespace]).catch(() => {});
    }
    await run('ip', ['link', 'delete', bridge]).catch(() => {});
  });
  await run('ip', ['link', 'add', bridge, 'type', 'bridge']);
  await run('ip', ['address', 'add', `${host}/24`, 'dev', bridge]);
  await run('ip', ['link', 'set', bridge, 'up']);
  for (const [index, name] of names.entries()) machines[name] = await add(name, index + 11);

  async function add(name: string, index: number): Promise<Machine> {
    const namespace = `${bridge}-${name}`;
    const address = addressOf(index);
    const inside = ['-n', namespace];
    await run('ip', ['netns', 'add', namespace]);
    namespaces.set(address, namespace);
    await run('ip', ['link', 'add', `${bridge}-${index}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace]);
    await run('ip', ['link', 'set', `${bridge}-${index}`, 'master', bridge, 'up']);
    await run('ip', [...inside, 'address', 'add', `${address}/24`, 'dev', 'eth0']);
    await run('ip', [...inside, 'link', 'set', 'eth0', 'up']);
    await run('ip', [...inside, 'link', 'set', 'lo', 'up']);
    return {
      name,
      address,
      command: (program, ...args) => ['ip', 'netns', 'exec', namespace, program, ...args],
      signal: (signal) => signalAll(namespace, signal),
    };
  }

  /** Changes how each of two addresses reaches the other. */
  async function neighbors(one: string, other: string, change: (to: string) => readonly string[]): Promise<void> {
    for (const [at, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const namespace = namespaces.get(at);
      const [where, device] = namespace === undefined ? [[], bridge] : [['-n', namespace], 'eth0'];
      await run('ip', [...where, 'neighbor', ...change(to), 'dev', device]);
    }
  }

  return {
    host,
    machines,
    /** From now on, what two addresses send to each other is lost. */
    cut: (one: string, other: string) =>
      neighbors(one, other, (to) => ['replace', to, 'lladdr', NOWHERE, 'nud', 'permanent']),
    /** They reach each other again: their real addresses are looked up. Does nothing if they were not cut. */
    mend: (one: string, other: string) => neighbors(one, other, (to) => ['flush', 'to', to, 'nud', 'permanent']),
  };
}

async function signalAll(namespace: string, name: NodeJS.Signals): Promise<void> {
  // Again, until no process is left that was started meanwhile.
  const signalled = new Set<string>();
  for (;;) {
    const { stdout } = await run('ip', ['netns', 'pids', namespace]).catch(() => ({ stdout: '' }));
    const found = stdout.split('\n').filter((pid) => pid !== '' && !signalled.has(pid));
    if (found.length === 0) return;
    for (const pid of found) {
      signalled.add(pid);
      try {
        process.kill(Number(pid), name);
      } catch {
        // The process has already ended.
      }
    }
  }
}
