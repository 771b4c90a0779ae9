// The most common passwords found in leaks, ordered by frequency.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Shorter passwords are refused by every possible PASSWORD_MIN_LENGTH. */
const MIN_LENGTH = 8;

let ranks: ReadonlyMap<string, number> | undefined;

/**
 * The rank of a password among the 49,233 most common ones, where 1 is the most common; undefined if it is not one of them. `text` must be
 * in lower case. The first call loads the list, which takes about 0.1 s; it then stays in memory.
 */
export function commonRank(text: string): number | undefined {
  ranks ??= load();
  return ranks.get(text);
}

/** Whether a password is on the list, in any letter case. */
export function isCommonPassword(password: string): boolean {
  const text = password.normalize('NFC').toLowerCase();
  return text.length >= MIN_LENGTH && commonRank(text) !== undefined;
}

function load(): ReadonlyMap<string, number> {
  const { dictionary } = require('@zxcvbn-ts/language-common') as typeof import('@zxcvbn-ts/language-common');
  return new Map(dictionary['passwords-common'].map((word, index) => [word, index + 1]));
}
