// POST /api/admin/roles/: makes a role.
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
        tags: ['Admin'],
        summary: 'Make a role',
        description:
          'Makes a role. Nobody puts permissions into it that they do not have; who has all of Latchkey itself may put in any.',
        body: CreateRoleBody,
        response: {
          201: success('The role.', Role, { support: exampleRole }),
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
