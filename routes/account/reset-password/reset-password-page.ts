// The page /account/reset-password/, where the link of a mail that resets a password leads.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { NewPassword } from '#schemas/fields.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.accountPage({
    title: 'Choose a new password',
    fields: Type.Object({ password: NewPassword }),
    form: async (token) => {
      const { email } = await app.emailProofs.check('reset_password', token);
      return {
        intro: [`This sets a new password for ${email}, and signs you out everywhere.`],
        username: email,
        fields: [
          {
            name: 'password',
            label: 'New password',
            type: 'password',
            autocomplete: 'new-password',
            hint: `At least ${app.settings.get('PASSWORD_MIN_LENGTH')} characters.`,
          },
        ],
        buttons: [{ label: 'Set the password' }],
      };
    },
    submit: async ({ token, password }, { origin }) => {
      await app.emailProofs.resetPassword(token, password, origin);
      return { title: 'Your password is set', text: ['You can sign in with it now.'] };
    },
  });
};

export default route;
