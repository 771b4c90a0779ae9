// app.users: accounts, as their owners use them. app.userAdministration: accounts, as operators see and change them. app.emailProofs: what
// the links in mails do with accounts. app.accountDeletion: deletes accounts with their data.
import fp from 'fastify-plugin';
import { createAccountTokensRepository } from '#account-tokens/repository.js';
import { createAuditRepository } from '#audit/repository.js';
import { createJobsRepository } from '#jobs/repository.js';
import { createMailsRepository } from '#mail/repository.js';
import { deriveKeys } from '#platform/config/secrets.js';
import { createCursors } from '#platform/http/pagination.js';
import { createSessionsRepository } from '#sessions/repository.js';
import { createUserAdministration, type UserAdministration } from '#users/administration.js';
import { type AccountDeletion, createAccountDeletion } from '#users/deletion.js';
import { createEmailProofs, type EmailProofs } from '#users/email-proofs.js';
import { createPasswordAttempts } from '#users/password-attempts.js';
import { createUsersRepository, type UsersRepository } from '#users/repository.js';
import { createUsers, type Users } from '#users/service.js';

declare module 'fastify' {
  interface FastifyInstance {
    users: Users;
    userAdministration: UserAdministration;
    emailProofs: EmailProofs;
    accountDeletion: AccountDeletion;
  }
}

export default fp(
  async (app) => {
    const { db, sessions, passwords, throttles, roles, audit, notices, quotas, settings, log } = app;
    const { accountTokens, emailLinks, mail, tracer } = app;
    const repository = createUsersRepository(db);
    const auditRepository = createAuditRepository(db);
    const deletion = createAccountDeletion({
      repository,
      sessions: createSessionsRepository(db),
      accountTokens: createAccountTokensRepository(db),
      audit: auditRepository,
      mails: createMailsRepository(db),
      jobs: createJobsRepository(db),
    });
    app.decorate('accountDeletion', deletion);
    const shared = { repository, sessions, passwords, audit, notices, accountTokens, emailLinks, mail, db };
    const attempts = createPasswordAttempts({ passwords, throttles });
    app.decorate('users', createUsers({ ...shared, attempts, roles, deletion, quotas, settings, log, tracer }));
    const read = app.readerOf(repository, createUsersRepository);
    const findAccounts: UsersRepository['findAccounts'] = (...query) => read((each) => each.findAccounts(...query));
    const cursors = createCursors<number>(deriveKeys(app.config.secrets, 'cursor/v1'), 'users');
    app.decorate(
      'userAdministration',
      createUserAdministration({
        ...shared,
        findAccounts,
        audit: auditRepository,
        throttles,
        roles,
        deletion,
        cursors,
      }),
    );
    app.decorate('emailProofs', createEmailProofs({ ...shared, attempts, throttles, deletion }));
  },
  {
    name: 'users',
    dependencies: [
      'account-tokens',
      'audit',
      'db',
      'email-links',
      'mail',
      'notices',
      'sessions',
      'passwords',
      'quotas',
      'replica',
      'roles',
      'settings',
      'throttles',
      'tracing',
    ],
  },
);
