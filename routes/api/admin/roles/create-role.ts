// POST /api/admin/roles/: makes a role.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { CreateRoleBody, exampleRole, Role, role } from '../../../../src/schemas/admin/role.js';
import {
  bodyErrors,
  databaseErrors,
  permissionErrors,
  problems,
  refusal,
  tokenErrors,
} from '../../../../src/schemas/problem.js';
import { success } from '../../../../src/schemas/success.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: { access: 'roles:write' },
      schema: {
        operationId: 'createRole',
        tags: ['Admin'],
        summary: 'Make a role',
        description:
          'Makes a role. Nobody puts permissions into it that they do not have; who has all of Latchkey itself may put in any.',
        body: CreateRoleBody,
        response: {
          201: success('The role.', Role, { support: exampleRole }),
          ...problems(
            refusal('missing_permissions', '/permissions', 'is required'),
            ...bodyErrors,
            ...tokenErrors,
            ...permissionErrors,
            'role_exists',
            'role_being_removed',
            ...databaseErrors,
          ),
        },
      },
    },
    async (request, reply) => {
      const { act } = request;
      const { name, description = '', permissions } = request.body;
      const made = await app.roles.create({ name, description, permissions }, act, request.permissions);
      request.log.info({ event: 'role_created', role: name, by: request.user.userId }, 'role created');
      return reply.code(201).send(role(made));
    },
  );
};

export default route;
