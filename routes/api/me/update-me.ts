// PUT /api/me/: changes the caller's account.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from '@sinclair/typebox';
import { Email, NewPassword, Password, Username } from '#schemas/fields.js';
import { commonPasswordRefusal, databaseErrors, passwordErrors, refusal } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';
import { exampleProfile, Profile } from '#schemas/user.js';

const UpdateMeBody = Type.Partial(
  Type.Object({ email: Email, password: NewPassword, username: Username, current_password: Password }),
  body(
    'UpdateMeBody',
    {
      username: { username: 'John Smith' },
      password: { password: 'correct horse battery staple', current_password: 'password' },
      email: { email: 'John.Smith@example.com', current_password: 'password' },
    },
    'The fields to change. Omitted fields keep their value.',
  ),
);

type UpdateMeBody = Static<typeof UpdateMeBody>;

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.put(
    '/',
    {
      config: {
        access: 'user',
        // A taken address gets another answer, as at a registration.
        limit: 'REGISTRATIONS_PER_HOUR',
        limits: ({ email }: UpdateMeBody) => email !== undefined,
        stepUp: ({ email, password }: UpdateMeBody) => email !== undefined || password !== undefined,
        errors: [
          refusal('wrong_type', '/username', 'must be a string'),
          commonPasswordRefusal,
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
        summary: 'Update my account',
        description:
          'Changes the e-mail address, password or username of your account; omitted fields keep their value. A new e-mail address or password ends all other sessions. If this service sends mail and your address is verified, or the live setting `REQUIRE_VERIFIED_EMAIL` is on, a new address takes effect when the link that is mailed to it is used; until then the response shows the old one. While the live setting `REQUIRE_CURRENT_PASSWORD` is on, both changes require `current_password`; if it is sent, it must be right, and wrong ones count like failed logins.',
        body: UpdateMeBody,
        response: {
          200: success('The updated account.', Profile, {
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
