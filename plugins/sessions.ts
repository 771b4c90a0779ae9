// app.sessions: sessions and their rotating refresh tokens.
import fp from 'fastify-plugin';
import { createJobsRepository } from '#jobs/repository.js';
import { deriveKey, deriveKeys } from '#platform/config/secrets.js';
import { DEFAULT_DEADLINE } from '#platform/database/deadline.js';
import { createClientNetworks } from '#platform/http/client-network.js';
import { createKnownDevices } from '#sessions/known-devices.js';
import { createRefreshTokenCodec } from '#sessions/refresh-token.js';
import { createSessionsRepository } from '#sessions/repository.js';
import { createSecondFactorPolicy } from '#sessions/second-factor-policy.js';
import { createSessions, type Sessions } from '#sessions/service.js';

declare module 'fastify' {
  interface FastifyInstance {
    sessions: Sessions;
  }
}

export default fp(
  async (app) => {
    const codec = (secret: string) => createRefreshTokenCodec(deriveKey(secret, 'refresh-token/v1'));
    const [current, ...previous] = app.config.secrets;
    const sessions = createSessions({
      repository: createSessionsRepository(app.db),
      accessTokens: app.tokens,
      codecs: [codec(current), ...previous.map(codec)],
      roles: app.roles,
      audit: app.audit,
      jobs: createJobsRepository(app.db),
      devices: createKnownDevices({
        keys: deriveKeys(app.config.secrets, 'known-device/v1'),
        networkOf: createClientNetworks(app.config.trustedProxies),
      }),
      notices: app.notices,
      settings: app.settings,
      policy: createSecondFactorPolicy(app.settings, app.now),
      db: app.db,
      databaseDeadline: app.config.database.deadline ?? DEFAULT_DEADLINE,
      log: app.log,
      now: app.now,
      tracer: app.tracer,
    });
    app.decorate('sessions', sessions);
  },
  { name: 'sessions', dependencies: ['audit', 'db', 'notices', 'roles', 'settings', 'tokens', 'tracing'] },
);
