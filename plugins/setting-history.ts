// app.settingHistory: the change history of settings, with pagination.
import fp from 'fastify-plugin';
import { deriveKeys } from '#platform/config/secrets.js';
import { createCursors } from '#platform/http/pagination.js';
import { createSettingHistory, type SettingHistory } from '#settings/history.js';

declare module 'fastify' {
  interface FastifyInstance {
    settingHistory: SettingHistory;
  }
}

export default fp(
  async (app) => {
    const keys = deriveKeys(app.config.secrets, 'cursor/v1');
    const cursorsOf = (name: string) => createCursors<number>(keys, `setting-history/${name}`);
    app.decorate('settingHistory', createSettingHistory({ settings: app.settings, cursorsOf }));
  },
  { name: 'setting-history', dependencies: ['settings'] },
);
