// app.setup: creates the first administrator, with the token from the setup link.
import fp from 'fastify-plugin';
import { createSetup, type Setup } from '#setup/service.js';
import { createUsersRepository } from '#users/repository.js';

declare module 'fastify' {
  interface FastifyInstance {
    setup: Setup;
  }
}

export default fp(
  async (app) => {
    const { audit, db, emailLinks, passwords, roles } = app;
    const tokenHash = app.config.setupTokenHash;
    const repository = createUsersRepository(db);
    app.decorate('setup', createSetup({ tokenHash, repository, passwords, roles, audit, emailLinks, db }));
  },
  { name: 'setup', dependencies: ['audit', 'db', 'email-links', 'passwords', 'roles'] },
);
