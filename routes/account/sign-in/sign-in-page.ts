// The page /account/sign-in/, where the link of a mail to sign in leads. It signs in the browser that opens it, never the device that asked
// for the mail: a stranger can ask, and must gain nothing when the owner of the address presses the button.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.accountPage({
    title: 'Sign in',
    fields: Type.Object({}),
    signsIn: true,
    form: async (token) => {
      const email = await app.signIn.addressOf(token);
      if (!app.refreshCookie.enabled) {
        return {
          title: 'Enter the code',
          text: ['Type the six-digit code from the e-mail in the window in which you asked to sign in.'],
        };
      }
      return {
        intro: [`Sign in as ${email} in this browser? Go on only if you asked for this e-mail yourself.`],
        buttons: [{ label: 'Sign in' }],
      };
    },
    submit: async ({ token }, request, reply) => {
      // Without the cookie there is nowhere to put the session. The token stays unused.
      if (!app.refreshCookie.enabled)
        return { title: 'Enter the code', text: ['Use the six-digit code in the e-mail.'] };
      const { userId, sessionId, ...pair } = await app.signIn.verify({ token }, request.origin);
      request.log.info({ event: 'logged_in', userId, sessionId, by: 'mail_link', ip: request.ip }, 'logged in');
      request.refreshTokenMode = 'cookie';
      await app.refreshCookie.endReplaced(request);
      app.refreshCookie.answer(request, reply, { access_token: pair.accessToken, refresh_token: pair.refreshToken });
      return { title: 'You are signed in', text: ['Go back to the app and reload it.'] };
    },
  });
};

export default route;
