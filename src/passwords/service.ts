// Passwords: what is accepted, how it is hashed (argon2id, PHC string) and verified.
import { randomBytes } from 'node:crypto';
import { hash as argon2Hash, verify as argon2Verify } from '@node-rs/argon2';
import type { ConcurrencyLimiter, WaitOptions } from '#platform/concurrency/concurrency-limiter.js';
import { invalidField } from '#platform/errors/problem.js';
import type { Settings } from '#settings/service.js';
import type { Breaches } from './breaches.js';
import { isCommonPassword } from './common.js';
import { type Context, guessable } from './guessing.js';
import { PASSWORD_MAX_BYTES, PASSWORD_MAX_LENGTH } from './limits.js';

/** Cost of one hash: memory in KiB, passes, lanes. */
export interface HashCost {
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
}

interface Dependencies {
  readonly gate: Pick<ConcurrencyLimiter, 'run' | 'assertRoom'>;
  readonly cost: HashCost;
  readonly settings: Pick<Settings, 'get'>;
  /** Asked where PASSWORD_REJECT_BREACHED is on. */
  readonly breaches: Breaches;
  /** What the service is called: host names and words that no password may be made of. */
  readonly serviceNames: readonly string[];
}

/** Whose password it is to be. */
export type PasswordOwner = Pick<Context, 'email' | 'username'>;

/** The request that sets it, for the log. */
interface Asker {
  readonly requestId?: string | undefined;
}

/** What to do instead, for whoever chooses a password. */
const ADVICE = 'choose several unrelated words, or let a password manager make one';

/** Six bits each. */
const TEMPORARY_LENGTH = 24;

/** What a stored hash may cost to verify: a row from elsewhere must not be able to take the service down. */
const MOST = { m: 1_048_576, t: 10, p: 16 };

// Complete to the end: of half a hash the library makes an error, and not a wrong password.
const PHC = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,3}),p=(\d{1,3})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{16,86}$/;

/** `hash` and `verify` reject with the gate's refusal under overload. */
export async function createPasswords({ gate, cost, settings, breaches, serviceNames }: Dependencies) {
  // The library's default algorithm is argon2id, version 1.3, with a salt of 16 random bytes.
  const options = { ...cost };
  // What is verified when there is no account: as costly as a real one, and no password fits.
  const dummyHash = await argon2Hash(randomBytes(32), options);

  return {
    /**
     * Throws `validation_failed` for a new password that the rules refuse. Call it outside of a transaction: with
     * PASSWORD_REJECT_BREACHED it waits for another service, for a second at most.
     */
    async assertAcceptable(password: string, owner: PasswordOwner, { requestId }: Asker = {}): Promise<void> {
      const field = '/password';
      const length = [...password.normalize('NFC')].length;
      const least = settings.get('PASSWORD_MIN_LENGTH');
      if (length < least) throw invalidField(field, `must have at least ${least} characters`);
      if (length > PASSWORD_MAX_LENGTH)
        throw invalidField(field, `must have at most ${PASSWORD_MAX_LENGTH} characters`);
      if (Buffer.byteLength(password.normalize('NFC')) > PASSWORD_MAX_BYTES) {
        throw invalidField(field, `must have at most ${PASSWORD_MAX_BYTES} bytes in UTF-8`);
      }
      if (settings.get('PASSWORD_REJECT_COMMON'))
        assertNotGuessable(password, { ...owner, service: serviceNames }, field);
      if (settings.get('PASSWORD_REJECT_BREACHED') && (await breaches.isBreached(password, requestId))) {
        throw invalidField(field, `is known from a data breach; ${ADVICE}`);
      }
    },

    /** A password that the rules accept and nobody guesses (144 bits): for an account until its owner sets another. */
    makeTemporary: (): string =>
      randomBytes(48)
        .toString('base64url')
        .slice(0, Math.max(TEMPORARY_LENGTH, settings.get('PASSWORD_MIN_LENGTH'))),

    hash: (password: string, wait?: WaitOptions): Promise<string> =>
      gate.run(() => argon2Hash(password.normalize('NFC'), options), wait),

    /**
     * Whether `password` is the one of `stored`. Without a stored hash the answer is false and takes as long, so that the
     * time tells nobody whether an account exists.
     */
    verify: (stored: string | null | undefined, password: string, wait?: WaitOptions): Promise<boolean> =>
      gate.run(async () => {
        const usable = stored != null && withinBounds(stored);
        const matches = await argon2Verify(usable ? stored : dummyHash, password.normalize('NFC'));
        return usable && matches;
      }, wait),

    /** Throws the gate's refusal when a password could not be verified now: before anything is done for it. */
    assertRoom: gate.assertRoom,

    /** Whether a stored hash is weaker than new ones are, or no hash of this kind. */
    isOutdated(stored: string): boolean {
      const found = parameters(stored);
      return found === undefined || isWeaker(found, { m: cost.memoryCost, t: cost.timeCost });
    },
  };
}

export type Passwords = Awaited<ReturnType<typeof createPasswords>>;

/** What this service is called: words that a password must not be made of. Of a URL the host. */
export function serviceNames({ issuer, audience }: { issuer: string; audience: string }): string[] {
  return ['latchkey', ...[issuer, audience].map((name) => (URL.canParse(name) && new URL(name).hostname) || name)];
}

function assertNotGuessable(password: string, context: Context, field: string): void {
  if (isCommonPassword(password)) throw invalidField(field, `is among the most common passwords; ${ADVICE}`);
  const why = guessable(password, context);
  if (why === undefined) return;
  const what = {
    common:
      'is too easy to guess: a common password, a sequence or a date, perhaps with a few characters changed or added',
    context: 'is too easy to guess: it is made of the e-mail address, the username or the name of this service',
  } as const;
  throw invalidField(field, `${what[why]}; ${ADVICE}`);
}

function withinBounds(stored: string): boolean {
  const found = parameters(stored);
  if (found === undefined) return false;
  const { m, t, p } = found;
  // RFC 9106 section 3.1 sets the lower bounds.
  return m >= 8 * p && m <= MOST.m && t >= 1 && t <= MOST.t && p >= 1 && p <= MOST.p;
}

/** The cost in a PHC string of argon2id, version 1.3; undefined for anything else. */
function parameters(stored: string): { m: number; t: number; p: number } | undefined {
  const [, m, t, p] = PHC.exec(stored) ?? [];
  return m === undefined ? undefined : { m: Number(m), t: Number(t), p: Number(p) };
}

/**
 * A partial order of costs: by memory, and by memory times passes, which is what a guess costs. Lanes only divide the work. Of two costs of
 * which each is ahead in one, neither is weaker. So a hash that is renewed only ever becomes stronger, whatever instances with different costs
 * it meets.
 */
function isWeaker(one: { m: number; t: number }, other: { m: number; t: number }): boolean {
  const [work, otherWork] = [one.m * one.t, other.m * other.t];
  return one.m <= other.m && work <= otherWork && (one.m < other.m || work < otherWork);
}
