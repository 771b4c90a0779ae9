// GET /api/admin/settings/: all live settings.
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
        tags: ['Admin'],
        summary: 'List the live settings',
        description:
          'Every live setting with its value, where that comes from, and what it may be, as the table has it now. A row that this version cannot act on is shown in `ignored`; the last good value stays in force.',
        response: {
          200: success('All live settings.', SettingList, { settings: exampleSettingList }),
        },
      },
    },
    async () => settingList(await app.settings.findAll()),
  );
};

export default route;
