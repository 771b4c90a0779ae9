// app.signIn: sign-in with a link or a code that is sent by mail.
import fp from 'fastify-plugin';
import { deriveKeys } from '#platform/config/secrets.js';
import { createSignInRepository } from '#sign-in/repository.js';
import { createSignIn, type SignIn } from '#sign-in/service.js';
import { createUsersRepository } from '#users/repository.js';

declare module 'fastify' {
  interface FastifyInstance {
    signIn: SignIn;
  }
}

export default fp(
  async (app) => {
    const {
      db,
      accountTokens,
      sessions,
      secondFactorLogin,
      mail,
      links,
      quotas,
      throttles,
      audit,
      settings,
      log,
      now,
    } = app;
    const repository = createSignInRepository();
    const keys = deriveKeys(app.config.secrets, 'sign-in-code/v1');
    const users = createUsersRepository(db);
    app.decorate(
      'signIn',
      createSignIn({
        repository,
        users,
        accountTokens,
        sessions,
        secondFactorLogin,
        mail,
        links,
        keys,
        quotas,
        throttles,
        audit,
        settings,
        db,
        log,
        now,
      }),
    );
  },
  {
    name: 'sign-in',
    dependencies: [
      'account-tokens',
      'audit',
      'db',
      'mail',
      'quotas',
      'second-factors',
      'sessions',
      'settings',
      'throttles',
    ],
  },
);
