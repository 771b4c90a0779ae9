// DELETE /api/admin/settings/{name}/: resets a live setting to its default.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { ExpectedVersionText, exampleSetting, Setting, SettingPath, setting } from '#schemas/admin/setting.js';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.delete(
    '/',
    {
      config: {
        access: 'settings:write',
        errors: [
          refusal('missing_version', '/query/version', 'is required'),
          'setting_not_found',
          'setting_changed',
          ...databaseErrors,
        ],
      },
      schema: {
        operationId: 'resetSetting',
        summary: 'Reset a live setting',
        description:
          'Resets a live setting to its default: the value from the environment, or the default of this version. Takes effect like a change.',
        params: SettingPath,
        querystring: Type.Object({ version: ExpectedVersionText }),
        response: {
          200: success('The setting with its default value.', Setting, {
            reset: exampleSetting('ACCESS_TOKEN_LIFETIME'),
          }),
        },
      },
    },
    async (request) =>
      setting(
        await app.settings.reset(request.params.name, {
          act: request.act,
          expectedVersion: Number(request.query.version),
        }),
      ),
  );
};

export default route;
