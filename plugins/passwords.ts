// app.passwords: the rules for passwords, hashing and verification.
import { availableParallelism } from 'node:os';
import fp from 'fastify-plugin';
import { createBreaches } from '#passwords/breaches.js';
import { createForeignHashes } from '#passwords/foreign/foreign-hashes.js';
import { createPasswords, type Passwords, serviceNames } from '#passwords/service.js';
import { type ConcurrencyLimiter, createConcurrencyLimiter } from '#platform/concurrency/concurrency-limiter.js';
import { Problem } from '#platform/errors/problem.js';
import { lowerThreadPoolPriority, threadPoolSize } from '#platform/process/thread-pool.js';
import type { Tracer } from '#platform/tracing/tracer.js';

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
    // What the pool does not run at once would wait unseen, and each estimate of the time would be too low.
    const cores = Math.min(threadPoolSize, Math.max(1, Math.floor(availableParallelism() / app.config.workers)));
    const wait = app.metrics.histogram({
      name: 'latchkey_password_hash_wait_seconds',
      help: 'Time that passwords waited before they were hashed.',
    })();
    const refused = app.metrics.counter({
      name: 'latchkey_password_hashes_refused_total',
      help: 'Passwords that were not hashed: the queue was too long, the process was overloaded, or the client had left.',
    })();
    const limiter = createConcurrencyLimiter({
      concurrency: cores,
      // Otherwise a thread that has finished a hash would wait for the main thread. Each hash takes memory, so only where a queue lasts.
      reserveFrom: 4 * cores,
      // About as many as can be hashed within the deadline.
      queue: 128 * cores,
      deadline: 3000,
      overloadDeadline: 500,
      burst: 20 * cores,
      shortQueueDeadline: 1500,
      stormDeadline: 600,
      onBegin: (milliseconds) => wait.observe(milliseconds / 1000),
      isClosed: app.overload.isPresent,
      refuse: () => {
        refused.value += 1;
        return new Problem('overloaded');
      },
    });
    app.metrics.gauge(
      {
        name: 'latchkey_password_hashes',
        help: 'Passwords that are being hashed now, and that wait for it.',
        labels: ['state'],
      },
      () => Object.entries(limiter.load()).map(([state, count]) => [[state], count] as const),
    );
    const { argon2: cost, passwordBreachUrl: url, firebaseSignerKey } = app.config;
    const breaches = createBreaches({ url, log: app.log, tracer: app.tracer });
    app.decorate(
      'passwords',
      await createPasswords({
        limiter: app.tracing === undefined ? limiter : traced(limiter, app.tracing),
        cost,
        settings: app.settings,
        breaches,
        foreignHashes: createForeignHashes({ firebaseSignerKey, log: app.log }),
        serviceNames: serviceNames(app.config),
      }),
    );
  },
  { name: 'passwords', dependencies: ['metrics', 'overload', 'settings', 'tracing'] },
);

/** A span for each password, and another in it for the hash itself: what is missing between them is the wait. */
function traced(limiter: ConcurrencyLimiter, { trace }: Tracer): ConcurrencyLimiter {
  return {
    ...limiter,
    run: async (work, wait) => trace('password', () => limiter.run(async () => trace('password hash', work), wait)),
  };
}
