// PUT /api/admin/settings/{name}/: changes a live setting.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { ExpectedVersion, exampleChangedSetting, Setting, SettingPath, setting } from '#schemas/admin/setting.js';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';

const ChangeSettingBody = Type.Object(
  {
    value: Type.Unknown({ description: 'The new value: an integer or a boolean, depending on the setting.' }),
    version: ExpectedVersion,
  },
  body('ChangeSettingBody', { change: { value: 60, version: 0 } }),
);

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.put(
    '/',
    {
      config: {
        access: 'settings:write',
        errors: [
          refusal('out_of_bounds', '/value', 'must be an integer from 1 to 86400 seconds'),
          'setting_not_found',
          'setting_changed',
          ...databaseErrors,
        ],
      },
      schema: {
        operationId: 'changeSetting',
        summary: 'Change a live setting',
        description:
          'Changes a live setting. The change is in effect on this instance when the response is sent, and on every instance within 5 seconds. Of two changes to the same `version`, the second returns 409.',
        params: SettingPath,
        body: ChangeSettingBody,
        response: {
          200: success('The changed setting.', Setting, { change: exampleChangedSetting }),
        },
      },
    },
    async (request) => {
      const { value, version } = request.body;
      return setting(
        await app.settings.set(request.params.name, value, { act: request.act, expectedVersion: version }),
      );
    },
  );
};

export default route;
