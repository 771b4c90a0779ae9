// The programs that are measured, each a fresh process, and the process that the load comes from.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { freePort, httpClient, startCommand } from '../test/support/service.js';
import { SECRET, type Server } from './database.js';
import type { LoadTask } from './load/load.js';
import { processorSeconds } from './processes.js';
import type { FromChild, Outcome, Ready, Timing, ToChild } from './protocol.js';

/** A server that answers. */
export interface Program {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** What came out, and what it cost: microseconds of processor time for each operation. */
export interface Measurement extends Outcome {
  readonly program: string;
  readonly rate: number;
  readonly cpu: number;
  readonly postgresCpu: number;
}

const START_MILLISECONDS = 30_000;
const POLL_MILLISECONDS = 2;

/** What would count the one address that all of the load comes from is off; everything else is as it comes. */
const ENVIRONMENT = { SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '0', SETTING_REGISTRATIONS_PER_HOUR: '0' };

/**
 * `latchkey serve` as it was compiled. `milliseconds`: from the start of the process to the first 200 of /readyz. `profile`: the
 * folder in which it leaves a CPU profile.
 */
export async function startLatchkey(databaseUrl: string, env: Record<string, string> = {}, profile?: string) {
  const port = await freePort();
  const begun = performance.now();
  const environment = {
    DATABASE_URL: databaseUrl,
    AUTH_SECRET: SECRET,
    HOST: '127.0.0.1',
    PORT: String(port),
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
      // As Ctrl-C at a terminal: without the pause in which a platform takes the traffic away.
      child.kill('SIGINT');
      await ended;
    },
  };
}

export type Latchkey = Awaited<ReturnType<typeof startLatchkey>>;

/** A line of shell that puts the options of node before the rest of its command; NODE_OPTIONS takes none of these. */
function profiling(folder: string | undefined): string | undefined {
  if (folder === undefined) return undefined;
  return `node=$1; shift; set -- "$node" --cpu-prof --cpu-prof-dir='${folder}' "$@"`;
}

/** The reference `hello`. */
export async function startHello(): Promise<Program> {
  const child = start('references/hello.js');
  const { port } = (await nextMessage(child)) as Ready;
  return { port, pid: pidOf(child), stop: () => stop(child) };
}

/** Measures a reference that is its own load: its processor time is that of its process. */
export function measureLoop<Task extends Timing>(server: Server, reference: string, task: Task): Promise<Measurement> {
  return measure(server, reference, `references/${reference}.js`, task);
}

/** Measures a server under a load that comes from another process. */
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
    const clock = () => ({ own: processorSeconds(pid ?? pidOf(child)), postgres: processorSeconds(server.pid) });
    const before = clock();
    send(child, 'go');
    const { outcome } = (await nextMessage(child)) as { outcome: Outcome };
    const after = clock();
    if (outcome.operations === 0) throw new Error(`${program}: nothing was answered`);
    const micros = (seconds: number) => (seconds * 1e6) / outcome.operations;
    return {
      ...outcome,
      program,
      rate: outcome.operations / outcome.seconds,
      cpu: micros(after.own - before.own),
      postgresCpu: micros(after.postgres - before.postgres),
    };
  } finally {
    await stop(child);
  }
}

function start(script: string): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  // Node has four threads for hashing: on more cores the reference takes them all.
  const threads = String(Math.max(4, availableParallelism()));
  return fork(join(import.meta.dirname, script), { env: { PATH, HOME, UV_THREADPOOL_SIZE: threads } });
}

function send(child: ChildProcess, message: ToChild<object>): void {
  child.send(message);
}

/** Rejects when the process ends instead. */
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

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('the process did not start');
  return pid;
}
