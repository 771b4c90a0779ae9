// POST /api/admin/settings/{name}/rollback/: restores a previous value of a live setting.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import {
  ChangeNumber,
  ExpectedVersion,
  exampleSetting,
  Setting,
  SettingPath,
  setting,
} from '#schemas/admin/setting.js';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';

const RollBackSettingBody = Type.Object(
  { to: ChangeNumber, version: ExpectedVersion },
  body('RollBackSettingBody', { default: { to: 0, version: 0 } }),
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
            'refers to a value that is no longer valid: it must be an integer from 1 to 86400 seconds',
          ),
          'setting_not_found',
          'setting_version_not_found',
          'setting_changed',
          ...databaseErrors,
        ],
      },
      schema: {
        operationId: 'rollBackSetting',
        summary: 'Roll a live setting back',
        description:
          'Restores the value that a live setting had after one of its changes. This is recorded and takes effect like any other change.',
        params: SettingPath,
        body: RollBackSettingBody,
        response: {
          200: success('The setting with the restored value.', Setting, {
            default: exampleSetting('ACCESS_TOKEN_LIFETIME'),
          }),
        },
      },
    },
    async (request) => {
      const { to, version } = request.body;
      return setting(
        await app.settings.rollBack(request.params.name, to, { act: request.act, expectedVersion: version }),
      );
    },
  );
};

export default route;
