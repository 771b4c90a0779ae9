// The page /account/confirm-email/, where the link of a mail to the new address of an account leads. Its reader may be a stranger whose
// address was typed by mistake: the page does not show the address that the account has.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { Password } from '#schemas/fields.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.accountPage({
    title: 'Confirm your new e-mail address',
    fields: Type.Object({
      action: Type.String(),
      current_password: Type.Optional(Type.Union([Type.Literal(''), Password])),
    }),
    form: async (token) => {
      const { pendingEmail, hasPassword } = await app.emailProofs.check('change_email', token);
      const address = pendingEmail ?? 'to which this link was sent';
      const cancel = { label: 'This is not my account', name: 'action', value: 'cancel', skipsFields: true };
      if (!hasPassword) {
        return {
          intro: [
            `The address of an account is to be changed to ${address}.`,
            'If the account is yours, set a password first: request a link for that where you sign in. Then change the address again.',
            'If not, choose "This is not my account" to cancel the change.',
          ],
          buttons: [cancel],
        };
      }
      return {
        intro: [
          `The address of an account is to be changed to ${address}.`,
          'If the account is yours, enter its password. You have to sign in again afterwards. If not, choose "This is not my account" to cancel the change.',
        ],
        fields: [
          {
            name: 'current_password',
            label: 'Password',
            type: 'password' as const,
            autocomplete: 'current-password',
          },
        ],
        buttons: [{ label: 'Change the address', name: 'action', value: 'confirm' }, cancel],
      };
    },
    submit: async ({ token, action, current_password: password }, { origin }) => {
      if (action === 'cancel') {
        await app.emailProofs.cancelChange(token, origin);
        return { title: 'The change is cancelled', text: ['The account does not get your address.'] };
      }
      await app.emailProofs.confirmChange(token, password ?? '', origin);
      return { title: 'Your address is changed', text: ['Sign in with the new address from now on.'] };
    },
  });
};

export default route;
