// Passwords: the rules for new ones, hashing (argon2id, PHC string format) and verification.
import { randomBytes } from 'node:crypto';
import { hash as argon2Hash, verify as argon2Verify } from '@node-rs/argon2';
import type { ConcurrencyLimiter, WaitOptions } from '#platform/concurrency/concurrency-limiter.js';
import type { Mailbox } from '#platform/config/mailbox.js';
import { invalidField } from '#platform/errors/problem.js';
import type { Settings } from '#settings/service.js';
import type { Breaches } from './breaches.js';
import { isCommonPassword } from './common.js';
import { isAffordable, isCanonical } from './foreign/argon2.js';
import { INTEGER } from './foreign/foreign-hash.js';
import type { ForeignHashes } from './foreign/foreign-hashes.js';
import { findWeakness, type PasswordContext } from './guessing.js';
import { PASSWORD_MAX_BYTES, PASSWORD_MAX_LENGTH } from './limits.js';

/** The cost of one hash. `memoryCost` is in KiB, `timeCost` counts passes, `parallelism` lanes. */
export interface HashCost {
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
}

interface Dependencies {
  /** Bounds how many hashes are computed at a time. */
  readonly limiter: Pick<ConcurrencyLimiter, 'run' | 'admit' | 'assertOpen'>;
  readonly cost: HashCost;
  readonly settings: Pick<Settings, 'get'>;
  /** Used while PASSWORD_REJECT_BREACHED is on. */
  readonly breaches: Breaches;
  /** Verifies the hashes of imported accounts. */
  readonly foreignHashes: Pick<ForeignHashes, 'find'>;
  /** Host names and words that name this service; a password cannot consist of them. */
  readonly serviceNames: readonly string[];
}

/** The account that the password is for. */
export type PasswordOwner = Pick<PasswordContext, 'email' | 'username'>;

/** The request that sets the password, for the log. */
interface RequestContext {
  readonly requestId?: string | undefined;
}

/** The end of every message about a weak password. */
const ADVICE = 'choose several unrelated words, or let a password manager generate one';

/** Characters of 6 bits each. */
const TEMPORARY_LENGTH = 24;

/** The greatest cost that is accepted in a stored hash, so that an imported row cannot take the service down. */
const MAX_COST = { m: 1_048_576, t: 10, p: 16 };

// Matches the whole string, as the library writes it: it throws for anything else, where the result must be a wrong password.
const PHC = new RegExp(
  `^\\$argon2id\\$v=19\\$m=(${INTEGER}),t=(${INTEGER}),p=(${INTEGER})\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{16,86})$`,
);

/** `hash` and `verify` reject with the limiter's error under overload. */
export async function createPasswords({
  limiter,
  cost,
  settings,
  breaches,
  foreignHashes,
  serviceNames,
}: Dependencies) {
  // The library's default algorithm is argon2id, version 1.3, with a salt of 16 random bytes.
  const options = { ...cost };
  // Verified when there is no account: it costs as much as a real hash, and no password matches.
  const dummyHash = await argon2Hash(randomBytes(32), options);

  return {
    /**
     * Throws `validation_failed` for a new password that the rules refuse. Must not be called in a transaction: with
     * PASSWORD_REJECT_BREACHED it waits up to a second for another service.
     */
    async assertAcceptable(password: string, owner: PasswordOwner, { requestId }: RequestContext): Promise<void> {
      const field = '/password';
      const length = [...password.normalize('NFC')].length;
      const minLength = settings.get('PASSWORD_MIN_LENGTH');
      if (length < minLength) throw invalidField(field, `must have at least ${minLength} characters`);
      if (length > PASSWORD_MAX_LENGTH)
        throw invalidField(field, `must have at most ${PASSWORD_MAX_LENGTH} characters`);
      if (Buffer.byteLength(password.normalize('NFC')) > PASSWORD_MAX_BYTES) {
        throw invalidField(field, `must have at most ${PASSWORD_MAX_BYTES} bytes in UTF-8`);
      }
      if (settings.get('PASSWORD_REJECT_COMMON')) assertNotWeak(password, { ...owner, service: serviceNames }, field);
      if (settings.get('PASSWORD_REJECT_BREACHED') && (await breaches.isBreached(password, requestId))) {
        throw invalidField(field, `has appeared in a data breach; ${ADVICE}`);
      }
    },

    /** A random password of at least 144 bits that satisfies the rules, for an account whose owner is to replace it. */
    generateTemporary: (): string =>
      randomBytes(48)
        .toString('base64url')
        .slice(0, Math.max(TEMPORARY_LENGTH, settings.get('PASSWORD_MIN_LENGTH'))),

    hash: (password: string, wait?: WaitOptions): Promise<string> =>
      limiter.run(() => argon2Hash(password.normalize('NFC'), options), wait),

    /**
     * Whether `password` matches the hash `stored`. Without a stored hash the result is false after the same time, so that the time does
     * not reveal whether an account exists. A foreign hash takes the time of its own algorithm, until the first login replaces it.
     */
    verify: (stored: string | null | undefined, password: string, wait?: WaitOptions): Promise<boolean> =>
      limiter.run(async () => {
        const foreign = stored == null ? undefined : foreignHashes.find(stored);
        if (foreign !== undefined) return foreign.verify(password);
        const isUsable = stored != null && withinBounds(stored);
        const matches = await argon2Verify(isUsable ? stored : dummyHash, password.normalize('NFC'));
        return isUsable && matches;
      }, wait),

    /**
     * Reserves a place for a password that will be verified, or throws the limiter's error. Call it before spending anything on the
     * request, and leave the place when the request is answered.
     */
    admit: limiter.admit,

    /** Throws the limiter's error if `admit` would do so now. */
    assertOpen: limiter.assertOpen,

    /**
     * Whether a hash of another Latchkey can be stored as it is: `malformed` if it is not one of ours, `costly` if it costs more than
     * foreign hashes may and more than new hashes here.
     */
    checkOwnHash(text: string): 'valid' | 'malformed' | 'costly' {
      if (!withinBounds(text)) return parseCost(text) === undefined ? 'malformed' : 'costly';
      const { m, t, p } = parseCost(text) as NonNullable<ReturnType<typeof parseCost>>;
      const isCheap = m <= cost.memoryCost && m * t <= cost.memoryCost * cost.timeCost;
      return isCheap || isAffordable({ m, t, p }) ? 'valid' : 'costly';
    },

    /** Whether a stored hash is weaker than new ones, or foreign. */
    isOutdated(stored: string): boolean {
      const found = parseCost(stored);
      return found === undefined || isWeaker(found, { m: cost.memoryCost, t: cost.timeCost });
    },
  };
}

export type Passwords = Awaited<ReturnType<typeof createPasswords>>;

/** What names this service. */
interface ServiceIdentity {
  readonly issuer: string;
  readonly audience: string;
  readonly publicUrl?: { readonly host: string } | undefined;
  /** Undefined: the service sends no mails. */
  readonly mail?: { readonly from: Mailbox } | undefined;
}

/** The names of this service: words that a password cannot consist of. A URL is reduced to its host. */
export function serviceNames({ issuer, audience, publicUrl, mail }: ServiceIdentity): string[] {
  const names = [issuer, audience].map((name) => (URL.canParse(name) && new URL(name).hostname) || name);
  const sender = mail === undefined ? [] : [mail.from.name, domainOf(mail.from.address)];
  return ['latchkey', ...names, ...(publicUrl === undefined ? [] : [publicUrl.host]), ...sender];
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

function assertNotWeak(password: string, context: PasswordContext, field: string): void {
  if (isCommonPassword(password)) throw invalidField(field, `is one of the most common passwords; ${ADVICE}`);
  const weakness = findWeakness(password, context);
  if (weakness === undefined) return;
  const messages = {
    common: 'is too easy to guess: it is a common password, a sequence or a date, or a slight variation of one',
    context: 'is too easy to guess: it is based on the e-mail address, the username or the name of this service',
  } as const;
  throw invalidField(field, `${messages[weakness]}; ${ADVICE}`);
}

function withinBounds(stored: string): boolean {
  const found = parseCost(stored);
  if (found === undefined) return false;
  const { m, t, p } = found;
  // RFC 9106 section 3.1 sets the lower bounds.
  return m >= 8 * p && m <= MAX_COST.m && t >= 1 && t <= MAX_COST.t && p >= 1 && p <= MAX_COST.p;
}

/** The cost in a PHC string of argon2id version 1.3; undefined for anything else. */
function parseCost(stored: string): { m: number; t: number; p: number } | undefined {
  const [, m, t, p, salt = '', key = ''] = PHC.exec(stored) ?? [];
  return m === undefined || ![salt, key].every(isCanonical) ? undefined : { m: Number(m), t: Number(t), p: Number(p) };
}

/**
 * Whether one cost is at most the other in both memory and work (memory times passes, the cost of a guess), and less in one of them. Lanes
 * only divide the work. This is a partial order, so a renewed hash only ever becomes stronger, even between instances with different costs.
 */
function isWeaker(one: { m: number; t: number }, other: { m: number; t: number }): boolean {
  const [work, otherWork] = [one.m * one.t, other.m * other.t];
  return one.m <= other.m && work <= otherWork && (one.m < other.m || work < otherWork);
}
