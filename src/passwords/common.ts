// The most common passwords, as leaks have shown them, the most common one first.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Shorter ones are refused by any PASSWORD_MIN_LENGTH. */
const MIN_LENGTH = 8;

let ranks: ReadonlyMap<string, number> | undefined;

/**
 * How common a password is: 1 for the most common of 49,233; undefined for one that is not among them. `text` is in lower case.
 * The list is loaded by the first call, which takes about 0.1 s, and then stays in memory.
 */
export function commonRank(text: string): number | undefined {
  ranks ??= load();
  return ranks.get(text);
}

/** Whether a password is on the list as it stands, in any letter case. */
export function isCommonPassword(password: string): boolean {
  const text = password.normalize('NFC').toLowerCase();
  return text.length >= MIN_LENGTH && commonRank(text) !== undefined;
}

function load(): ReadonlyMap<string, number> {
  const { dictionary } = require('@zxcvbn-ts/language-common') as typeof import('@zxcvbn-ts/language-common');
  return new Map(dictionary['passwords-common'].map((word, index) => [word, index + 1]));
}
