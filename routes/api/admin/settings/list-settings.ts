// GET /api/admin/settings/: all live settings.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { exampleSettingList, SettingList, settingList } from '../../../../src/schemas/admin/setting.js';
import { databaseErrors, problems, tokenErrors } from '../../../../src/schemas/problem.js';
import { success } from '../../../../src/schemas/success.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'settings:read' },
      schema: {
        operationId: 'listSettings',
        tags: ['Admin'],
        summary: 'List the live settings',
        description:
          'Every live setting with its value, where that comes from, and what it may be, as the table has it now. A row that this version cannot act on is shown in `ignored`; the last good value stays in force.',
        response: {
          200: success('All live settings.', SettingList, { settings: exampleSettingList }),
          ...problems(...tokenErrors, 'forbidden', ...databaseErrors),
        },
      },
    },
    async () => settingList(await app.settings.findAll()),
  );
};

export default route;
