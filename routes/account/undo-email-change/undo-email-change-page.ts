// The page /account/undo-email-change/, where the link of a mail to the old address of an account leads.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.accountPage({
    title: 'Undo the change of your e-mail address',
    fields: Type.Object({}),
    form: async (token) => {
      await app.emailProofs.check('undo_email_change', token);
      return {
        intro: [
          'If you did not change the e-mail address of your account, undo the change. Your account gets this address back, and everyone who is signed in to it is signed out.',
          'You will get another e-mail with a link to set a new password.',
        ],
        buttons: [{ label: 'Undo the change' }],
      };
    },
    submit: async ({ token }, { origin }) => {
      await app.emailProofs.undoChange(token, origin);
      return {
        title: 'The change is undone',
        text: ['We have sent you an e-mail with a link to set a new password. Until you set one, no one can sign in.'],
      };
    },
  });
};

export default route;
