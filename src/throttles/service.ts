// Throttles: passwords can be tried out only slowly, account by account, wherever the guesses come from.
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WaitOptions } from '#platform/concurrency/concurrency-limiter.js';
import { createKeyedLimiter } from '#platform/concurrency/keyed-limiter.js';
import type { Db } from '#platform/database/database.js';
import { Problem } from '#platform/errors/problem.js';
import type { Log } from '#platform/log/log.js';
import type { Settings } from '#settings/service.js';
import type { Claim, ThrottleKeys, ThrottleRule, ThrottlesRepository } from './repository.js';

/** Whose password is tried, and from where. */
export interface Attempt {
  /** The canonical address of the account, or whatever was given in its place. */
  readonly account: string;
  readonly ip?: string | undefined;
}

interface Dependencies {
  readonly repository: ThrottlesRepository;
  /** Hide addresses in the table; 32 bytes each. One for each secret, the current one first. */
  readonly keys: readonly [Buffer, ...Buffer[]];
  readonly settings: Pick<Settings, 'get'>;
  /** Undefined for an address that says nothing of the client: that of a proxy. */
  readonly networkOf: (ip: string) => string | undefined;
  /** Processes behind one port. */
  readonly workers: number;
  readonly log: Log;
}

/** How long an attempt waits for those before it on the same account, in milliseconds: less than a request may take. */
const LINE_MILLISECONDS = 8000;
/** For so long after an attempt was let through it may still be verified, perhaps by another instance, and turn out to be right. */
const PENDING_MILLISECONDS = 500;
/** How often it is looked whether it has. */
const POLL_MILLISECONDS = 50;
/** 128 bits: that two accounts share a count is no chance that anybody meets. */
const KEY_BYTES = 16;

/** Throttles, as docs/limits.md describes them. A refusal is a Problem. */
export function createThrottles({ repository, keys: secretKeys, settings, networkOf, workers, log }: Dependencies) {
  // Right passwords that come together must not count as guesses.
  const { inTurn, isBusy } = createKeyedLimiter({
    deadline: LINE_MILLISECONDS,
    refuse: () => new Problem('overloaded'),
  });

  /**
   * Runs `check`, which verifies a password, as one attempt that is counted before it is made; what it resolves to says whether
   * the password was right (falsy: it was not). When it rejects, no password was verified, and nothing counts. Throws
   * `too_many_attempts` while the account has to wait, whatever the password is, and `overloaded` when too many come at once.
   */
  async function attempt<T>(
    { account, ip }: Attempt,
    check: () => Promise<T>,
    { until = performance.now() + LINE_MILLISECONDS, signal }: WaitOptions = {},
  ): Promise<T> {
    const free = settings.get('LOGIN_FAILURES_BEFORE_DELAY');
    if (free === 0) return check();
    const rule = { free, maxDelay: settings.get('LOGIN_MAX_DELAY') };
    const network = ip === undefined ? undefined : networkOf(ip);
    const keys = { accounts: hashes(account), networks: network === undefined ? undefined : hashes(account, network) };
    // So few that two instances together do not count more than is free while they still verify: right passwords that come at
    // once would be refused.
    const atOnce = Math.max(1, Math.floor(free / 2 / workers));
    const wait = { until, signal };
    const verify = (claimed: Claim) => verified(claimed, keys, check);
    const inAccountsLine = async () => {
      const line = nameOf(keys.accounts);
      // A stranger's guesses must not fill the line that the account's owner stands in.
      if (isBusy(line) && keys.networks !== undefined && (await repository.isKnown(keys))) {
        return verify(await claim(keys, rule, wait));
      }
      const turn = async () => {
        const claimed = await claim(keys, rule, wait);
        // A known network has a count of its own: it is not the account's line that it has to stand in.
        return claimed.isKnown ? { claimed } : { result: await verify(claimed) };
      };
      const outcome = await inTurn(line, atOnce, turn, wait);
      return 'claimed' in outcome ? verify(outcome.claimed) : outcome.result;
    };
    return keys.networks === undefined ? inAccountsLine() : inTurn(nameOf(keys.networks), atOnce, inAccountsLine, wait);
  }

  /** Counts an attempt. Throws `too_many_attempts` when it has to wait. */
  async function claim(keys: ThrottleKeys, rule: ThrottleRule, { until = 0, signal }: WaitOptions): Promise<Claim> {
    for (;;) {
      const claimed = await repository.claim(keys, rule);
      if (claimed !== undefined) return claimed;
      const delay = await repository.delay(keys, rule);
      const isPending = delay === undefined || delay.millisecondsSince < PENDING_MILLISECONDS;
      if (!isPending || signal?.aborted || performance.now() + POLL_MILLISECONDS > until) {
        throw tooManyAttempts(delay?.seconds ?? 0);
      }
      await sleep(POLL_MILLISECONDS);
    }
  }

  async function verified<T>(claimed: Claim, { networks }: ThrottleKeys, check: () => Promise<T>): Promise<T> {
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
    if (result) await repository.forgive(claimed, networks);
    return result;
  }

  function hashes(...parts: readonly string[]): ThrottleKeys['accounts'] {
    const [current, ...previous] = secretKeys;
    // Different texts have different hashes, however they are divided.
    const text = JSON.stringify(parts);
    const hash = (key: Buffer) => createHmac('sha256', key).update(text).digest().subarray(0, KEY_BYTES);
    return [hash(current), ...previous.map(hash)];
  }

  /** Forgets the wrong passwords for an account, and those from the network of its owner. Runs in the caller's transaction. */
  function clear({ account, ip }: Attempt, on: Db): Promise<void> {
    const network = ip === undefined ? undefined : networkOf(ip);
    return repository.clear([...hashes(account), ...(network === undefined ? [] : hashes(account, network))], on);
  }

  return { attempt, clear };
}

/** The line of those who count under these keys. */
function nameOf([current]: ThrottleKeys['accounts']): string {
  return current.toString('latin1');
}

export type Throttles = ReturnType<typeof createThrottles>;

function tooManyAttempts(seconds: number): Problem {
  return new Problem('too_many_attempts', { headers: { 'retry-after': String(Math.max(1, seconds)) } });
}
