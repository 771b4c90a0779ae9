// Sends the links that people who are not logged in have requested. It has a loop of its own, so that a flood of requests delays no other
// job, and works the same way for every address: what a request costs later does not show whether an account has the address.
import { anonymous } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Job, JobsRepository } from '#jobs/repository.js';
import { backgroundRun } from '#platform/concurrency/background-run.js';
import type { Db } from '#platform/database/database.js';
import type { Log } from '#platform/log/log.js';
import { isDisabledByOperator } from './account-state.js';
import type { EmailLinks } from './email-links.js';
import type { LinkRequest } from './link-requests.js';
import type { Account, UsersRepository } from './repository.js';

interface Dependencies {
  readonly jobs: Pick<JobsRepository, 'claimLinks' | 'delete'>;
  readonly repository: Pick<UsersRepository, 'lockByEmails'>;
  readonly emailLinks: Pick<EmailLinks, 'sendReset' | 'sendVerification'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly db: Pick<Db, 'transaction'>;
  readonly log: Log;
}

/** Requests in one transaction. Their accounts stay locked until it ends, so that it must be short. */
const BATCH_SIZE = 20;

/** Any number of instances may do this, since the requests of a batch are locked. */
export function createLinkSender({ jobs, repository, emailLinks, audit, db, log }: Dependencies) {
  let isStopped = false;

  /** Sends all links that are waiting. A request that fails is tried again by the next run, and delays no other one. */
  async function run(): Promise<void> {
    for (let after = 0, size = BATCH_SIZE; !isStopped; ) {
      let claimed: Job[] = [];
      try {
        await db.transaction(async (tx) => {
          claimed = await jobs.claimLinks(after, size, tx);
          if (claimed.length > 0) await sendAll(claimed, tx);
        });
        if (claimed.length === 0) return;
        size = Math.min(BATCH_SIZE, size * 2);
      } catch (err) {
        const [first, ...others] = claimed;
        // The database does not respond.
        if (first === undefined) throw err;
        // The batch was rolled back. One by one it turns out which request fails.
        if (others.length === 0) {
          log.warn({ err, job: first.kind, jobId: first.id }, 'a requested link could not be sent and will be retried');
          after = first.id;
        }
        size = 1;
      }
    }
  }

  async function sendAll(claimed: readonly Job[], on: Db): Promise<void> {
    const requests = claimed.map(({ subject }) => JSON.parse(subject) as LinkRequest);
    const found = await repository.lockByEmails([...new Set(requests.map(({ email }) => email))], on);
    const accounts = new Map(found.map((account) => [account.email, account]));
    for (const request of requests) {
      const account = accounts.get(request.email);
      if (account !== undefined && !isDisabledByOperator(account)) await send(request, account, on);
    }
    // Last: a request for the same address waits for a transaction that has deleted its key.
    const ids = claimed.map(({ id }) => id);
    await jobs.delete(ids, on);
  }

  /** Sends the link, unless the address has been sent too many. */
  async function send({ link, origin }: LinkRequest, account: Account, on: Db): Promise<void> {
    const owner = { ...account, locale: account.locale ?? origin.locale ?? null };
    if (link === 'reset_password') {
      const target = { type: 'user', id: account.id } as const;
      const sent = await emailLinks.sendReset(owner, on, { ip: origin.ip });
      if (sent) await audit.record({ ...anonymous(origin), event: 'user.password_reset_requested', target }, on);
    } else if (!account.emailVerified) {
      await emailLinks.sendVerification(owner, on, { ip: origin.ip });
    }
  }

  const runs = backgroundRun(run);

  return {
    /** Resolves when no request waits that can be done. Rejects when the database does not respond. */
    run: runs.run,

    /** As `run`, for callers that do not wait. */
    begin: runs.begin,

    /** Begins no further batch, and resolves when none is running. */
    stop: async (): Promise<void> => {
      isStopped = true;
      await runs.settled();
    },
  };
}
