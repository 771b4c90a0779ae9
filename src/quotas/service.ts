// Quotas: what strangers can cause for an account, such as mails to its address, and how many events its owner can add to the audit log,
// limited for all instances together. A network from which the account has logged in has quotas of its own, so that a stranger elsewhere
// cannot use up those of the owner.
import { createHmac } from 'node:crypto';
import type { Db } from '#platform/database/database.js';
import { Problem } from '#platform/errors/problem.js';
import type { Settings } from '#settings/service.js';
import type { Throttles } from '#throttles/service.js';
import type { Quota } from './conditions.js';
import type { QuotasRepository } from './repository.js';

/** What a mail is about. */
export interface LimitedMail {
  readonly kind: string;
  /** The canonical address that it goes to. */
  readonly to: string;
  /** The address of the client that requests it; undefined: not known, or not to be distinguished. */
  readonly ip?: string | undefined;
  /** The account that causes it, if that can send mails of this kind to many addresses. */
  readonly byAccount?: number | undefined;
}

interface Dependencies {
  readonly repository: Pick<QuotasRepository, 'take'>;
  /** HMAC keys that hide addresses in the table, 32 bytes each; only the current one is used. */
  readonly keys: readonly [Buffer, ...Buffer[]];
  readonly throttles: Pick<Throttles, 'networkKeys'>;
  readonly settings: Pick<Settings, 'get'>;
}

const HOUR = 3600;
const DAY = 24 * HOUR;
/** Recorded operations of an owner that cost the service little: nobody needs so many, and each is kept as long as the audit log. */
const OWN_OPERATIONS_PER_DAY = 3600;
/** 128 bits, so that two quotas practically never share a row. */
const KEY_BYTES = 16;

/** Quotas of mails and of codes that can be tried. */
export function createQuotas({ repository, keys: [key], throttles, settings }: Dependencies) {
  /** The quota of mails of a kind to an address. */
  function ofMails({ kind, to, ip }: Omit<LimitedMail, 'byAccount'>): Quota {
    const network = ip === undefined ? undefined : throttles.networkKeys(to, ip);
    return {
      count: settings.get('MAILS_PER_ACCOUNT_PER_HOUR'),
      seconds: HOUR,
      key: hash('mails to', kind, to),
      ofNetwork: network && { key: hash('mails to', kind, to, network.network), knownBy: network.keys },
    };
  }

  return {
    ofMails,

    /**
     * Counts a mail in the caller's transaction; false if it must not be sent. MAILS_PER_ACCOUNT_PER_HOUR of a kind are sent to one
     * address, from however many accounts, and by one account, to however many addresses.
     */
    async takeMail({ byAccount, ...mail }: LimitedMail, on: Db): Promise<boolean> {
      const quota = ofMails(mail);
      if (byAccount !== undefined) {
        const ofAccount = { ...quota, key: hash('mails by', mail.kind, String(byAccount)), ofNetwork: undefined };
        if (!(await repository.take(ofAccount, on))) return false;
      }
      return repository.take(quota, on);
    },

    /**
     * Counts a recorded operation of the owner of an account, in the caller's transaction: one that needs no password, so that nothing else
     * limits how many events it adds to the audit log. Throws `rate_limited` if there were too many.
     */
    async takeOwnOperation(userId: number, on: Db): Promise<void> {
      const key = hash('own operations of', String(userId));
      const quota = { count: OWN_OPERATIONS_PER_DAY, seconds: DAY, key, ofNetwork: undefined };
      if (await repository.take(quota, on)) return;
      throw new Problem('rate_limited', { headers: { 'retry-after': String(DAY / OWN_OPERATIONS_PER_DAY) } });
    },

    /** The quota of wrong codes of all accounts, from networks that their accounts do not know, and from each network that they do. */
    ofWrongCodes(account: string, ip: string | undefined): Quota {
      const network = ip === undefined ? undefined : throttles.networkKeys(account, ip);
      return {
        count: settings.get('WRONG_SIGN_IN_CODES_PER_DAY'),
        seconds: DAY,
        key: hash('wrong codes'),
        ofNetwork: network && { key: hash('wrong codes', network.network), knownBy: network.keys },
      };
    },
  };

  function hash(...parts: readonly string[]): Buffer {
    // Unambiguous: different parts give different texts.
    return createHmac('sha256', key).update(JSON.stringify(parts)).digest().subarray(0, KEY_BYTES);
  }
}

export type Quotas = ReturnType<typeof createQuotas>;
