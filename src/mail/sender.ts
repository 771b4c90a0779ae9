// Sends the mails of the outbox. Every instance does, and no transaction is open while a mail server is waited for.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '#platform/log/log.js';
import type { Settings } from '#settings/service.js';
import { retryDelay } from './backoff.js';
import { type Failure, failureOf } from './failure.js';
import type { Message } from './message.js';
import type { ClaimedMail, MailsRepository } from './repository.js';

interface Dependencies {
  readonly repository: Pick<MailsRepository, 'claim' | 'release' | 'markSent' | 'markFailed'>;
  /** Hands a mail over; rejects with an error of the transport. */
  readonly deliver: (message: Message, mail: ClaimedMail) => Promise<unknown>;
  /** Decrypts the values of the template and fills it in. Throws UnreadableMail. */
  readonly compose: (mail: ClaimedMail) => Message;
  /** Ends the attempts that are in progress. */
  readonly close: () => void;
  /** Whether mails are only shown, and keep their content. */
  readonly keepsContent: boolean;
  readonly settings: Pick<Settings, 'get'>;
  readonly log: Log;
  /** The number of attempts at the same time. */
  readonly concurrency: number;
  /** The longest time that one attempt takes, in seconds. */
  readonly attemptSeconds: number;
  /** The first pause after the mail server failed, in milliseconds; replaced only by tests. */
  readonly firstPause?: number;
}

/** A mail that cannot be composed. The message is for operators. */
export class UnreadableMail extends Error {
  override readonly name = 'UnreadableMail';
}

/** Mails that are claimed ahead for each attempt at the same time, so that not every mail costs a claim. */
const CLAIMED_AHEAD = 2;
/** The longest pause after the mail server failed, in milliseconds. */
const LONGEST_PAUSE = 60_000;
/** How long fewer connections are used after the mail server refused one, in milliseconds. */
const REDUCED_MILLISECONDS = 60_000;
/** Pauses between the attempts to store that a mail was sent, in milliseconds: otherwise it would be sent twice. */
const STORE_PAUSES = [500, 1000, 2000, 5000, 10_000];
/** How long attempts in progress may take when the instance stops, in milliseconds. */
const STOP_MILLISECONDS = 5000;

/** `wake` begins to send the mails that are due, and `stop` ends it. */
export function createSender({
  repository,
  deliver,
  compose,
  close,
  keepsContent,
  settings,
  log,
  concurrency,
  attemptSeconds,
  firstPause = 5000,
}: Dependencies) {
  const stopping = new AbortController();
  const { signal } = stopping;
  // A claimed mail waits for fewer than CLAIMED_AHEAD attempts before its own; one more is for storing the result.
  const lease = (CLAIMED_AHEAD + 1) * attemptSeconds;
  // An attempt that begins later may not be over when the lease ends, and another instance sends the mail too.
  const latestStart = (lease - attemptSeconds) * 1000;
  const workers = new Set<Promise<void>>();
  let claimed: { readonly mail: ClaimedMail; readonly startBefore: number }[] = [];
  let claiming: Promise<boolean> | undefined;
  let isServerDown = false;
  let pause = firstPause;
  let pausedUntil = 0;
  // Attempts that run at the same time, and how many the mail server seems to allow.
  let active = 0;
  let allowed = concurrency;
  let reducedUntil = 0;

  function maxActive(): number {
    return performance.now() < reducedUntil ? allowed : concurrency;
  }

  /** Claims mails unless that is being done. Resolves to whether there were any. */
  function claim(): Promise<boolean> {
    claiming ??= claimBatch().finally(() => {
      claiming = undefined;
    });
    return claiming;
  }

  async function claimBatch(): Promise<boolean> {
    if (signal.aborted || performance.now() < pausedUntil) return false;
    // While the server is down one mail finds out whether it is back, instead of all mails using up their attempts.
    const count = isServerDown ? 1 : maxActive() * CLAIMED_AHEAD;
    const startBefore = performance.now() + latestStart;
    const found = await repository.claim({ count, perMinute: settings.get('MAILS_PER_MINUTE'), lease });
    for (const { id, kind, state } of found) {
      if (state === 'dead') log.warn({ event: 'mail_expired', mailId: id, kind }, 'a mail expired before it was sent');
    }
    const due = found.filter(({ state }) => state === 'waiting');
    claimed.push(...due.map((mail) => ({ mail, startBefore })));
    if (signal.aborted) await releaseClaimed();
    return due.length > 0;
  }

  async function work(): Promise<void> {
    active += 1;
    try {
      while (!signal.aborted && active <= maxActive()) {
        const next = claimed.shift();
        if (next !== undefined)
          await (performance.now() < next.startBefore ? attempt(next.mail) : giveBack([next.mail]));
        else if (!(await claim())) return;
      }
    } finally {
      active -= 1;
    }
  }

  async function attempt(mail: ClaimedMail): Promise<void> {
    const { id, kind, attempts } = mail;
    let message: Message;
    try {
      message = compose(mail);
    } catch (error) {
      if (!(error instanceof UnreadableMail)) throw error;
      log.error({ event: 'mail_unreadable', mailId: id, kind }, `a mail cannot be composed: ${error.message}`);
      // During a rolling deployment another instance may know the template, or the secret.
      await repository.markFailed(mail, error.message, retryDelay(attempts));
      return;
    }
    try {
      await deliver(message, mail);
    } catch (error) {
      await fail(mail, failureOf(error));
      return;
    }
    await storeSent(id);
    if (isServerDown) log.info({ event: 'mail_server_back' }, 'the mail server accepts mails again');
    isServerDown = false;
    pause = firstPause;
    if (!keepsContent) log.info({ event: 'mail_sent', mailId: id, kind, attempts }, 'mail sent');
  }

  async function fail(mail: ClaimedMail, { kind: cause, reason, codes }: Failure): Promise<void> {
    const { id, kind, attempts } = mail;
    if (cause === 'busy' && active > 1) {
      // The others go on. If none gets a connection, the last one finds out that the server fails.
      // Several may be refused before the first has ended.
      allowed = Math.max(1, Math.min(active, maxActive()) - 1);
      reducedUntil = performance.now() + REDUCED_MILLISECONDS;
      log.info(
        { event: 'mail_connections_reduced', connections: allowed },
        'the mail server accepts fewer connections',
      );
      await giveBack([mail]);
      return;
    }
    const isOver = cause === 'recipient';
    const delay = isOver ? undefined : retryDelay(attempts);
    // The reason may contain the address of the recipient.
    const details = { mailId: id, kind, attempts, cause, ...codes };
    if (delay === undefined) log.warn({ event: 'mail_dead', ...details }, 'a mail could not be sent and is given up');
    else log.info({ event: 'mail_deferred', ...details }, 'a mail could not be sent; it is tried again later');
    const concernsAll = cause !== 'recipient' && cause !== 'deferred';
    if (concernsAll) backOff(cause, codes);
    await repository.markFailed(mail, reason, delay);
    if (concernsAll) await releaseClaimed();
  }

  /** Pauses, since the next mail would fail in the same way. */
  function backOff(cause: 'server' | 'busy' | 'login', codes: Failure['codes']): void {
    if (signal.aborted) return;
    if (!isServerDown) {
      const what = cause === 'login' ? 'the mail server rejects SMTP_URL or MAIL_FROM' : 'the mail server fails';
      log.error({ event: 'mail_server_failed', cause, ...codes }, `${what}: mails wait; run: latchkey doctor`);
    }
    isServerDown = true;
    if (performance.now() >= pausedUntil) {
      pausedUntil = performance.now() + pause;
      pause = Math.min(LONGEST_PAUSE, 2 * pause);
    }
  }

  async function releaseClaimed(): Promise<void> {
    const given = claimed.map(({ mail }) => mail);
    claimed = [];
    await giveBack(given);
  }

  async function giveBack(given: readonly ClaimedMail[]): Promise<void> {
    if (given.length > 0) await repository.release(given);
  }

  /** Tries repeatedly, because the mail is sent again after its lease unless this succeeds. */
  async function storeSent(id: number): Promise<void> {
    for (const milliseconds of [...STORE_PAUSES, undefined]) {
      try {
        return await repository.markSent(id, keepsContent);
      } catch (err) {
        if (milliseconds === undefined || signal.aborted) {
          const message = 'a mail was sent, but this could not be stored: it will be sent a second time';
          log.error({ err, event: 'mail_not_stored', mailId: id }, message);
          return;
        }
        await sleep(milliseconds, undefined, { ref: false, signal }).catch(() => {});
      }
    }
  }

  function start(): void {
    const worker = work()
      // The database is not available: the mails are claimed again after their lease.
      .catch((err) => log.warn({ err }, 'the outbox of mails cannot be read or written; it is tried again later'))
      .finally(() => workers.delete(worker));
    workers.add(worker);
  }

  return {
    /** Resolves when it is known whether mails are due, not when they are sent. Rejects when the database does not respond. */
    async wake(): Promise<void> {
      if (workers.size >= maxActive() || (claimed.length === 0 && !(await claim()))) return;
      while (workers.size < maxActive() && !signal.aborted) start();
    },

    /** Begins no further attempt. Attempts in progress have a few seconds; then their mails wait for another instance or the next start. */
    async stop(): Promise<void> {
      stopping.abort();
      const timer = setTimeout(close, STOP_MILLISECONDS);
      await claiming?.catch(() => {});
      // They are claimed again after their lease if the database is not available.
      await releaseClaimed().catch((err) => log.warn({ err }, 'mails that were not sent could not be given back'));
      await Promise.all(workers);
      clearTimeout(timer);
      close();
    },
  };
}
