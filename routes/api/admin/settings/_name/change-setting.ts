// PUT /api/admin/settings/{name}/: changes a live setting.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { exampleChangedSetting, ReadVersion, Setting, SettingPath, setting } from '#schemas/admin/setting.js';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';

const ChangeSettingBody = Type.Object(
  {
    value: Type.Unknown({ description: 'The new value: an integer or a boolean, as the setting asks for.' }),
    version: ReadVersion,
  },
  body('ChangeSettingBody', 'What the setting is to become.', { change: { value: 60, version: 0 } }),
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
        tags: ['Admin'],
        summary: 'Change a live setting',
        description:
          'Changes a live setting, in force here when the answer comes and on every instance within 5 seconds, most often within some milliseconds. `version` is the one that was read: of two changes made from the same one, the first is made and the other answers 409.',
        params: SettingPath,
        body: ChangeSettingBody,
        response: {
          200: success('The setting, changed.', Setting, { change: exampleChangedSetting }),
        },
      },
    },
    async (request) => {
      const { value, version } = request.body;
      return setting(await app.settings.change(request.params.name, value, version, request.act));
    },
  );
};

export default route;
