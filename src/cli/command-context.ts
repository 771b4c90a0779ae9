// What a command uses of its process. Tests run several commands at once in their own process, each with a context of its own.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Readable, Writable } from 'node:stream';
import { loadEnvironment } from '#platform/config/environment.js';

/** Standard streams, environment variables and the exit code. */
export interface CommandContext {
  readonly environment: () => NodeJS.ProcessEnv;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /** Set by a command that has done its work and reports a problem. */
  exitCode: number;
  /** The service runs, and continues to run without its standard output. */
  isService: boolean;
  /** The first error of standard output. Node.js does not keep the error of a standard stream after emitting it. */
  outputError: NodeJS.ErrnoException | undefined;
}

/** Signals that end a command whose work must not be left half done: Ctrl-C, a supervisor, and a terminal that was closed. */
export const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const contexts = new AsyncLocalStorage<CommandContext>();
let contextOfProcess: CommandContext | undefined;

type Process = Pick<CommandContext, 'environment' | 'stdin' | 'stdout' | 'stderr'>;

/** The context of the process, for a process that runs a single command. */
export function processContext(): CommandContext {
  contextOfProcess ??= newContext({
    environment: loadEnvironment,
    // Opened only by a command that reads it.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
  });
  return contextOfProcess;
}

/** A failed write must not end the process in the middle of its work. Whether there was one is known at the end. */
export function newContext(used: Process): CommandContext {
  const context: CommandContext = Object.assign(Object.create(used) as Process, {
    exitCode: 0,
    isService: false,
    outputError: undefined,
  });
  used.stdout.on('error', (error) => {
    context.outputError ??= error;
  });
  used.stderr.on('error', () => {});
  return context;
}

/** The context of the command that is running. */
export function commandContext(): CommandContext {
  const context = contexts.getStore() ?? contextOfProcess;
  if (context === undefined) throw new Error('no command is running');
  return context;
}

/**
 * Runs a command in a context. That of the process needs no AsyncLocalStorage: its first use makes Node track every promise, timer and tick
 * of the process, which costs each request of the service more than a third of its time.
 */
export function runInContext<T>(context: CommandContext, run: () => Promise<T>): Promise<T> {
  return context === contextOfProcess ? run() : contexts.run(context, run);
}
