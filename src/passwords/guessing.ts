// Estimates how many guesses a password withstands when an attacker tries common passwords, their usual variants, and words of the account.
//
// zxcvbn is not used: crafted input of 64 characters blocks its event loop for up to 0.5 s, and it rates a name with a year as highly as
// eight random letters. This estimate is linear in the length of the password: 0.2 ms, and 4 ms for the worst input found.
import { commonRank } from './common.js';

/** What an attacker knows of the account and the service. */
export interface PasswordContext {
  readonly email?: string | undefined;
  readonly username?: string | undefined;
  /** Host names and words. */
  readonly service?: readonly string[] | undefined;
}

/** `guesses` is a power of ten. `usesContext`: whether the cheapest way to guess the password uses a word of the context. */
interface Guess {
  readonly guesses: number;
  readonly usesContext: boolean;
}

/**
 * A password that withstands fewer than 10^6.5 guesses is refused. A dictionary word with a year and two signs withstands fewer, eight
 * random letters more.
 */
const MIN_GUESSES = 6.5;

/** Of a longer password only the beginning is rated, after repetitions are removed. */
const MAX_RATED = 64;
const MAX_WORD = 24;
const MIN_WORD = 3;
/** Bounded because the context is user input. */
const MAX_CONTEXT_WORDS = 64;

/** The factor in guesses, as a power of ten, for one more character that is not part of a known word or pattern. */
const COST = { digit: 1, lower: 1.4, sign: 1.1, other: 2 };
/** For a capital first letter, all capitals, or digits and signs in place of letters: attackers try these first. */
const VARIANT = 0.3;
/** For each part of a password, since the order of the parts has to be guessed too. */
const PART = 0.3;
const KNOWN_WORD = 0.5;
const YEAR = 1.5;
const DATE = 3.5;

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '2': 'z',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '6': 'g',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
  '+': 't',
  '(': 'c',
  '<': 'c',
  '{': 'c',
  '[': 'c',
  '&': 'a',
  '€': 'e',
  '£': 'l',
};
/** Characters that also stand for a second letter. */
const LEET_ALTERNATIVES: Readonly<Record<string, string>> = { '1': 'l', '!': 'l', '7': 'l', '6': 'b', '|': 'i' };

/** Rows and columns of US, German, French and Russian keyboards, alphabets, and patterns on a number pad. */
const SEQUENCES = [
  '1234567890-=',
  '!@#$%^&*()_+',
  'qwertyuiop[]',
  "asdfghjkl;'",
  'zxcvbnm,./',
  'qwertzuiopu',
  'yxcvbnm',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/',
  'qazwsxedcrfvtgbyhnujmikolp',
  '!qaz@wsx#edc$rfv%tgb^yhn&ujm*ik,(ol.)p;/',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'йцукенгшщзхъ',
  'фывапролджэ',
  'ячсмитьбю',
  'абвгдеёжзийклмнопрстуфхцчшщъыьэюя',
  '123654789',
  '147258369',
  '159357',
].flatMap((row) => [row, reversed(row)]);

/** Why a password is easy to guess; undefined if it is not. */
export function findWeakness(password: string, context: PasswordContext): 'common' | 'context' | undefined {
  const words = contextWords(context);
  const folded = fold(password);
  const forms = [folded, withoutSeparators(folded), undoubled(folded)].filter((form) => form !== undefined);
  const capitals = capitalCost(password);
  let best: Guess = { guesses: Number.POSITIVE_INFINITY, usesContext: false };
  for (const form of forms) {
    const found = cheapest(form, words);
    const guesses = found.guesses + capitals + (form === folded ? 0 : 1);
    if (guesses < best.guesses) best = { ...found, guesses };
  }
  if (best.guesses >= MIN_GUESSES) return undefined;
  return best.usesContext ? 'context' : 'common';
}

/** Removes compatibility forms, letter case and marks: `Ｐässwörd` becomes `password`. */
function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll('ß', 'ss');
}

function capitalCost(password: string): number {
  const capitals = [...password.matchAll(/\p{Lu}/gu)].map(({ index }) => index);
  if (capitals.length === 0) return 0;
  const lower = /\p{Ll}/u.test(password);
  const first = capitals.length === 1 && !/\p{L}/u.test(password.slice(0, capitals[0]));
  if (!lower || first) return VARIANT;
  // More capitals mean more choices of which letters are capitals, up to a bound.
  return Math.min(2, 0.5 * capitals.length);
}

/** Undefined if there is nothing to remove, or too little would remain. */
function withoutSeparators(text: string): string | undefined {
  const rest = text.replaceAll(/[\s._,;:/\\'"-]/g, '');
  return rest === text || rest.length < MIN_WORD ? undefined : rest;
}

/** Undoes the doubling or tripling of every character, as in `ppaasssswwoorrdd`. */
function undoubled(text: string): string | undefined {
  for (const times of [2, 3]) {
    if (text.length < 2 * times || text.length % times !== 0) continue;
    const single = [...text].filter((_, index) => index % times === 0).join('');
    if ([...single].map((letter) => letter.repeat(times)).join('') === text) return single;
  }
  return undefined;
}

/** The names of the account and the service, whole and in parts, folded like the password. */
function contextWords({ email = '', username = '', service = [] }: PasswordContext): string[] {
  const local = email.slice(0, Math.max(0, email.lastIndexOf('@')));
  const domain = email.slice(email.lastIndexOf('@') + 1);
  const whole = [email, local, domain, username, ...service].map(fold);
  const parts = whole.flatMap((text) => text.split(/[^\p{L}\p{N}]+/u));
  const joined = whole.map((text) => text.replaceAll(/[^\p{L}\p{N}]+/gu, ''));
  // An address with `localpart2` has the words `localpart2` and `localpart`.
  const stems = parts.map((text) => text.replaceAll(/^\d+|\d+$/g, ''));
  const words = new Set([...whole, ...joined, ...parts, ...stems].filter((word) => word.length >= MIN_WORD));
  return [...words].slice(0, MAX_CONTEXT_WORDS).flatMap((word) => [word, reversed(word)]);
}

/** The cheapest composition of `text` from known parts and other characters, by dynamic programming from the end. */
function cheapest(text: string, words: readonly string[]): Guess {
  const { unit, times } = repetition(text.slice(0, 1024));
  const rated = unit.slice(0, MAX_RATED);
  const spellings = spellingsOf(rated);
  const size = rated.length;
  const best: Guess[] = new Array(size + 1);
  best[size] = { guesses: 0, usesContext: false };
  for (let start = size - 1; start >= 0; start -= 1) {
    let found: Guess = extend(best[start + 1], characterCost(rated, start), false);
    const consider = (length: number, cost: number, usesContext: boolean) => {
      const candidate = extend(best[start + length], cost + PART, usesContext);
      if (candidate.guesses < found.guesses) found = candidate;
    };
    for (const [index, spelling] of spellings.entries()) {
      const variant = index === 0 ? 0 : VARIANT;
      for (const word of words) if (spelling.startsWith(word, start)) consider(word.length, KNOWN_WORD + variant, true);
      const longest = Math.min(MAX_WORD, size - start);
      for (let length = MIN_WORD; length <= longest; length += 1) {
        const cost = wordCost(spelling.slice(start, start + length));
        if (cost !== undefined) consider(length, cost + variant, false);
      }
    }
    for (let length = runLength(rated, start); length >= 3; length -= 1) consider(length, 1.3, false);
    for (let length = sequenceLength(rated, start); length >= 3; length -= 1)
      consider(length, 1.5 + 0.1 * length, false);
    for (const [length, cost] of dates(rated, start)) consider(length, cost, false);
    best[start] = found;
  }
  const { guesses, usesContext } = best[0] ?? { guesses: 0, usesContext: false };
  return { guesses: guesses + (times > 1 ? VARIANT + Math.log10(times) : 0), usesContext };
}

function extend(rest: Guess | undefined, cost: number, usesContext: boolean): Guess {
  if (rest === undefined) throw new Error('a part ends beyond the text');
  return { guesses: rest.guesses + cost, usesContext: usesContext || rest.usesContext };
}

/** The text itself, and with letters in place of the digits and signs that stand for them. */
function spellingsOf(text: string): string[] {
  const replaced = (table: Readonly<Record<string, string>>) => [...text].map((each) => table[each] ?? each).join('');
  return [...new Set([text, replaced(LEET), replaced({ ...LEET, ...LEET_ALTERNATIVES })])];
}

function wordCost(word: string): number | undefined {
  const rank = commonRank(word);
  const reversedRank = commonRank(reversed(word));
  if (rank === undefined && reversedRank === undefined) return undefined;
  const costOf = (position = Number.POSITIVE_INFINITY) => Math.log10(position + 1);
  return Math.min(costOf(rank), costOf(reversedRank) + VARIANT);
}

function characterCost(text: string, index: number): number {
  const letter = text.charAt(index);
  if (/[0-9]/.test(letter)) return COST.digit;
  if (/[a-z]/.test(letter)) return COST.lower;
  return letter > '\u007f' ? COST.other : COST.sign;
}

/** How many times in a row the character at `start` occurs. */
function runLength(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && text[end] === text[start]) end += 1;
  return end - start;
}

/** How many characters from `start` follow a sequence on the keyboard, in an alphabet or of digits. */
function sequenceLength(text: string, start: number): number {
  let longest = 0;
  for (const row of SEQUENCES) {
    const from = row.indexOf(text.slice(start, start + 2));
    if (from < 0) continue;
    let length = 2;
    while (start + length < text.length && row[from + length] === text[start + length]) length += 1;
    longest = Math.max(longest, length);
  }
  return longest;
}

/** Years and dates that begin at `start`. */
function dates(text: string, start: number): [length: number, cost: number][] {
  const rest = text.slice(start, start + 10);
  const found: [number, number][] = [];
  if (/^(19|20)\d\d/.test(rest)) found.push([4, YEAR]);
  const patterns = [
    /^(0?[1-9]|[12]\d|3[01])[./-]?(0?[1-9]|1[0-2])[./-]?(19|20)\d\d/,
    /^(0?[1-9]|1[0-2])[./-]?(0?[1-9]|[12]\d|3[01])[./-]?(19|20)\d\d/,
    /^(19|20)\d\d[./-]?(0?[1-9]|1[0-2])[./-]?(0[1-9]|[12]\d|3[01])/,
  ];
  for (const pattern of patterns) {
    const length = pattern.exec(rest)?.[0].length;
    if (length !== undefined) found.push([length, DATE]);
  }
  return found;
}

/** The shortest unit that `text` repeats; the last repetition may be incomplete. */
function repetition(text: string): { unit: string; times: number } {
  // The failure function of the Knuth-Morris-Pratt algorithm.
  const borders = [0];
  for (let index = 1, border = 0; index < text.length; index += 1) {
    while (border > 0 && text[index] !== text[border]) border = borders[border - 1] ?? 0;
    if (text[index] === text[border]) border += 1;
    borders.push(border);
  }
  const period = text.length - (borders.at(-1) ?? 0);
  return 2 * period <= text.length && period > 0
    ? { unit: text.slice(0, period), times: text.length / period }
    : { unit: text, times: 1 };
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}
