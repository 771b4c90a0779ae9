// app.passwords: hashing and verifying, behind the gate that bounds it.
import { availableParallelism } from 'node:os';
import fp from 'fastify-plugin';
import { yieldInBackground } from '../src/background-threads.js';
import { Problem } from '../src/errors/problem.js';
import { createGate } from '../src/gate.js';
import { createPasswords, type Passwords } from '../src/passwords/service.js';

declare module 'fastify' {
  interface FastifyInstance {
    passwords: Passwords;
  }
}

export default fp(
  async (app) => {
    app.log.debug({ threads: await yieldInBackground() }, 'threads that hash yield to the others');
    const cores = Math.max(1, Math.floor(availableParallelism() / app.config.workers));
    const gate = createGate({
      concurrency: cores,
      // About as many as are hashed within the deadline.
      queue: 128 * cores,
      deadline: 3000,
      overloadDeadline: 500,
      isClosed: app.overload.isPresent,
      refuse: () => new Problem('overloaded'),
    });
    app.decorate('passwords', await createPasswords({ gate, cost: app.config.argon2, settings: app.settings }));
  },
  { name: 'passwords', dependencies: ['overload', 'settings'] },
);
