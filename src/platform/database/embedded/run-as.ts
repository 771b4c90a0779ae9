// Selects the user that Postgres runs as, because it refuses to run as root.
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { EmbeddedPostgresError } from './error.js';

/** How to start a Postgres program, and which user owns its files. */
export interface RunAs {
  /** Precedes the program on the command line. */
  readonly prefix: readonly string[];
  /** For `spawn`. */
  readonly ids: { readonly uid?: number; readonly gid?: number };
  /** Undefined: the user of this process. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
}

const CAP_DAC_OVERRIDE = 1n << 1n;

/** Determines how to run the programs in the folder of `program` on files in `dataDir`. Throws EmbeddedPostgresError. */
export function runAs(program: string, dataDir: string): RunAs {
  if (process.getuid?.() !== 0) return { prefix: [], ids: {}, owner: undefined };
  const owner = nobody();
  // A clone in a home directory with mode 0700 is inaccessible to other users. One capability gives access, and is still far less
  // than the root privileges of this process.
  // no_setuid_fixup: otherwise access(2), with which initdb finds `postgres`, would ignore capabilities.
  const capability = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup'];
  const prefix = ['setpriv', `--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups', ...capability];
  if (succeeds([...prefix, 'true'])) return { prefix, ids: {}, owner };
  // Without setpriv or the capability, changing the user is enough if all folders are accessible.
  if (canReadAllFiles() && canAccess(program, dataDir, owner)) return { prefix: [], ids: owner, owner };
  throw new EmbeddedPostgresError(
    'Postgres refuses to run as root, and cannot be run as another user on this system; run as an ordinary user, or set DATABASE_URL',
  );
}

/** In a container, root may lack the capability to read all files; it could then not read those of Postgres. */
function canReadAllFiles(): boolean {
  if (process.platform !== 'linux') return true;
  const [, effective = '0'] = /^CapEff:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return (BigInt(`0x${effective}`) & CAP_DAC_OVERRIDE) !== 0n;
}

/** Lets other users traverse the data folder but not list it. Secrets in it are protected by their own mode. */
function canAccess(program: string, dataDir: string, owner: { uid: number; gid: number }): boolean {
  chmodSync(dataDir, (statSync(dataDir).mode & 0o777) | 0o011);
  return succeeds(['/bin/sh', '-c', 'test -x "$0" && test -x "$1"', program, dataDir], owner);
}

function succeeds([file = '', ...args]: readonly string[], ids: { uid?: number; gid?: number } = {}): boolean {
  return spawnSync(file, args, { ...ids, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** The unprivileged user that every Unix has. */
function nobody(): { uid: number; gid: number } {
  const line = users()
    .split('\n')
    .find((each) => each.startsWith('nobody:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  // macOS writes -2.
  return { uid: Number(uid ?? 65534) >>> 0, gid: Number(gid ?? 65534) >>> 0 };
}

function users(): string {
  try {
    return readFileSync('/etc/passwd', 'utf8');
  } catch {
    return '';
  }
}
