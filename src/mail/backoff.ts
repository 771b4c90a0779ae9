// When a mail is tried again after a failed attempt.

const FIRST_SECONDS = 30;
const LONGEST_SECONDS = 2 * 3600;
/** Part of the delay by which it is shortened or lengthened at random, so that mails that failed together are not tried together. */
const JITTER = 0.2;
/** With these delays the last attempt is about a day after the first. */
export const MAX_ATTEMPTS = 20;

/** Seconds until the next attempt after `attempts` of them; undefined if there is none. `random` is from 0 to 1. */
export function retryDelay(attempts: number, random = Math.random()): number | undefined {
  if (attempts >= MAX_ATTEMPTS) return undefined;
  const delay = Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** (attempts - 1));
  return Math.round(delay * (1 - JITTER + 2 * JITTER * random));
}
