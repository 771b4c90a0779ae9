// As whom Postgres runs: it refuses to run as root.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
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

/** `needed` are paths that Postgres has to reach. */
export function runAs(needed: readonly string[]): RunAs {
  if (process.getuid?.() !== 0) return { prefix: [], ids: {}, owner: undefined };
  const owner = nobody();
  // A clone in a home of mode 0700 is closed to every other user. One capability opens it; what remains has still less
  // power than the root that we are.
  // no_setuid_fixup: access(2), with which initdb looks for its `postgres`, would otherwise judge without capabilities.
  const capability = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup'];
  const prefix = ['setpriv', `--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups', ...capability];
  if (succeeds([...prefix, 'true'])) return { prefix, ids: {}, owner };
  // No setpriv, or a container that has dropped the capability: good enough where nothing is closed.
  const test = needed.map((_path, index) => `test -x "$${index}"`).join(' && ');
  if (succeeds(['/bin/sh', '-c', test, ...needed], owner)) return { prefix: [], ids: owner, owner };
  throw new EmbeddedPostgresError(
    'Postgres refuses to run as root, and another user cannot reach this folder; run as an ordinary user, or set DATABASE_URL',
  );
}

function succeeds([file = '', ...args]: readonly string[], ids: { uid?: number; gid?: number } = {}): boolean {
  return spawnSync(file, args, { ...ids, stdio: 'ignore' }).status === 0;
}

/** The user without rights that every Unix has. */
function nobody(): { uid: number; gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((each) => each.startsWith('nobody:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  // macOS writes -2.
  return { uid: Number(uid ?? 65534) >>> 0, gid: Number(gid ?? 65534) >>> 0 };
}
