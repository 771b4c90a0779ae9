// app.settings: the live settings, held in memory and reloaded by app.tableWatcher.
import fp from 'fastify-plugin';
import { duringStart } from '#platform/database/deadline.js';
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
      repository: createSettingsRepository(app.essentialDb),
      defaults: app.config.settingDefaults,
      log: app.log,
    });
    // The start fails without one successful read: defaults must never replace what an operator has set.
    await duringStart(settings.reload);
    app.tableWatcher.add({ name: 'settings', channel: SETTINGS_CHANNEL, reload: settings.reload });
    app.decorate('settings', settings);
  },
  { name: 'settings', dependencies: ['db', 'table-watcher'] },
);
