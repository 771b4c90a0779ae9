// How soon a password would be guessed by somebody who tries common passwords and their usual variants, and what is known of the account.
//
// zxcvbn is not used: on crafted input of 64 characters it takes up to 0.5 s of the event loop, and it rates a name with a year as
// good as eight random letters. This estimate is linear in the length of the password: 0.2 ms, and 4 ms for the worst input found.
import { commonRank } from './common.js';

/** What somebody who guesses knows: of the account, and of the service. */
export interface Context {
  readonly email?: string | undefined;
  readonly username?: string | undefined;
  /** Host names and words. */
  readonly service?: readonly string[] | undefined;
}

/** `guesses`: the power of ten; `usesContext`: whether the cheapest way to guess it uses a word of the context. */
interface Guess {
  readonly guesses: number;
  readonly usesContext: boolean;
}

/** Below ten to the power of this many guesses a password is refused: a dictionary word with a year and two signs is below, eight random letters are above. */
const MIN_GUESSES = 6.5;

/** A longer password is judged by its beginning, after repetitions are removed. */
const MAX_JUDGED = 64;
const MAX_WORD = 24;
const MIN_WORD = 3;
/** Of the context, which strangers write. */
const MAX_CONTEXT_WORDS = 64;

/** What one more unknown character multiplies the guesses by, as a power of ten. */
const COST = { digit: 1, lower: 1.4, sign: 1.1, other: 2 };
/** The first capital, all capitals, or digits and signs for letters: few guesses more. */
const VARIANT = 0.3;
/** Each part of a password has a place. */
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
/** Those that stand for another letter too. */
const LEET_TOO: Readonly<Record<string, string>> = { '1': 'l', '!': 'l', '7': 'l', '6': 'b', '|': 'i' };

/** Rows and columns of keyboards: US, German, French and Russian letters, and the signs above the digits. */
const KEYBOARD = [
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

/** Why a password would be guessed soon; undefined for one that would not be. */
export function guessable(password: string, context: Context = {}): 'common' | 'context' | undefined {
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

/** Compatibility forms, letter case and marks removed: `Ｐässwörd` is `password`. */
function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll('ß', 'ss');
}

function capitalCost(password: string): number {
  const capitals = [...password.matchAll(/\p{Lu}/gu)].map(({ index }) => index);
  if (capitals.length === 0) return 0;
  const lower = /\p{Ll}/u.test(password);
  const first = capitals.length === 1 && !/\p{L}/u.test(password.slice(0, capitals[0]));
  if (!lower || first) return VARIANT;
  // Which letters: the more capitals, the more choices, up to a bound that a word of mixed case stays below.
  return Math.min(2, 0.5 * capitals.length);
}

/** Undefined where there is nothing to remove, or hardly anything else. */
function withoutSeparators(text: string): string | undefined {
  const rest = text.replaceAll(/[\s._,;:/\\'"-]/g, '');
  return rest === text || rest.length < MIN_WORD ? undefined : rest;
}

/** `ppaasssswwoorrdd`: each character as often as every other. */
function undoubled(text: string): string | undefined {
  for (const times of [2, 3]) {
    if (text.length < 2 * times || text.length % times !== 0) continue;
    const single = [...text].filter((_, index) => index % times === 0).join('');
    if ([...single].map((letter) => letter.repeat(times)).join('') === text) return single;
  }
  return undefined;
}

/** What the account and the service are called, whole and in parts, in the spelling that passwords are compared in. */
function contextWords({ email = '', username = '', service = [] }: Context): string[] {
  const local = email.slice(0, Math.max(0, email.lastIndexOf('@')));
  const domain = email.slice(email.lastIndexOf('@') + 1);
  const whole = [email, local, domain, username, ...service].map(fold);
  const parts = whole.flatMap((text) => text.split(/[^\p{L}\p{N}]+/u));
  const joined = whole.map((text) => text.replaceAll(/[^\p{L}\p{N}]+/gu, ''));
  // `localpart2` is one word of the address, and `localpart` another.
  const stems = parts.map((text) => text.replaceAll(/^\d+|\d+$/g, ''));
  const words = new Set([...whole, ...joined, ...parts, ...stems].filter((word) => word.length >= MIN_WORD));
  return [...words].slice(0, MAX_CONTEXT_WORDS).flatMap((word) => [word, reversed(word)]);
}

/** The cheapest way to put `text` together out of known parts and unknown characters: one pass, from the end. */
function cheapest(text: string, words: readonly string[]): Guess {
  const { unit, times } = repetition(text.slice(0, 1024));
  const judged = unit.slice(0, MAX_JUDGED);
  const spellings = spellingsOf(judged);
  const size = judged.length;
  const best: Guess[] = new Array(size + 1);
  best[size] = { guesses: 0, usesContext: false };
  for (let start = size - 1; start >= 0; start -= 1) {
    let found: Guess = extend(best[start + 1], characterCost(judged, start), false);
    const offer = (length: number, cost: number, usesContext: boolean) => {
      const candidate = extend(best[start + length], cost + PART, usesContext);
      if (candidate.guesses < found.guesses) found = candidate;
    };
    for (const [index, spelling] of spellings.entries()) {
      const variant = index === 0 ? 0 : VARIANT;
      for (const word of words) if (spelling.startsWith(word, start)) offer(word.length, KNOWN_WORD + variant, true);
      const longest = Math.min(MAX_WORD, size - start);
      for (let length = MIN_WORD; length <= longest; length += 1) {
        const cost = wordCost(spelling.slice(start, start + length));
        if (cost !== undefined) offer(length, cost + variant, false);
      }
    }
    for (let length = runLength(judged, start); length >= 3; length -= 1) offer(length, 1.3, false);
    for (let length = walkLength(judged, start); length >= 3; length -= 1) offer(length, 1.5 + 0.1 * length, false);
    for (const [length, cost] of dates(judged, start)) offer(length, cost, false);
    best[start] = found;
  }
  const { guesses, usesContext } = best[0] ?? { guesses: 0, usesContext: false };
  return { guesses: guesses + (times > 1 ? VARIANT + Math.log10(times) : 0), usesContext };
}

function extend(rest: Guess | undefined, cost: number, usesContext: boolean): Guess {
  if (rest === undefined) throw new Error('a part ends behind the text');
  return { guesses: rest.guesses + cost, usesContext: usesContext || rest.usesContext };
}

/** As typed, and with the letters that digits and signs stand for. */
function spellingsOf(text: string): string[] {
  const replaced = (table: Readonly<Record<string, string>>) => [...text].map((each) => table[each] ?? each).join('');
  return [...new Set([text, replaced(LEET), replaced({ ...LEET, ...LEET_TOO })])];
}

function wordCost(word: string): number | undefined {
  const ahead = commonRank(word);
  const back = commonRank(reversed(word));
  if (ahead === undefined && back === undefined) return undefined;
  const cost = (rank = Number.POSITIVE_INFINITY) => Math.log10(rank + 1);
  return Math.min(cost(ahead), cost(back) + VARIANT);
}

function characterCost(text: string, index: number): number {
  const letter = text.charAt(index);
  if (/[0-9]/.test(letter)) return COST.digit;
  if (/[a-z]/.test(letter)) return COST.lower;
  return letter > '\u007f' ? COST.other : COST.sign;
}

/** How often the character at `start` follows itself. */
function runLength(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && text[end] === text[start]) end += 1;
  return end - start;
}

/** How far a row of the keyboard, the alphabet or the digits is followed. */
function walkLength(text: string, start: number): number {
  let longest = 0;
  for (const row of KEYBOARD) {
    const from = row.indexOf(text.slice(start, start + 2));
    if (from < 0) continue;
    let length = 2;
    while (start + length < text.length && row[from + length] === text[start + length]) length += 1;
    longest = Math.max(longest, length);
  }
  return longest;
}

/** Years and dates that begin at `start`: how long, and what they cost. */
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

/** The shortest text that `text` is a repetition of; the last one may be cut. */
function repetition(text: string): { unit: string; times: number } {
  // The failure function of Knuth, Morris and Pratt.
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
