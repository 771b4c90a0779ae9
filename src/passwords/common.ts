// The most common passwords, as leaks have shown them.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Shorter ones are refused by any PASSWORD_MIN_LENGTH. */
const LEAST = 8;

let known: ReadonlySet<string> | undefined;

/**
 * Whether a password is among 17,950 that most people would try first, whatever its letter case. The list is read when it is
 * first asked for, which takes 0.1 s once, and then stays in memory (about 1.5 MB).
 */
export function isCommonPassword(password: string): boolean {
  known ??= read();
  return known.has(password.normalize('NFC').toLowerCase());
}

function read(): ReadonlySet<string> {
  const { dictionary } = require('@zxcvbn-ts/language-common') as typeof import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].filter((each) => each.length >= LEAST));
}
