// app.readiness: whether this instance should receive traffic, and if not, why.
import fp from 'fastify-plugin';
import { readDurability } from '#platform/database/durability.js';
import { Problem } from '#platform/errors/problem.js';
import { toProblem } from '#platform/errors/translate.js';

/** What does not work although the instance serves. */
type Degradation = 'settings' | 'keys' | 'overload';

declare module 'fastify' {
  interface FastifyInstance {
    readiness: {
      /** Makes the instance report "not ready", because the process is about to stop. */
      drain(): void;
      /**
       * Resolves to what does not work although the instance serves. Throws a Problem with a `reason` if it should get no traffic:
       * `draining`, `database` (no answer), `read-only` (it accepts no writes), or `keys` (none to sign with).
       */
      check(): Promise<Degradation[]>;
    };
  }
}

/** Settings are read every 4 s. After this time without success they count as outdated, in seconds. */
const OUTDATED_SECONDS = 60;

export default fp(
  async (app) => {
    const { essentialDb, keys, overload, settings } = app;
    let draining = false;
    // Concurrent probes share one query, so that many probes do not fill the queue of the database pool.
    let pending: ReturnType<typeof readDurability> | undefined;
    const readShared = () => {
      pending ??= readDurability(essentialDb).finally(() => {
        pending = undefined;
      });
      return pending;
    };

    async function checkDatabase(): Promise<void> {
      const { readOnly } = await readShared().catch((error: unknown) => {
        const { code, cause } = toProblem(error);
        throw code === 'database_unavailable'
          ? new Problem(code, { extension: { reason: 'database' }, cause: cause ?? error })
          : error;
      });
      // After a failover, the connections may lead to a read-only server, which cannot serve logins.
      if (readOnly) throw new Problem('database_unavailable', { extension: { reason: 'read-only' } });
    }

    app.decorate('readiness', {
      drain: () => {
        draining = true;
      },
      check: async () => {
        if (draining) throw new Problem('shutting_down', { extension: { reason: 'draining' } });
        await checkDatabase();
        // Without a signing key, logins and refreshes would fail while everything else works.
        if (!keys.canSign()) throw new Problem('database_unavailable', { extension: { reason: 'keys' } });
        return [
          ...(settings.age() > OUTDATED_SECONDS ? (['settings'] as const) : []),
          ...(keys.unreadableCount() > 0 ? (['keys'] as const) : []),
          ...(overload.isPresent() ? (['overload'] as const) : []),
        ];
      },
    });
  },
  { name: 'readiness', dependencies: ['db', 'keys', 'overload', 'settings'] },
);
