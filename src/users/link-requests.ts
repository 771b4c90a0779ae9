// Requests for a link by people who are not logged in, by e-mail address. A request only stores a job, whether or not an account has the
// address: neither the response nor its time reveals that. The job looks for the account and stores the mail.
import { anonymous, type Origin } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { JobsRepository } from '#jobs/repository.js';
import type { JobHandler } from '#jobs/service.js';
import type { Outbox } from '#mail/outbox.js';
import type { Db } from '#platform/database/database.js';
import { MAX_USER_AGENT_LENGTH } from '#platform/http/user-agent.js';
import { isDisabledByOperator } from './account-state.js';
import { requireEmail } from './email.js';
import type { EmailLinks } from './email-links.js';
import type { UsersRepository } from './repository.js';

/** What the link is for. */
export type RequestedLink = 'verify_email' | 'reset_password';

/** The subject of a job. */
interface Subject {
  readonly link: RequestedLink;
  readonly email: string;
  readonly origin: Pick<Origin, 'ip' | 'userAgent' | 'requestId'>;
}

interface Dependencies {
  readonly mail: Pick<Outbox, 'assertEnabled'>;
  readonly jobs: Pick<JobsRepository, 'enqueue'>;
  readonly db: Pick<Db, 'transaction'>;
}

/** Takes requests for links. */
export function createLinkRequests({ mail, jobs, db }: Dependencies) {
  return {
    /** Resolves when the request is stored. Throws `mail_unavailable`, and `validation_failed` for text that is not an address. */
    async request(link: RequestedLink, input: string, { ip, userAgent, requestId }: Origin): Promise<void> {
      mail.assertEnabled();
      const email = requireEmail(input);
      const origin = { ip, userAgent: userAgent?.slice(0, MAX_USER_AGENT_LENGTH), requestId };
      const subject: Subject = { link, email, origin };
      await db.transaction((tx) => jobs.enqueue('send_link', JSON.stringify(subject), tx));
    },
  };
}

export type LinkRequests = ReturnType<typeof createLinkRequests>;

interface JobDependencies {
  readonly repository: Pick<UsersRepository, 'lockByEmail'>;
  readonly emailLinks: Pick<EmailLinks, 'sendReset' | 'sendVerification'>;
  readonly audit: Pick<AuditRepository, 'record'>;
}

/** The job that sends a requested link, if an account has the address, is not disabled, and has not been sent too many. */
export function createLinkJob({ repository, emailLinks, audit }: JobDependencies): JobHandler {
  return async ({ subject }, _size, on) => {
    const { link, email, origin } = JSON.parse(subject) as Subject;
    const account = await repository.lockByEmail(email, on);
    if (account === undefined || isDisabledByOperator(account)) return NOTHING_LEFT;
    const target = { type: 'user', id: account.id } as const;
    if (link === 'reset_password') {
      const sent = await emailLinks.sendReset(account, on);
      if (sent) await audit.record({ ...anonymous(origin), event: 'user.password_reset_requested', target }, on);
    } else if (!account.emailVerified) {
      await emailLinks.sendVerification(account, on);
    }
    return NOTHING_LEFT;
  };
}

const NOTHING_LEFT = { done: 1, next: undefined } as const;
