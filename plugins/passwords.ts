// app.passwords: the rules for passwords, hashing and verification.
import { availableParallelism } from 'node:os';
import fp from 'fastify-plugin';
import { createBreaches } from '#passwords/breaches.js';
import { createForeignHashes } from '#passwords/foreign/foreign-hashes.js';
import { createPasswords, type Passwords, serviceNames } from '#passwords/service.js';
import { createConcurrencyLimiter } from '#platform/concurrency/concurrency-limiter.js';
import { Problem } from '#platform/errors/problem.js';
import { lowerThreadPoolPriority } from '#platform/process/thread-pool-priority.js';

declare module 'fastify' {
  interface FastifyInstance {
    passwords: Passwords;
  }
}

export default fp(
  async (app) => {
    app.log.debug(
      { threads: await lowerThreadPoolPriority() },
      'threads that hash passwords run with a lower priority',
    );
    const cores = Math.max(1, Math.floor(availableParallelism() / app.config.workers));
    const limiter = createConcurrencyLimiter({
      concurrency: cores,
      // About as many as can be hashed within the deadline.
      queue: 128 * cores,
      deadline: 3000,
      overloadDeadline: 500,
      isClosed: app.overload.isPresent,
      refuse: () => new Problem('overloaded'),
    });
    const { argon2: cost, passwordBreachUrl: url, firebaseSignerKey } = app.config;
    const breaches = createBreaches({ url, log: app.log });
    app.decorate(
      'passwords',
      await createPasswords({
        limiter,
        cost,
        settings: app.settings,
        breaches,
        foreignHashes: createForeignHashes({ firebaseSignerKey, log: app.log }),
        serviceNames: serviceNames(app.config),
      }),
    );
  },
  { name: 'passwords', dependencies: ['overload', 'settings'] },
);
