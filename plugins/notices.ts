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
    const { mail, settings, now } = app;
    app.decorate('notices', createNotices({ mail, repository: createMailsRepository(app.db), settings, now }));
  },
  { name: 'notices', dependencies: ['mail', 'settings'] },
);
