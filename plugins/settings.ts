// app.settings: live settings, in memory, kept fresh by LISTEN and by a poll.
import fp from 'fastify-plugin';
import { createClient } from '../src/database/database.js';
import { createSettingsRepository } from '../src/settings/repository.js';
import { createSettings, type Settings } from '../src/settings/service.js';
import { watchSettings } from '../src/settings/watch.js';

declare module 'fastify' {
  interface FastifyInstance {
    settings: Settings;
  }
}

export default fp(
  async (app) => {
    const { database, settingDefaults } = app.config;
    const settings = createSettings({
      repository: createSettingsRepository(app.db),
      defaults: settingDefaults,
      log: app.log,
    });
    // Defaults must never stand in for what an operator has set: no start without one good read.
    await settings.reload();
    const openListener = database.canListen
      ? () => createClient({ url: database.directUrl, poolSize: 1, transactionPooler: false })
      : undefined;
    const watch = watchSettings({ settings, openListener, log: app.log });
    app.addHook('onClose', watch.stop);
    app.decorate('settings', settings);
  },
  { name: 'settings', dependencies: ['db'] },
);
