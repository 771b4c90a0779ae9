// app.personalData: what the owner of an account may know.
import fp from 'fastify-plugin';
import { createPersonalDataRepository } from '#personal-data/repository.js';
import { createPersonalData, type PersonalData } from '#personal-data/service.js';
import { createUsersRepository } from '#users/repository.js';

declare module 'fastify' {
  interface FastifyInstance {
    personalData: PersonalData;
  }
}

export default fp(
  async (app) => {
    const { db, sessions, quotas, audit } = app;
    const [repository, users] = [createPersonalDataRepository(db), createUsersRepository(db)];
    app.decorate('personalData', createPersonalData({ repository, users, sessions, quotas, audit, db }));
  },
  { name: 'personal-data', dependencies: ['audit', 'db', 'quotas', 'sessions'] },
);
