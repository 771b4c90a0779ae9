// app.settingHistory: what a setting was before, page by page.
import fp from 'fastify-plugin';
import { deriveKey } from '#platform/config/secrets.js';
import { createCursors } from '#platform/http/cursors.js';
import { createSettingHistory, type SettingHistory } from '#settings/history.js';

declare module 'fastify' {
  interface FastifyInstance {
    settingHistory: SettingHistory;
  }
}

export default fp(
  async (app) => {
    const [current, ...previous] = app.config.secrets;
    const key = (secret: string) => deriveKey(secret, 'cursor/v1');
    const keys = [key(current), ...previous.map(key)] as const;
    const cursorsOf = (name: string) => createCursors<number>(keys, `setting-history/${name}`);
    app.decorate('settingHistory', createSettingHistory({ settings: app.settings, cursorsOf }));
  },
  { name: 'setting-history', dependencies: ['settings'] },
);
