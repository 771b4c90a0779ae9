// Throttles: passwords can be tried out only slowly, account by account, wherever the guesses come from.
import { createHmac } from 'node:crypto';
import { createKeyedLimiter } from '#platform/concurrency/keyed-limiter.js';
import { Problem } from '#platform/errors/problem.js';
import type { Log } from '#platform/log/log.js';
import type { Settings } from '#settings/service.js';
import type { ThrottleKeys, ThrottlesRepository } from './repository.js';

/** Whose password is tried, and from where. */
export interface Attempt {
  /** The canonical address of the account, or whatever was given in its place. */
  readonly account: string;
  readonly ip?: string | undefined;
}

interface Dependencies {
  readonly repository: ThrottlesRepository;
  /** Hides addresses in the table; 32 bytes. */
  readonly key: Buffer;
  readonly settings: Pick<Settings, 'get'>;
  /** Undefined for an address that says nothing of the client: that of a proxy. */
  readonly networkOf: (ip: string) => string | undefined;
  /** Processes behind one port. */
  readonly workers: number;
  readonly log: Log;
}

/** How long an attempt waits for those before it on the same account, in milliseconds. */
const LINE_MILLISECONDS = 3000;
/** Who would wait for longer is told at once, in milliseconds. */
const PATIENCE_MILLISECONDS = 1000;
/** 128 bits: that two accounts share a count is no chance that anybody meets. */
const KEY_BYTES = 16;

/** Throttles, as docs/limits.md describes them. A refusal is a Problem. */
export function createThrottles({ repository, key, settings, networkOf, workers, log }: Dependencies) {
  // Right passwords that come together must not count as guesses.
  const inTurn = createKeyedLimiter({
    deadline: LINE_MILLISECONDS,
    patience: PATIENCE_MILLISECONDS,
    refuse: () => new Problem('overloaded'),
  });

  /**
   * Runs `check`, which verifies a password, as one attempt that is counted before it is made; what it resolves to says whether
   * the password was right (falsy: it was not). When it rejects, no password was verified, and nothing counts. Throws
   * `too_many_attempts` while the account has to wait, whatever the password is, and `overloaded` when too many come at once.
   */
  async function attempt<T>({ account, ip }: Attempt, check: () => Promise<T>): Promise<T> {
    const free = settings.get('LOGIN_FAILURES_BEFORE_DELAY');
    if (free === 0) return check();
    const network = ip === undefined ? undefined : networkOf(ip);
    const keys = { account: hash(account), network: network === undefined ? undefined : hash(account, network) };
    // So few that two instances together do not count more than is free while they still verify: right passwords that come at
    // once would be refused.
    const atOnce = Math.max(1, Math.floor(free / 2 / workers));
    // A line for each network: a stranger's guesses must not fill the one that the account's owner stands in.
    return inTurn((keys.network ?? keys.account).toString('latin1'), atOnce, () => counted(keys, free, check));
  }

  async function counted<T>(keys: ThrottleKeys, free: number, check: () => Promise<T>): Promise<T> {
    const rule = { free, maxDelay: settings.get('LOGIN_MAX_DELAY') };
    const claimed = await repository.claim(keys, rule);
    if (claimed === undefined) throw tooManyAttempts(await repository.wait(keys, rule));
    let result: T;
    try {
      result = await check();
    } catch (error) {
      // When that fails too, the attempt counts as one that was made: rather too slow than too fast.
      await repository
        .giveBack(claimed)
        .catch((err) => log.warn({ err }, 'an attempt that was not made stays counted'));
      throw error;
    }
    if (result) await repository.forgive(claimed, keys.network);
    return result;
  }

  /** Different texts have different hashes, however they are divided. */
  function hash(...parts: readonly string[]): Buffer {
    return createHmac('sha256', key).update(JSON.stringify(parts)).digest().subarray(0, KEY_BYTES);
  }

  return { attempt };
}

export type Throttles = ReturnType<typeof createThrottles>;

function tooManyAttempts(seconds: number): Problem {
  return new Problem('too_many_attempts', { headers: { 'retry-after': String(Math.max(1, seconds)) } });
}
