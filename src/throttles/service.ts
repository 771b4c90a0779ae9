// Throttles: limits how fast the password of an account can be guessed, from however many addresses.
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WaitOptions } from '#platform/concurrency/concurrency-limiter.js';
import { createKeyedLimiter } from '#platform/concurrency/keyed-limiter.js';
import type { Db } from '#platform/database/database.js';
import { repeatIfLost } from '#platform/database/lost-answer.js';
import { Problem } from '#platform/errors/problem.js';
import type { Log } from '#platform/log/log.js';
import type { Settings } from '#settings/service.js';
import type {
  Claim,
  CountAttempt,
  CountedKeys,
  ThrottleKeys,
  ThrottleRule,
  ThrottlesRepository,
} from './repository.js';

/** The account whose password is checked, and the address of the client. */
export interface Attempt {
  /** The canonical e-mail address of the account, or the text that was given in its place. */
  readonly account: string;
  readonly ip?: string | undefined;
}

/** An attempt that is counted while its password is verified. */
export interface CountedAttempt {
  /** For a statement that resets the count together with what the right password is good for. Undefined: `attempt` has to reset it. */
  readonly keys: CountedKeys | undefined;
  /** To be called when such a statement has done so. */
  readonly markReset: () => void;
}

/** A network, and the keys under which an account knows it: one for each secret, the current one first. */
export interface NetworkKeys {
  readonly network: string;
  readonly keys: readonly [Buffer, ...Buffer[]];
}

/** How an attempt is counted, how long it waits, and what happens when it is refused. */
export interface AttemptOptions extends WaitOptions {
  /** Counts the attempt in a statement that does more. Not called while there are several secrets, or while throttles are off. */
  readonly count?: CountAttempt | undefined;
  /** Called in a transaction when an attempt is refused, once for each delay: a flood of refused attempts must not cause as many calls. */
  readonly onRefused?: ((on: Db) => Promise<void>) | undefined;
}

interface Dependencies {
  readonly repository: ThrottlesRepository;
  /** HMAC keys that hide addresses in the table, 32 bytes each: one for each secret, the current one first. */
  readonly keys: readonly [Buffer, ...Buffer[]];
  readonly settings: Pick<Settings, 'get'>;
  /** Undefined for the address of a proxy, which does not identify the client. */
  readonly networkOf: (ip: string) => string | undefined;
  /** The number of processes that share the port. */
  readonly workers: number;
  readonly db: Pick<Db, 'transaction'>;
  readonly log: Log;
}

/** How long an attempt waits for earlier ones on the same account, in milliseconds. Shorter than the handler timeout. */
const QUEUE_MILLISECONDS = 8000;
/** How long an attempt that was counted may still be in progress, perhaps on another instance, and turn out to be right. */
const PENDING_MILLISECONDS = 500;
/** The interval between two checks whether it has. */
const POLL_MILLISECONDS = 50;
/** While throttles are off. */
const NOT_COUNTED: CountedAttempt = { keys: undefined, markReset: () => {} };
/** 128 bits, so that two accounts practically never share a count. */
const KEY_BYTES = 16;

/** Throttles, as docs/limits.md describes them. A refusal is a Problem. */
export function createThrottles({ repository, keys: secretKeys, settings, networkOf, workers, db, log }: Dependencies) {
  // Concurrent attempts wait for each other, because right passwords that arrive at once must not count as guesses.
  const limiter = createKeyedLimiter({
    deadline: QUEUE_MILLISECONDS,
    refuse: () => new Problem('overloaded'),
  });

  /**
   * Runs `check`, which verifies a password, as one attempt, which is counted before it is made. `check` resolves to a falsy value if the
   * password was wrong. If it rejects, the attempt does not count: no password was verified, or the right one was of no use. Throws
   * `too_many_attempts` while the account has to wait, whatever the password, and `overloaded` if too many attempts arrive at once.
   */
  async function attempt<T>(
    { account, ip }: Attempt,
    check: (counted: CountedAttempt) => Promise<T>,
    { until = performance.now() + QUEUE_MILLISECONDS, signal, count, onRefused }: AttemptOptions = {},
  ): Promise<T> {
    const rule = currentRule();
    if (rule === undefined) return check(NOT_COUNTED);
    const network = ip === undefined ? undefined : networkOf(ip);
    const keys = { accounts: hashes(account), networks: network === undefined ? undefined : hashes(account, network) };
    // Two instances together must not have more unfinished attempts than are allowed: right passwords that arrive at once would be refused.
    const atOnce = Math.max(1, Math.floor(rule.allowed / 2 / workers));
    const wait = { until, signal, count, onRefused };
    const verify = (claimed: Claim) => verified(claimed, keys, check);
    const inQueueOfAccount = async () => {
      const account = queueOf(keys.accounts);
      // Guesses from unknown networks must not fill the queue in which the owner of the account waits.
      if (limiter.isBusy(account) && keys.networks !== undefined && (await repository.isKnown(keys))) {
        return verify(await claim(keys, rule, wait));
      }
      const claimThenVerify = async () => {
        const claimed = await claim(keys, rule, wait);
        // A known network has a count of its own, so its attempts do not wait in the queue of the account.
        return claimed.isKnown ? { claimed } : { result: await verify(claimed) };
      };
      const outcome = await limiter.run(account, atOnce, claimThenVerify, wait);
      return 'claimed' in outcome ? verify(outcome.claimed) : outcome.result;
    };
    return keys.networks === undefined
      ? inQueueOfAccount()
      : limiter.run(queueOf(keys.networks), atOnce, inQueueOfAccount, wait);
  }

  /** Counts an attempt. Throws `too_many_attempts` if it has to wait. */
  async function claim(
    keys: ThrottleKeys,
    rule: ThrottleRule,
    { until = 0, signal, count, onRefused }: AttemptOptions,
  ): Promise<Claim> {
    for (;;) {
      // If the answer was lost, the attempt may count twice, until a right password resets the count.
      const claimed = await repeatIfLost(() => repository.claim(keys, rule, count));
      if (claimed !== undefined) return claimed;
      const delay = await repository.delay(keys, rule);
      const isPending = delay === undefined || delay.millisecondsSince < PENDING_MILLISECONDS;
      if (!isPending || signal?.aborted || performance.now() + POLL_MILLISECONDS > until) {
        if (delay !== undefined && !delay.isMarked && onRefused !== undefined)
          await reportRefusal(keys, rule, onRefused);
        throw tooManyAttempts(delay?.seconds ?? 0);
      }
      await sleep(POLL_MILLISECONDS);
    }
  }

  async function reportRefusal(
    keys: ThrottleKeys,
    rule: ThrottleRule,
    onRefused: (on: Db) => Promise<void>,
  ): Promise<void> {
    await db.transaction(async (tx) => {
      if (await repository.markRefused(keys, rule, tx)) await onRefused(tx);
    });
  }

  async function verified<T>(
    claimed: Claim,
    { networks }: ThrottleKeys,
    check: (counted: CountedAttempt) => Promise<T>,
  ): Promise<T> {
    let result: T;
    let isReset = false;
    const markReset = () => {
      isReset = true;
    };
    try {
      result = await check({ keys: repository.countedKeys(claimed, networks), markReset });
    } catch (error) {
      // If that fails too, the attempt stays counted, which delays the next one at worst.
      await repository
        .release(claimed)
        .catch((err) => log.warn({ err }, 'an attempt that was not made could not be released; it stays counted'));
      throw error;
    }
    if (result && !isReset) await reset(claimed, networks);
    return result;
  }

  /** What the attempt was good for is committed, such as a session whose code is used up: it must not be lost with the count. */
  async function reset(claimed: Claim, networks: ThrottleKeys['networks']): Promise<void> {
    await repeatIfLost(() => repository.reset(claimed, networks)).catch((err) =>
      log.warn({ err }, 'the count of a right attempt could not be reset; it stays counted'),
    );
  }

  function hashes(...parts: readonly string[]): ThrottleKeys['accounts'] {
    const [current, ...previous] = secretKeys;
    // Unambiguous: different parts give different texts.
    const text = JSON.stringify(parts);
    const hash = (key: Buffer) => createHmac('sha256', key).update(text).digest().subarray(0, KEY_BYTES);
    return [hash(current), ...previous.map(hash)];
  }

  /** Undefined while throttles are off. */
  function currentRule(): ThrottleRule | undefined {
    const allowed = settings.get('LOGIN_FAILURES_BEFORE_DELAY');
    return allowed === 0 ? undefined : { allowed, maxDelay: settings.get('LOGIN_MAX_DELAY') };
  }

  /** All keys under which attempts on an account can be counted: those from anywhere, and those from the network of its owner. */
  function keysOf({ account, ip }: Attempt): Buffer[] {
    const network = ip === undefined ? undefined : networkOf(ip);
    return [...hashes(account), ...(network === undefined ? [] : hashes(account, network))];
  }

  /** Forgets what was wrong at such attempts: from anywhere, and from the networks of the owner. Runs in the caller's transaction. */
  function clear(attempts: readonly Attempt[], on: Db): Promise<void> {
    return repository.clear(attempts.flatMap(keysOf), on);
  }

  /** How many seconds the next one of such attempts has to wait at most, from anywhere or from the networks of the owner; 0 if it need not. */
  async function delayOf(attempts: readonly Attempt[]): Promise<number> {
    const rule = currentRule();
    return rule === undefined ? 0 : repository.longestDelay(attempts.flatMap(keysOf), rule);
  }

  /** The network of a client, and the keys under which an account that has logged in from it knows it. Undefined: it is not known. */
  function networkKeys(account: string, ip: string): NetworkKeys | undefined {
    const network = networkOf(ip);
    return network === undefined ? undefined : { network, keys: hashes(account, network) };
  }

  /**
   * The attempt of a login whose proof is not counted, such as a passkey. When its session is stored, the network of the client is known to the
   * account, as after a login with the password. Undefined: the network is not known.
   */
  function uncounted({ account, ip }: Attempt): CountedAttempt | undefined {
    const key = ip === undefined ? undefined : networkKeys(account, ip)?.keys[0];
    return key && { keys: { key, network: key }, markReset: () => {} };
  }

  return { attempt, clear, delayOf, networkKeys, uncounted };
}

/** The queue of attempts that are counted under these keys. */
function queueOf([current]: ThrottleKeys['accounts']): string {
  return current.toString('latin1');
}

export type Throttles = ReturnType<typeof createThrottles>;

function tooManyAttempts(seconds: number): Problem {
  return new Problem('too_many_attempts', { headers: { 'retry-after': String(Math.max(1, seconds)) } });
}
