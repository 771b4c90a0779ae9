// app.overview: the state of the whole service, for operators.
import fp from 'fastify-plugin';
import { createMailsRepository } from '#mail/repository.js';
import { createOverviewRepository } from '#overview/repository.js';
import { createOverview, type OverviewService } from '#overview/service.js';

declare module 'fastify' {
  interface FastifyInstance {
    overview: OverviewService;
  }
}

export default fp(
  async (app) => {
    const { activity, config, db, keys, settings } = app;
    const overview = createOverview({
      repository: createOverviewRepository(db),
      activity,
      mails: createMailsRepository(db),
      settings,
      keys,
      config,
      monotonicNow: () => performance.now(),
    });
    app.decorate('overview', overview);
  },
  { name: 'overview', dependencies: ['activity', 'db', 'keys', 'settings'] },
);
