// What a process holds, as the kernel tells it.
import { readdirSync, readFileSync } from 'node:fs';

/** Whether the kernel tells: Linux does. */
export const tellsResources = process.platform === 'linux';

/** Memory of a process, MiB. */
export function residentMib(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

/** How many files and connections a process has open. */
export function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
