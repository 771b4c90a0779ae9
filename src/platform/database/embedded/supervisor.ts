// Runs a program of Postgres so that it ends when we do, however we do: kill -9 runs no exit handler.
import { type ChildProcess, type IOType, spawn } from 'node:child_process';
import type { RunAs } from './run-as.js';

/** What happens to the program when our end of its pipe closes. */
const ENDINGS = {
  // A fast shutdown. Again, because a server that is just starting ignores it (POSIX has a shell's background jobs ignore SIGINT).
  stop: 'for again in 1 2 3 4 5; do kill -INT $program || break; sleep 1; done',
  // The whole group: initdb has children of its own.
  kill: 'kill -KILL 0',
};

/**
 * Starts a command that ends as `ending` says when the returned child's `stdin` is closed, and so when our process dies.
 * The child is the supervisor; its exit code is the program's, or 126 or 127 when that could not be run.
 */
export function supervise(
  command: readonly string[],
  ending: keyof typeof ENDINGS,
  user: RunAs,
  output: readonly [stdout: IOType | number, stderr: IOType | number],
): ChildProcess {
  const [file = '', ...args] = [...user.prefix, '/bin/sh', '-c', script(ENDINGS[ending]), 'sh', ...command];
  const { PATH, LD_LIBRARY_PATH } = process.env;
  // In a session of its own: the terminal's Ctrl-C is for us, and Postgres goes last.
  return spawn(file, args, {
    ...user.ids,
    cwd: '/',
    detached: true,
    // Our secrets are none of its business. Its messages are read by us: in English.
    env: { PATH, LD_LIBRARY_PATH, LC_ALL: 'C' },
    stdio: ['pipe', ...output],
  });
}

/** Descriptor 3 is the pipe, for the watcher alone: a background job has no standard input of its own. */
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
