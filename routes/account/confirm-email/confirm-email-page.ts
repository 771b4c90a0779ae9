// The page /account/confirm-email/, where the link of a mail to the new address of an account leads.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.accountPage({
    title: 'Confirm your new e-mail address',
    fields: Type.Object({}),
    form: async (token) => {
      const { email, pendingEmail } = await app.emailProofs.check('change_email', token);
      return {
        intro: [
          `The account with the address ${email} gets the address ${pendingEmail ?? 'to which this link was sent'}.`,
          'You have to sign in again afterwards.',
        ],
        buttons: [{ label: 'Change the address' }],
      };
    },
    submit: async ({ token }, { origin }) => {
      await app.emailProofs.confirmChange(token, origin);
      return { title: 'Your address is changed', text: ['Sign in with the new address from now on.'] };
    },
  });
};

export default route;
