// GET /api/admin/users/: lists accounts.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { cursorRefusal, pageRequest, paginationQuery } from '#schemas/admin/pagination.js';
import { NewRoleName } from '#schemas/admin/role.js';
import { exampleUser, UserList, user } from '#schemas/admin/user.js';
import { Username } from '#schemas/fields.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'users:read', errors: [cursorRefusal, ...databaseErrors] },
      schema: {
        operationId: 'listUsers',
        summary: 'List accounts',
        description:
          'Lists accounts, ordered by id. Filters are combined with AND. `email` matches the beginning of the address, ignoring case; there are no wildcards.',
        querystring: Type.Object({
          email: Type.Optional(
            Type.String({
              maxLength: 254,
              pattern: Username.pattern as string,
              description: 'The beginning of the e-mail address.',
            }),
          ),
          search: Type.Optional(
            Type.String({
              maxLength: 254,
              pattern: Username.pattern as string,
              description: 'A part of the e-mail address or username, ignoring case.',
            }),
          ),
          role: Type.Optional({ ...NewRoleName, description: 'A role that the accounts have.' }),
          disabled: Type.Optional(
            Type.Unsafe<string>({
              type: 'string',
              enum: ['true', 'false'],
              description: '`true` for disabled accounts only, `false` for all others.',
            }),
          ),
          ...paginationQuery,
        }),
        response: {
          200: success('A page of accounts.', UserList, {
            users: { users: [{ ...exampleUser, roles: ['admin'] }], next_cursor: null },
          }),
        },
      },
    },
    async (request) => {
      const { email, search, role, disabled } = request.query;
      const filter = {
        emailPrefix: email,
        search,
        role,
        disabled: disabled === undefined ? undefined : disabled === 'true',
      };
      const found = await app.userAdministration.list(filter, pageRequest(request.query));
      return { users: found.rows.map(user), next_cursor: found.nextCursor };
    },
  );
};

export default route;
