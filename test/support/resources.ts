// The resources of a process, from /proc.
import { readdirSync, readFileSync } from 'node:fs';

/** Whether /proc is available. */
export const hasProcfs = process.platform === 'linux';

/** The resident memory of a process. */
export function residentMib(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

/** The number of files and connections that a process has open. */
export function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
