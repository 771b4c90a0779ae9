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
    const { db, sessions, passwords, settings, log } = app;
    const repository = createUsersRepository(db);
    app.decorate('users', createUsers({ repository, sessions, passwords, settings, db, log }));
  },
  { name: 'users', dependencies: ['db', 'sessions', 'passwords', 'settings'] },
);
