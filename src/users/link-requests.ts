// Requests for a link by people who are not logged in, by e-mail address. A request only stores a job, whether or not an account has the
// address: neither the response nor its time reveals that. src/users/link-sender.ts looks for the account and stores the mail.
import type { Origin } from '#audit/events.js';
import type { JobsRepository } from '#jobs/repository.js';
import type { Outbox } from '#mail/outbox.js';
import type { Db } from '#platform/database/database.js';
import { Problem } from '#platform/errors/problem.js';
import { MAX_USER_AGENT_LENGTH } from '#platform/http/user-agent.js';
import type { Throttles } from '#throttles/service.js';
import { requireEmail } from './email.js';

/** What the link is for. */
export type RequestedLink = 'verify_email' | 'reset_password';

/** The subject of a job. */
export interface LinkRequest {
  readonly link: RequestedLink;
  readonly email: string;
  readonly origin: Pick<Origin, 'ip' | 'userAgent' | 'requestId' | 'locale'>;
}

interface Dependencies {
  readonly mail: Pick<Outbox, 'assertEnabled'>;
  readonly throttles: Pick<Throttles, 'networkKeys'>;
  readonly jobs: Pick<JobsRepository, 'enqueueLink'>;
  readonly db: Db;
}

/** Requests that may wait. They are done within seconds: more are a flood, which must not fill the table. */
const MAX_WAITING = 10_000;
const RETRY_SECONDS = 60;

/** Takes requests for links. */
export function createLinkRequests({ mail, throttles, jobs, db }: Dependencies) {
  return {
    /**
     * Resolves when the request is stored, or an equal one from the same network is waiting already. Throws `mail_unavailable`,
     * `validation_failed` for text that is not an address, and `rate_limited` while too many requests wait.
     */
    async request(link: RequestedLink, input: string, { ip, userAgent, requestId, locale }: Origin): Promise<void> {
      mail.assertEnabled();
      const email = requireEmail(input);
      const origin = { ip, userAgent: userAgent?.slice(0, MAX_USER_AGENT_LENGTH), requestId, locale };
      const subject: LinkRequest = { link, email, origin };
      // The networks of the owner have a quota of their own: their requests must not be lost in one of a stranger, who may get no more.
      const network = ip === undefined ? undefined : throttles.networkKeys(email, ip)?.network;
      const key = `${link}:${email}:${network ?? ''}`;
      const isStored = await jobs.enqueueLink(JSON.stringify(subject), key, MAX_WAITING, db);
      if (!isStored) throw new Problem('rate_limited', { headers: { 'retry-after': String(RETRY_SECONDS) } });
    },
  };
}

export type LinkRequests = ReturnType<typeof createLinkRequests>;
