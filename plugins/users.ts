// app.users: accounts.
import fp from 'fastify-plugin';
import { createUsersRepository } from '../src/users/repository.js';
import { createUsers, type Users } from '../src/users/service.js';

declare module 'fastify' {
  interface FastifyInstance {
    users: Users;
  }
}

export default fp(
  async (app) => {
    const { db, sessions, passwords, roles, audit, settings, log } = app;
    const repository = createUsersRepository(db);
    app.decorate('users', createUsers({ repository, sessions, passwords, roles, audit, settings, db, log }));
  },
  { name: 'users', dependencies: ['audit', 'db', 'sessions', 'passwords', 'roles', 'settings'] },
);
