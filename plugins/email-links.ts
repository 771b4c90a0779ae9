// app.emailLinks: the mails with links that prove that their reader owns an address. app.linkRequests: requests for them by address.
import fp from 'fastify-plugin';
import { createJobsRepository } from '#jobs/repository.js';
import { createEmailLinks, type EmailLinks } from '#users/email-links.js';
import { createLinkRequests, type LinkRequests } from '#users/link-requests.js';

declare module 'fastify' {
  interface FastifyInstance {
    emailLinks: EmailLinks;
    linkRequests: LinkRequests;
  }
}

export default fp(
  async (app) => {
    const { accountTokens, mail, links, quotas, settings, throttles, db } = app;
    app.decorate('emailLinks', createEmailLinks({ accountTokens, mail, links, quotas, settings }));
    app.decorate('linkRequests', createLinkRequests({ mail, throttles, jobs: createJobsRepository(db), db }));
  },
  { name: 'email-links', dependencies: ['account-tokens', 'db', 'mail', 'quotas', 'settings', 'throttles'] },
);
