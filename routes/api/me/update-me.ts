// PUT /api/me/: changes the bearer's own account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { Email, NewPassword, Password, Username } from '#schemas/fields.js';
import { databaseErrors, passwordErrors, refusal } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';
import { exampleProfile, Profile } from '#schemas/user.js';

const UpdateMeBody = Type.Partial(
  Type.Object({ email: Email, password: NewPassword, username: Username, current_password: Password }),
  body('UpdateMeBody', 'What is to change; what is left out stays as it is.', {
    username: { username: 'John Smith' },
    password: { password: 'correct horse battery staple', current_password: 'password' },
    email: { email: 'John.Smith@example.com', current_password: 'password' },
  }),
);

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.put(
    '/',
    {
      config: {
        access: 'user',
        errors: [
          refusal('wrong_type', '/username', 'must be string'),
          refusal(
            'common_password',
            '/password',
            'is among the most common passwords; choose several unrelated words, or let a password manager make one',
          ),
          'current_password_required',
          'current_password_wrong',
          'too_many_attempts',
          'email_taken',
          ...databaseErrors,
          ...passwordErrors,
        ],
      },
      schema: {
        operationId: 'updateMe',
        tags: ['Account'],
        summary: 'Change my account',
        description:
          'Changes e-mail address, password or username of the bearer of the access token; fields left out keep their value. `current_password` is checked when it is given, and needed to change e-mail address or password when the live setting `REQUIRE_CURRENT_PASSWORD` is on. A new password or address ends all other sessions of the account. Wrong ones count as at a login. The session of the access token must live.',
        body: UpdateMeBody,
        response: {
          200: success('The account, changed.', Profile, {
            username: { ...exampleProfile, username: 'John Smith' },
            password: exampleProfile,
            email: { ...exampleProfile, email: 'john.smith@example.com' },
          }),
        },
      },
    },
    async (request) => {
      const { current_password: currentPassword, email, password, username } = request.body;
      const changes = { email, password, username, currentPassword };
      const user = await app.users.update(request.user, changes, request.origin);
      const changed = Object.entries({ email, password, username }).flatMap(([name, value]) =>
        value === undefined ? [] : [name],
      );
      request.log.info({ event: 'account_changed', userId: user.id, changed, ip: request.ip }, 'account changed');
      return user;
    },
  );
};

export default route;
