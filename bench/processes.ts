// What processes have cost, as the kernel tells it: Linux, by /proc.
import { readdirSync, readFileSync } from 'node:fs';

/** Units of /proc/<pid>/stat in a second: the same on every Linux, whatever the kernel's own clock is. */
const TICKS = 100;
/** Places in /proc/<pid>/stat, counted from behind the name (proc(5)). */
const PARENT = 1;
const TIMES = [11, 12, 13, 14];

/** Seconds of processor time that a process and all below it have used, those included that have ended and were awaited. */
export function processorSeconds(pid: number): number {
  return treeOf(pid).reduce((sum, each) => sum + ownSeconds(each), 0);
}

/** The parent of a process. */
export function parentOf(pid: number): number {
  return Number(statOf(pid)[PARENT]);
}

function treeOf(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(treeOf)];
}

function childrenOf(pid: number): number[] {
  return unlessEnded([], () =>
    readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    ),
  );
}

function ownSeconds(pid: number): number {
  const stat = unlessEnded([], () => statOf(pid));
  return TIMES.reduce((sum, place) => sum + Number(stat[place] ?? 0), 0) / TICKS;
}

/** A name may hold spaces and parentheses. */
function statOf(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function unlessEnded<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return otherwise;
    throw error;
  }
}
