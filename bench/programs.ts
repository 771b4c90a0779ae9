// Starts the measured programs, each in a new process, and the load generator.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { freePort, httpClient, startCommand } from '../test/support/service.js';
import { SECRET, type Server } from './database.js';
import type { LoadTask } from './load/load.js';
import { machineSeconds, ownSeconds, processorSeconds } from './processes.js';
import type { FromChild, Outcome, Ready, Timing, ToChild } from './protocol.js';

/** A running server. */
export interface Program {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** The outcome and its cost, in microseconds of processor time per operation. */
export interface Measurement extends Outcome {
  readonly program: string;
  readonly rate: number;
  readonly cpu: number;
  readonly postgresCpu: number;
  /** The cores that processes used meanwhile which do not belong to the benchmark, on average. */
  readonly otherCores: number;
}

const START_MILLISECONDS = 30_000;
const POLL_MILLISECONDS = 2;

/** Limits by address are off, because the whole load comes from one address. All other settings have their defaults. */
const ENVIRONMENT = { SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '0', SETTING_REGISTRATIONS_PER_HOUR: '0' };

/**
 * Starts the compiled `latchkey serve`. `milliseconds` is the time from the start of the process to the first 200 of /readyz; `profile`
 * is the folder for a CPU profile.
 */
export async function startLatchkey(databaseUrl: string, env: Record<string, string> = {}, profile?: string) {
  const port = await freePort();
  const begun = performance.now();
  const environment = {
    DATABASE_URL: databaseUrl,
    AUTH_SECRET: SECRET,
    HOST: '127.0.0.1',
    PORT: String(port),
    // As in the image.
    NODE_OPTIONS: '--max-semi-space-size=4',
    ...ENVIRONMENT,
    ...env,
  };
  const { child, ended, stdout, stderr } = startCommand(['serve'], environment, '', profiling(profile));
  const client = httpClient(port);
  while ((await client.status('/readyz')) !== 200) {
    if (child.exitCode !== null || performance.now() - begun > START_MILLISECONDS) {
      child.kill('SIGKILL');
      throw new Error(`the service is not ready: ${stderr()}${stdout()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
  const milliseconds = performance.now() - begun;
  return {
    port,
    pid: pidOf(child),
    client,
    milliseconds,
    stop: async () => {
      // The same signal as Ctrl-C, which skips the drain time for load balancers.
      child.kill('SIGINT');
      await ended;
    },
  };
}

export type Latchkey = Awaited<ReturnType<typeof startLatchkey>>;

/** Shell code that inserts profiling options, which NODE_OPTIONS does not accept, into a node command. */
function profiling(folder: string | undefined): string | undefined {
  if (folder === undefined) return undefined;
  // The command is `env NODE_OPTIONS=… node …`.
  return `environment=$2 node=$3; shift 3; set -- env "$environment" "$node" --cpu-prof --cpu-prof-dir='${folder}' "$@"`;
}

/** Starts the reference `hello`. */
export async function startHello(): Promise<Program> {
  const child = start('references/hello.js');
  const { port } = (await nextMessage(child)) as Ready;
  return { port, pid: pidOf(child), stop: () => stop(child) };
}

/** Measures a reference that generates its own load. Its cost is the processor time of its process. */
export function measureLoop<Task extends Timing>(server: Server, reference: string, task: Task): Promise<Measurement> {
  return measure(server, reference, `references/${reference}.js`, task);
}

/** Measures a server under load from another process. */
export function measureLoad(server: Server, name: string, program: Program, task: Omit<LoadTask, 'port'>) {
  return measure<LoadTask>(server, name, 'load/load.js', { ...task, port: program.port }, program.pid);
}

async function measure<Task extends Timing>(
  server: Server,
  program: string,
  script: string,
  task: Task,
  pid?: number,
): Promise<Measurement> {
  const child = start(script);
  try {
    send(child, { task });
    await nextMessage(child);
    const clock = () => ({
      own: processorSeconds(pid ?? pidOf(child)),
      nodes: server.pids.map(processorSeconds),
      // This process with the load generator, which may be the measured program.
      load: ownSeconds(process.pid) + (pid === undefined ? 0 : processorSeconds(pidOf(child))),
      machine: machineSeconds(),
      at: performance.now() / 1000,
    });
    const before = clock();
    send(child, 'go');
    const { outcome } = (await nextMessage(child)) as { outcome: Outcome };
    const after = clock();
    if (outcome.operations === 0) throw new Error(`${program}: nothing was answered`);
    const micros = (seconds: number) => (seconds * 1e6) / outcome.operations;
    const used = (what: 'own' | 'load' | 'machine') => after[what] - before[what];
    const byNode = after.nodes.map((seconds, i) => seconds - (before.nodes[i] ?? 0));
    const postgres = byNode.reduce((sum, seconds) => sum + seconds, 0);
    if (byNode.length > 1) {
      const each = byNode.map((seconds) => Math.round(micros(seconds)));
      process.stderr.write(`  ${program}: Postgres, µs, coordinator and workers: ${each.join(', ')}\n`);
    }
    const others = used('machine') - used('own') - postgres - used('load');
    return {
      ...outcome,
      program,
      rate: outcome.operations / outcome.seconds,
      cpu: micros(after.own - before.own),
      postgresCpu: micros(postgres),
      otherCores: Math.max(0, others / (after.at - before.at)),
    };
  } finally {
    await stop(child);
  }
}

function start(script: string): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  // Node's default is four threads; the reference uses all cores.
  const threads = String(Math.max(4, availableParallelism()));
  return fork(join(import.meta.dirname, script), { env: { PATH, HOME, UV_THREADPOOL_SIZE: threads } });
}

function send(child: ChildProcess, message: ToChild<object>): void {
  child.send(message);
}

/** Rejects if the process ends first. */
async function nextMessage(child: ChildProcess): Promise<FromChild> {
  const ended = new AbortController();
  const onExit = () => ended.abort();
  child.once('exit', onExit);
  try {
    const [message] = await once(child, 'message', { signal: ended.signal });
    return message;
  } catch {
    throw new Error(`${child.spawnfile} ${child.spawnargs.join(' ')} ended with ${child.exitCode}`);
  } finally {
    child.off('exit', onExit);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

export function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('the process did not start');
  return pid;
}
