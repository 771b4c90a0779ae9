// app.users: accounts, for their owners; app.userAdministration: the same for operators.
import fp from 'fastify-plugin';
import { deriveKey } from '#platform/config/secrets.js';
import { createCursors } from '#platform/http/cursors.js';
import { createUserAdministration, type UserAdministration } from '#users/administration.js';
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
    const { db, sessions, passwords, throttles, roles, audit, settings, log } = app;
    const repository = createUsersRepository(db);
    app.decorate('users', createUsers({ repository, sessions, passwords, throttles, roles, audit, settings, db, log }));
    const [current, ...previous] = app.config.secrets;
    const key = (secret: string) => deriveKey(secret, 'cursor/v1');
    const cursors = createCursors<number>([key(current), ...previous.map(key)], 'users');
    const administration = { repository, sessions, passwords, roles, audit, cursors, db };
    app.decorate('userAdministration', createUserAdministration(administration));
  },
  { name: 'users', dependencies: ['audit', 'db', 'sessions', 'passwords', 'roles', 'settings', 'throttles'] },
);
