// DELETE /api/admin/settings/{name}/: takes a live setting back to its default.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { exampleSetting, ReadVersionText, Setting, SettingPath, setting } from '#schemas/admin/setting.js';
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
        tags: ['Admin'],
        summary: 'Reset a live setting',
        description:
          'Takes a live setting back to its default: what the environment says, or the default of this version. In force as a change is, and only from the `version` that was read.',
        params: SettingPath,
        querystring: Type.Object({ version: ReadVersionText }),
        response: {
          200: success('The setting, at its default.', Setting, { reset: exampleSetting('ACCESS_TOKEN_LIFETIME') }),
        },
      },
    },
    async (request) =>
      setting(await app.settings.revert(request.params.name, Number(request.query.version), request.act)),
  );
};

export default route;
