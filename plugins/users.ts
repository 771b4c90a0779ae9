// app.users: accounts, for their owners; app.userAdministration: the same for operators.
import fp from 'fastify-plugin';
import { createAuditRepository } from '../src/audit/repository.js';
import { deriveKey } from '../src/config/secrets.js';
import { createCursors } from '../src/cursor.js';
import { createJobsRepository } from '../src/jobs/repository.js';
import { createSessionsRepository } from '../src/sessions/repository.js';
import { createUserAdministration, type UserAdministration } from '../src/users/administration.js';
import { createAccountDeletion } from '../src/users/deletion.js';
import { createUsersRepository } from '../src/users/repository.js';
import { createUsers, type Users } from '../src/users/service.js';

declare module 'fastify' {
  interface FastifyInstance {
    users: Users;
    userAdministration: UserAdministration;
  }
}

export default fp(
  async (app) => {
    const { db, sessions, passwords, throttles, roles, audit, settings, log } = app;
    const repository = createUsersRepository(db);
    const deletion = createAccountDeletion({
      repository,
      sessions: createSessionsRepository(db),
      audit: createAuditRepository(db),
      jobs: createJobsRepository(db),
    });
    const own = { repository, sessions, passwords, throttles, roles, audit, deletion, settings, db, log };
    app.decorate('users', createUsers(own));
    const [current, ...previous] = app.config.secrets;
    const key = (secret: string) => deriveKey(secret, 'cursor/v1');
    const cursors = createCursors<number>([key(current), ...previous.map(key)], 'users');
    const administration = { repository, sessions, passwords, roles, audit, deletion, cursors, db };
    app.decorate('userAdministration', createUserAdministration(administration));
  },
  { name: 'users', dependencies: ['audit', 'db', 'sessions', 'passwords', 'roles', 'settings', 'throttles'] },
);
