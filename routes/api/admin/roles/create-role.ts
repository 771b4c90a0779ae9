// POST /api/admin/roles/: creates a role.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { CreateRoleBody, exampleRole, Role, role } from '#schemas/admin/role.js';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'roles:write',
        errors: [
          refusal('missing_permissions', '/permissions', 'is required'),
          'role_exists',
          'role_being_removed',
          ...databaseErrors,
        ],
      },
      schema: {
        operationId: 'createRole',
        summary: 'Create a role',
        description:
          'Creates a role. You cannot give it permissions that you do not have, unless you have every permission of Latchkey itself: then you can give it any.',
        body: CreateRoleBody,
        response: {
          201: success('The new role.', Role, { support: exampleRole }),
        },
      },
    },
    async (request, reply) => {
      const { name, description = '', permissions } = request.body;
      const created = await app.roles.create({ name, description, permissions }, request.operator);
      request.log.info({ event: 'role_created', role: name, by: request.user.userId }, 'role created');
      return reply.code(201).send(role(created));
    },
  );
};

export default route;
