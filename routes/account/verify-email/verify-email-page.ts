// The page /account/verify-email/, where the link of a mail that asks to verify an address leads.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { Password } from '#schemas/fields.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.accountPage({
    title: 'Verify your e-mail address',
    fields: Type.Object({
      action: Type.String(),
      current_password: Type.Optional(Type.Union([Type.Literal(''), Password])),
    }),
    form: async (token) => {
      const { email, hasPassword } = await app.emailProofs.check('verify_email', token);
      return {
        intro: [
          `An account was created with the address ${email}.`,
          hasPassword
            ? 'If that was you, enter the password that you chose. If not, choose "I did not create this account", and the account is locked.'
            : 'If it is yours, verify the address.',
        ],
        ...(hasPassword && { username: email }),
        fields: hasPassword
          ? [
              {
                name: 'current_password',
                label: 'Password',
                type: 'password' as const,
                autocomplete: 'current-password',
              },
            ]
          : [],
        buttons: [
          { label: 'Verify the address', name: 'action', value: 'verify' },
          { label: 'I did not create this account', name: 'action', value: 'disown', skipsFields: true },
        ],
      };
    },
    submit: async ({ token, action, current_password: password }, { origin }) => {
      if (action === 'disown') {
        await app.emailProofs.disown(token, origin);
        return {
          title: 'The account is locked',
          text: [
            'No one can sign in to it any more.',
            'If you want to use it yourself, request a link to set a new password where you sign in.',
          ],
        };
      }
      const { hasPassword } = await app.emailProofs.check('verify_email', token);
      await app.emailProofs.verify(token, hasPassword ? (password ?? '') : undefined, origin);
      return { title: 'Your address is verified', text: ['You can close this page.'] };
    },
  });
};

export default route;
