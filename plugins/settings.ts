// app.settings: live settings, in memory, kept fresh by app.tableWatcher.
import fp from 'fastify-plugin';
import { createSettingsRepository, SETTINGS_CHANNEL } from '#settings/repository.js';
import { createSettings, type Settings } from '#settings/service.js';

declare module 'fastify' {
  interface FastifyInstance {
    settings: Settings;
  }
}

export default fp(
  async (app) => {
    const settings = createSettings({
      repository: createSettingsRepository(app.db),
      defaults: app.config.settingDefaults,
      log: app.log,
    });
    // Defaults must never stand in for what an operator has set: no start without one good read.
    await settings.reload();
    app.tableWatcher.add({ name: 'settings', channel: SETTINGS_CHANNEL, reload: settings.reload });
    app.decorate('settings', settings);
  },
  { name: 'settings', dependencies: ['db', 'table-watcher'] },
);
