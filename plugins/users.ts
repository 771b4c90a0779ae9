// app.users: accounts, as their owners use them. app.userAdministration: accounts, as operators see and change them.
import fp from 'fastify-plugin';
import { createAuditRepository } from '#audit/repository.js';
import { createJobsRepository } from '#jobs/repository.js';
import { createMailsRepository } from '#mail/repository.js';
import { deriveKeys } from '#platform/config/secrets.js';
import { createCursors } from '#platform/http/pagination.js';
import { createSessionsRepository } from '#sessions/repository.js';
import { createUserAdministration, type UserAdministration } from '#users/administration.js';
import { createAccountDeletion } from '#users/deletion.js';
import { createUsersRepository } from '#users/repository.js';
import { createUsers, type Users } from '#users/service.js';

declare module 'fastify' {
  interface FastifyInstance {
    users: Users;
    userAdministration: UserAdministration;
  }
}

export default fp(
  async (app) => {
    const { db, sessions, passwords, throttles, roles, audit, notices, settings, log } = app;
    const repository = createUsersRepository(db);
    const deletion = createAccountDeletion({
      repository,
      sessions: createSessionsRepository(db),
      audit: createAuditRepository(db),
      mails: createMailsRepository(),
      jobs: createJobsRepository(db),
    });
    const own = { repository, sessions, passwords, throttles, roles, audit, deletion, notices, settings, db, log };
    app.decorate('users', createUsers(own));
    const cursors = createCursors<number>(deriveKeys(app.config.secrets, 'cursor/v1'), 'users');
    const administration = { repository, sessions, passwords, roles, audit, deletion, notices, cursors, db };
    app.decorate('userAdministration', createUserAdministration(administration));
  },
  {
    name: 'users',
    dependencies: ['audit', 'db', 'notices', 'sessions', 'passwords', 'roles', 'settings', 'throttles'],
  },
);
