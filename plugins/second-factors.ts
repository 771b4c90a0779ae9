// app.secondFactors: authenticator apps, passkeys and recovery codes, as owners manage them. app.secondFactorLogin: logins with them.
// app.stepUp: operations that need a recent proof of identity. app.passkeys: what browsers need to use a passkey.
import fp from 'fastify-plugin';
import { serviceName } from '#mail/templates/values.js';
import { createPasskeyChallenges } from '#passkeys/challenges.js';
import { createPasskeysRepository } from '#passkeys/repository.js';
import { createPasskeys, type Passkeys } from '#passkeys/service.js';
import { createKeyedLimiter } from '#platform/concurrency/keyed-limiter.js';
import { createRecurringTask } from '#platform/concurrency/recurring-task.js';
import { deriveKeys } from '#platform/config/secrets.js';
import { Problem } from '#platform/errors/problem.js';
import { createFactorEncryption } from '#second-factors/encryption.js';
import { createSecondFactorLogin, QUEUE_MILLISECONDS, type SecondFactorLogin } from '#second-factors/login.js';
import { createSecondProofs } from '#second-factors/proofs.js';
import { createReencryption, type Reencryption } from '#second-factors/reencryption.js';
import { createSecondFactorsRepository } from '#second-factors/repository.js';
import { createSecondFactors, type SecondFactors } from '#second-factors/service.js';
import { createStepUp, type StepUp } from '#second-factors/step-up.js';
import { createPasswordAttempts } from '#users/password-attempts.js';
import { createUsersRepository } from '#users/repository.js';

declare module 'fastify' {
  interface FastifyInstance {
    secondFactors: SecondFactors;
    secondFactorLogin: SecondFactorLogin;
    stepUp: StepUp;
    passkeys: Passkeys;
    /** Re-encrypts secrets that a previous AUTH_SECRET has encrypted. Runs in the background while there is one. */
    reencryptSecondFactors: Reencryption;
  }
}

/** While AUTH_SECRET is being changed, instances with `old,new` and with `new,old` run side by side for a while. */
const REENCRYPTION_MILLISECONDS = 600_000;

export default fp(
  async (app) => {
    const { audit, config, db, log, mail, notices, now, passwords, sessions, settings, throttles } = app;
    const repository = createSecondFactorsRepository(db);
    const users = createUsersRepository(db);
    const encryption = createFactorEncryption(config.secrets);
    const attempts = createPasswordAttempts({ passwords, throttles });
    const { publicUrl } = config;
    const issuer = config.mail ? serviceName(config.mail.from, publicUrl) : (publicUrl?.host ?? config.issuer);
    const storedPasskeys = createPasskeysRepository(db);
    const challenges = createPasskeyChallenges(deriveKeys(config.secrets, 'passkey-challenge/v1'), now);
    const passkeys = createPasskeys({ repository: storedPasskeys, challenges, relyingParty: config.passkeys, log });
    app.decorate('passkeys', passkeys);
    const shared = { repository, passkeys, users, sessions, encryption, settings, audit, db, now };
    const proofs = createSecondProofs({ ...shared, notices, log });
    const limiter = createKeyedLimiter({
      deadline: QUEUE_MILLISECONDS,
      refuse: () => new Problem('database_unavailable'),
    });
    app.decorate('secondFactorLogin', createSecondFactorLogin({ ...shared, throttles, proofs, mail, limiter }));
    const stepUp = createStepUp({ ...shared, attempts, throttles, proofs, limiter });
    app.decorate('stepUp', stepUp);
    app.decorate(
      'secondFactors',
      createSecondFactors({ ...shared, storedPasskeys, attempts, throttles, stepUp, mail, notices, issuer }),
    );

    const run = createReencryption({ repository, encryption, log });
    app.decorate('reencryptSecondFactors', run);
    if (config.secrets.length === 1) return;
    const pause = () => REENCRYPTION_MILLISECONDS;
    const task = createRecurringTask({ name: 're-encryption of second factors', run, pause, log });
    app.addHook('onListen', async () => task.start());
    app.addHook('onClose', task.stop);
  },
  {
    name: 'second-factors',
    dependencies: ['audit', 'db', 'mail', 'notices', 'passwords', 'sessions', 'settings', 'throttles'],
  },
);
