// GET /api/admin/settings/{name}/: returns one live setting.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { exampleSetting, Setting, SettingPath, setting } from '#schemas/admin/setting.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'settings:read', errors: ['setting_not_found', ...databaseErrors] },
      schema: {
        operationId: 'getSetting',
        summary: 'Read a live setting',
        description: 'Returns one live setting, read from the database.',
        params: SettingPath,
        response: {
          200: success('The setting.', Setting, { setting: exampleSetting('ACCESS_TOKEN_LIFETIME') }),
        },
      },
    },
    async (request) => setting(await app.settings.find(request.params.name)),
  );
};

export default route;
