// GET /api/admin/settings/{name}/history/: lists the changes of a live setting.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { cursorRefusal, pageRequest, paginationQuery } from '#schemas/admin/pagination.js';
import { exampleSettingHistory, SettingHistory, SettingPath, settingHistory } from '#schemas/admin/setting.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: {
        access: 'settings:read',
        errors: [cursorRefusal, 'setting_not_found', ...databaseErrors],
      },
      schema: {
        operationId: 'listSettingChanges',
        summary: 'List the changes of a live setting',
        description:
          'Returns every change of the setting, newest first. Changes are kept forever, and the setting can be rolled back to any of them.',
        params: SettingPath,
        querystring: Type.Object(paginationQuery),
        response: {
          200: success('A page of the history.', SettingHistory, { changes: exampleSettingHistory }),
        },
      },
    },
    async (request) => {
      return settingHistory(await app.settingHistory.page(request.params.name, pageRequest(request.query)));
    },
  );
};

export default route;
