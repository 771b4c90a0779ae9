// As whom Postgres runs: it refuses to run as root.
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { EmbeddedPostgresError } from './error.js';

/** How to start a program of Postgres, and who owns its files. */
export interface RunAs {
  /** What stands before the program on the command line. */
  readonly prefix: readonly string[];
  /** For `spawn`. */
  readonly ids: { readonly uid?: number; readonly gid?: number };
  /** Undefined: whoever runs us. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
}

const CAP_DAC_OVERRIDE = 1n << 1n;

/** For programs in the folder of `program`, on files in `dataDir`. Throws EmbeddedPostgresError. */
export function runAs(program: string, dataDir: string): RunAs {
  if (process.getuid?.() !== 0) return { prefix: [], ids: {}, owner: undefined };
  const owner = nobody();
  // A clone in a home of mode 0700 is closed to every other user. One capability opens it; what remains has still less
  // power than the root that we are.
  // no_setuid_fixup: access(2), with which initdb looks for its `postgres`, would otherwise judge without capabilities.
  const capability = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup'];
  const prefix = ['setpriv', `--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups', ...capability];
  if (succeeds([...prefix, 'true'])) return { prefix, ids: {}, owner };
  // No setpriv, or the capability may not be handed on: good enough where nothing is closed.
  if (readsAllFiles() && reaches(program, dataDir, owner)) return { prefix: [], ids: owner, owner };
  throw new EmbeddedPostgresError(
    'Postgres refuses to run as root, and here it cannot run as another user; run as an ordinary user, or set DATABASE_URL',
  );
}

/** A container may have taken the right to read everything from root; then we could not read Postgres's files. */
function readsAllFiles(): boolean {
  if (process.platform !== 'linux') return true;
  const [, effective = '0'] = /^CapEff:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return (BigInt(`0x${effective}`) & CAP_DAC_OVERRIDE) !== 0n;
}

/** Lets others pass through the data folder, not look into it: the secrets in it have a mode of their own. */
function reaches(program: string, dataDir: string, owner: { uid: number; gid: number }): boolean {
  chmodSync(dataDir, (statSync(dataDir).mode & 0o777) | 0o011);
  return succeeds(['/bin/sh', '-c', 'test -x "$0" && test -x "$1"', program, dataDir], owner);
}

function succeeds([file = '', ...args]: readonly string[], ids: { uid?: number; gid?: number } = {}): boolean {
  return spawnSync(file, args, { ...ids, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** The user without rights that every Unix has. */
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
