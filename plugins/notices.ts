// app.notices: mails that tell the owners of accounts what was done with them.
import fp from 'fastify-plugin';
import { createNotices, type Notices } from '#mail/notices.js';
import { createMailsRepository } from '#mail/repository.js';

declare module 'fastify' {
  interface FastifyInstance {
    notices: Notices;
  }
}

export default fp(
  async (app) => {
    const { mail, quotas, settings, now } = app;
    const repository = createMailsRepository(app.db);
    app.decorate('notices', createNotices({ mail, repository, quotas, settings, now }));
  },
  { name: 'notices', dependencies: ['mail', 'quotas', 'settings'] },
);
