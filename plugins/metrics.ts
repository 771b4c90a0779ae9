// app.outcomes: how logins, registrations and refreshes end. Also measures the database, settings, signing keys and mails.
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Totals } from '#activity/names.js';
import { createMailsRepository } from '#mail/repository.js';
import type { Count } from '#platform/metrics/registry.js';
import { refreshOutcomes, refusedRefreshOutcome } from '#sessions/refresh-outcomes.js';

/** How a session begins; `second_factor`: a login that got `second_factor_required` before. */
type LoginMethod = 'password' | 'email' | 'passkey' | 'second_factor';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route counts how its requests end. It reports successes to `app.outcomes`; errors are counted by themselves. */
    outcome?: { readonly of: 'login'; readonly method: LoginMethod } | { readonly of: 'registration' | 'refresh' };
  }
  interface FastifyInstance {
    /** Called by routes after a success. */
    outcomes: {
      login(method: LoginMethod): void;
      registration(): void;
      /** `isRepeated`: the successor of the token was sent again. */
      refresh(isRepeated: boolean): void;
      /** How often each happened since the process has started. */
      totals(): Totals;
    };
  }
}

/** Mails that have been waiting for longer than this count as overdue, in seconds. */
const OVERDUE_SECONDS = 300;

/** The errors of a login that are its caller's fault, apart from `too_many_attempts`. */
const FAILED_LOGIN = new Set([
  'invalid_credentials',
  'email_not_verified',
  'second_factor_wrong',
  'passkey_refused',
  'invalid_challenge',
  'invalid_email_token',
]);

export default fp(
  async (app) => {
    const { metrics, settings, keys } = app;
    const logins = metrics.counter(
      {
        name: 'latchkey_logins_total',
        help: 'Attempts to log in, by method and outcome: succeeded, or the code of the error.',
        labels: ['method', 'outcome'],
      },
      [
        ['password', 'succeeded'],
        ['password', 'invalid_credentials'],
        ['password', 'too_many_attempts'],
        ['email', 'succeeded'],
        ['passkey', 'succeeded'],
        ['passkey', 'passkey_refused'],
        ['second_factor', 'succeeded'],
        ['second_factor', 'second_factor_wrong'],
      ],
    );
    const registrations = metrics.counter(
      {
        name: 'latchkey_registrations_total',
        help: 'Attempts to register an account, by outcome: succeeded, or the code of the error.',
        labels: ['outcome'],
      },
      [['succeeded'], ['email_taken']],
    );
    const refreshes = metrics.counter(
      {
        name: 'latchkey_refreshes_total',
        help: 'Refreshes by outcome. reused: a used token came back and its session was ended. failed: an error of the service.',
        labels: ['outcome'],
      },
      refreshOutcomes.map((outcome) => [outcome]),
    );
    // Refreshes are the most frequent of these, and must cost nothing.
    const [rotated, repeated] = [refreshes('rotated'), refreshes('repeated')];
    const succeeded: Record<LoginMethod, Count> = {
      password: logins('password', 'succeeded'),
      email: logins('email', 'succeeded'),
      passkey: logins('passkey', 'succeeded'),
      second_factor: logins('second_factor', 'succeeded'),
    };
    const registered = registrations('succeeded');
    const reused = refreshes('reused');
    let [failedLogins, delayedLogins] = [0, 0];
    app.decorate('outcomes', {
      login: (method) => {
        succeeded[method].value += 1;
      },
      registration: () => {
        registered.value += 1;
      },
      refresh: (isRepeated) => {
        (isRepeated ? repeated : rotated).value += 1;
      },
      totals: () => ({
        logins: Object.values(succeeded).reduce((sum, { value }) => sum + value, 0),
        failed_logins: failedLogins,
        delayed_logins: delayedLogins,
        refreshes: rotated.value,
        registrations: registered.value,
        reused_tokens: reused.value,
      }),
    });
    app.onProblem((request: FastifyRequest, { code, status }) => {
      const { outcome } = request.routeOptions.config;
      if (outcome === undefined) return;
      if (outcome.of === 'login') {
        logins(outcome.method, code).value += 1;
        if (FAILED_LOGIN.has(code)) failedLogins += 1;
        else if (code === 'too_many_attempts') delayedLogins += 1;
      } else if (outcome.of === 'registration') registrations(code).value += 1;
      else refreshes(refusedRefreshOutcome(code, status)).value += 1;
    });

    metrics.gauge(
      {
        name: 'latchkey_database_connections',
        help: 'Connections to Postgres that run a query or a transaction, and the others that DATABASE_POOL_SIZE allows.',
        labels: ['state'],
      },
      () => {
        const { size, inUse } = app.databaseStatistics();
        return [
          [['in_use'], inUse],
          [['free'], size - inUse],
        ];
      },
    );
    metrics.gauge(
      {
        name: 'latchkey_database_queries',
        help: 'Queries and transactions that run, and that wait for a connection.',
        labels: ['state'],
      },
      () => {
        const { callers, waiting } = app.databaseStatistics();
        return [
          [['running'], callers - waiting],
          [['waiting'], waiting],
        ];
      },
    );
    metrics.countedBy(
      {
        name: 'latchkey_database_deadline_misses_total',
        help: 'Queries and transactions that Postgres did not answer within the deadline.',
      },
      () => app.databaseStatistics().deadlineMisses,
    );
    metrics.countedBy(
      {
        name: 'latchkey_database_queries_refused_total',
        help: 'Queries that were refused because too many others were waiting.',
      },
      () => app.databaseStatistics().refusals,
    );

    metrics.gauge(
      {
        name: 'latchkey_settings_version',
        help: 'Id of the latest change of a setting that is in effect; of several processes the lowest.',
        aggregation: 'min',
      },
      settings.version,
    );
    metrics.gauge(
      {
        name: 'latchkey_settings_age_seconds',
        help: 'Time since the settings were last read; of several processes the longest.',
        aggregation: 'max',
      },
      settings.age,
    );

    metrics.gauge(
      { name: 'latchkey_signing_keys', help: 'Signing keys by state.', labels: ['state'], aggregation: 'max' },
      () => KEY_STATES.map((state) => [[state], keys.ages().filter((key) => key.state === state).length] as const),
    );
    metrics.gauge(
      {
        name: 'latchkey_signing_key_age_seconds',
        help: 'Age of the oldest key in this state: since its creation (next), or since it began to sign (active, retired).',
        labels: ['state'],
        aggregation: 'max',
      },
      () =>
        KEY_STATES.flatMap((state) => {
          const ages = keys.ages().flatMap((key) => (key.state === state ? [key.seconds] : []));
          return ages.length === 0 ? [] : [[[state], Math.max(...ages)] as const];
        }),
    );
    metrics.gauge(
      {
        name: 'latchkey_signing_keys_unreadable',
        help: 'Signing keys that cannot be read: damaged, or encrypted with another AUTH_SECRET.',
        aggregation: 'max',
      },
      keys.unreadableCount,
    );

    const mails = createMailsRepository(app.db);
    metrics.gauge(
      {
        name: 'latchkey_mails',
        help: `E-mails in the outbox: waiting, of these overdue (for more than ${OVERDUE_SECONDS} seconds), and dead (given up).`,
        labels: ['state'],
        aggregation: 'max',
      },
      async () => {
        const { waiting, overdue, dead } = await mails.countProblems(OVERDUE_SECONDS);
        return [
          [['waiting'], waiting],
          [['overdue'], overdue],
          [['dead'], dead],
        ];
      },
    );
  },
  { name: 'service-metrics', dependencies: ['db', 'errors', 'keys', 'metrics', 'settings'] },
);

const KEY_STATES = ['next', 'active', 'retired'] as const;
