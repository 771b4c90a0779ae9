// GET /api/admin/settings/{name}/history/: the changes of a live setting.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { Cursor, Limit, PAGE_LENGTH } from '#schemas/admin/page.js';
import { exampleSettingHistory, SettingHistory, SettingPath, settingHistory } from '#schemas/admin/setting.js';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: {
        access: 'settings:read',
        errors: [
          refusal('not_a_cursor', '/query/cursor', 'is not a cursor of this list'),
          'setting_not_found',
          ...databaseErrors,
        ],
      },
      schema: {
        operationId: 'listSettingChanges',
        tags: ['Admin'],
        summary: 'List the changes of a live setting',
        description:
          'Every change that the setting has seen, the newest first: what it became, when, and by whom. They are kept for ever, and any of them is a place to roll back to.',
        params: SettingPath,
        querystring: Type.Object({ limit: Type.Optional(Limit), cursor: Type.Optional(Cursor) }),
        response: {
          200: success('A page of the history.', SettingHistory, { changes: exampleSettingHistory }),
        },
      },
    },
    async (request) => {
      const { limit = PAGE_LENGTH, cursor } = request.query;
      return settingHistory(await app.settingHistory.page(request.params.name, { limit: Number(limit), cursor }));
    },
  );
};

export default route;
