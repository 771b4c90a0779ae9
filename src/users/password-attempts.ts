// Verifications of passwords, throttled by account, so that they cannot be used to guess.
import type { Origin } from '#audit/events.js';
import type { Passwords } from '#passwords/service.js';
import type { WaitOptions } from '#platform/concurrency/concurrency-limiter.js';
import type { AttemptOptions, CountedAttempt, Throttles } from '#throttles/service.js';

interface Dependencies {
  readonly passwords: Pick<Passwords, 'admit' | 'verify'>;
  readonly throttles: Pick<Throttles, 'attempt'>;
}

/** How long a verification may wait for others of the same account and for a core, in milliseconds: less than a request may take. */
const WAIT_MILLISECONDS = 8000;

/** Verifies passwords as throttled attempts. */
export function createPasswordAttempts({ passwords, throttles }: Dependencies) {
  /**
   * Runs `verify` as one throttled attempt on `account`, an address. Throws `too_many_attempts` when the account has to wait, and
   * `overloaded` when a core would not be free in time. `options`: see Throttles.
   */
  async function run<T>(
    account: string,
    { ip, signal }: Origin,
    verify: (wait: WaitOptions, counted: CountedAttempt) => Promise<T>,
    options?: Pick<AttemptOptions, 'count' | 'onRefused'>,
  ): Promise<T> {
    // Under overload the request is refused here, before it costs a query.
    const admission = passwords.admit();
    const wait = { until: performance.now() + WAIT_MILLISECONDS, signal };
    try {
      return await throttles.attempt({ account, ip }, (counted) => verify({ ...wait, admission }, counted), {
        ...wait,
        ...options,
      });
    } finally {
      admission.leave();
    }
  }

  return {
    run,

    /** Whether `password` is the one of the account with this address and hash. Throws the same as `run`. */
    verify: (
      { email, passwordHash }: { readonly email: string; readonly passwordHash: string | null },
      password: string,
      origin: Origin,
    ): Promise<boolean> => run(email, origin, (wait) => passwords.verify(passwordHash, password, wait)),
  };
}

export type PasswordAttempts = ReturnType<typeof createPasswordAttempts>;
