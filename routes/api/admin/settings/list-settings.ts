// GET /api/admin/settings/: lists the live settings.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { exampleSettingList, SettingList, settingList } from '#schemas/admin/setting.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'settings:read', errors: [...databaseErrors] },
      schema: {
        operationId: 'listSettings',
        summary: 'List the live settings',
        description:
          'Returns every live setting, read from the database. If a stored value is not valid in this version, `ignored` says why, and the last valid value stays in effect.',
        response: {
          200: success('All live settings.', SettingList, { settings: exampleSettingList }),
        },
      },
    },
    async () => settingList(await app.settings.findAll()),
  );
};

export default route;
