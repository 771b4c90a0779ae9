// Runs a Postgres program that ends together with this process, even after kill -9, which runs no exit handler.
import { type ChildProcess, type IOType, spawn } from 'node:child_process';
import type { RunAs } from './run-as.js';

/** Shell code that ends the program when our end of its pipe closes. */
const ENDINGS = {
  // A fast shutdown. It is repeated, because a server that is just starting ignores it (in POSIX shells, background jobs ignore SIGINT).
  stop: 'for again in 1 2 3 4 5; do kill -INT $program || break; sleep 1; done',
  // The whole process group, because initdb has children.
  kill: 'kill -KILL 0',
};

/**
 * Starts a command that is ended, in the way that `ending` selects, when the `stdin` of the returned child is closed, and therefore
 * when this process ends. The child is the supervisor; its exit code is that of the program, or 126 or 127 if the program cannot run.
 */
export function supervise(
  command: readonly string[],
  ending: keyof typeof ENDINGS,
  user: RunAs,
  output: readonly [stdout: IOType | number, stderr: IOType | number],
): ChildProcess {
  const [file = '', ...args] = [...user.prefix, '/bin/sh', '-c', script(ENDINGS[ending]), 'sh', ...command];
  const { PATH, LD_LIBRARY_PATH } = process.env;
  // In a separate session, so that Ctrl-C in the terminal reaches this process only, which stops Postgres last.
  return spawn(file, args, {
    ...user.ids,
    cwd: '/',
    detached: true,
    // Secrets are not passed on. We parse the messages of Postgres, so they must be in English.
    env: { PATH, LD_LIBRARY_PATH, LC_ALL: 'C' },
    stdio: ['pipe', ...output],
  });
}

/** Descriptor 3 is the pipe, which only the watcher reads, because a background job has no standard input of its own. */
function script(ending: string): string {
  return `
exec 3<&0 </dev/null
"$@" 3<&- &
program=$!
{ read -r _ <&3; ${ending}; } >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait $program
status=$?
kill $watcher 2>/dev/null
exit $status
`;
}
