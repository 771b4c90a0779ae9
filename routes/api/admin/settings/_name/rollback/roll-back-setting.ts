// POST /api/admin/settings/{name}/rollback/: gives a live setting a value that it had before.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { ChangeNumber, exampleSetting, ReadVersion, Setting, SettingPath, setting } from '#schemas/admin/setting.js';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';

const RollBackSettingBody = Type.Object(
  { to: ChangeNumber, version: ReadVersion },
  body('RollBackSettingBody', 'Where the setting is to go back to.', { default: { to: 0, version: 0 } }),
);

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'settings:write',
        errors: [
          refusal('missing_change_number', '/to', 'is required'),
          refusal(
            'no_longer_possible',
            '/to',
            'is a value that the setting cannot have any more: it must be an integer from 1 to 86400 seconds',
          ),
          'setting_not_found',
          'setting_version_not_found',
          'setting_changed',
          ...databaseErrors,
        ],
      },
      schema: {
        operationId: 'rollBackSetting',
        tags: ['Admin'],
        summary: 'Roll a live setting back',
        description:
          'Gives a live setting the value that it had after one of its changes, as a new change: the history only grows. In force as a change is, and only from the `version` that was read.',
        params: SettingPath,
        body: RollBackSettingBody,
        response: {
          200: success('The setting, as it was then.', Setting, { default: exampleSetting('ACCESS_TOKEN_LIFETIME') }),
        },
      },
    },
    async (request) => {
      const { to, version } = request.body;
      return setting(await app.settings.rollBack(request.params.name, to, version, request.act));
    },
  );
};

export default route;
