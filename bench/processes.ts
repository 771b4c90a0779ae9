// Reads the processor time and memory of processes from /proc (Linux).
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second in /proc/<pid>/stat: the same on every Linux, whatever the kernel's timer frequency is. */
const TICKS = 100;
/** Field positions in /proc/<pid>/stat after the name (proc(5)). */
const PARENT = 1;
const TIMES = [11, 12, 13, 14];

/** Processor time of a process and its descendants in seconds, including those that have ended and were waited for. */
export function processorSeconds(pid: number): number {
  return treeOf(pid).reduce((sum, each) => sum + ownSeconds(each), 0);
}

/** Processor time of all cores since the machine was started, in seconds. */
export function machineSeconds(): number {
  // user, nice, system, idle, iowait, irq, softirq (proc(5)); the time of guests is part of user.
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = readFileSync('/proc/stat', 'utf8')
    .slice('cpu '.length)
    .trim()
    .split(' ')
    .map(Number);
  return (user + nice + system + irq + softirq) / TICKS;
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

/** Processor time of a process without its descendants, in seconds; of children that have ended, if they were waited for. */
export function ownSeconds(pid: number): number {
  const stat = unlessEnded([], () => statOf(pid));
  return TIMES.reduce((sum, place) => sum + Number(stat[place] ?? 0), 0) / TICKS;
}

/** The name may contain spaces and parentheses. */
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
