// The page /account/sign-in/, where the link of a mail to sign in leads. It signs in the browser that opens it, never the device that asked
// for the mail: a stranger can ask, and must gain nothing when the owner of the address presses the button.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '#platform/errors/problem.js';
import { tokenPair } from '#schemas/token-pair.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.accountPage({
    title: 'Sign in',
    // The code is in the form that follows for an account with a second factor; the token is the challenge then. One that is too long is wrong.
    fields: Type.Object({ code: Type.Optional(Type.String()) }),
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
        intro: [`Sign in as ${email} in this browser? Continue only if you requested this e-mail yourself.`],
        buttons: [{ label: 'Sign in' }],
      };
    },
    submit: async ({ token, code }, request, reply) => {
      // Without the cookie there is nowhere to put the session. The token stays unused.
      if (!app.refreshCookie.enabled)
        return { title: 'Enter the code', text: ['Use the six-digit code in the e-mail.'] };
      try {
        const session = await (code === undefined
          ? app.signIn.verify({ token }, request.origin)
          : app.secondFactorLogin.complete(token, proofOf(code), request.origin));
        return await signedIn(session, code === undefined ? 'mail_link' : methodOf(proofOf(code)), request, reply);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        const { challenge } = error.extension;
        if (challenge !== undefined) return { next: codeForm, token: challenge };
        if (code === undefined || error.code === 'invalid_challenge') throw error;
        app.reportError(error, request);
        reply.headers(error.headers).code(error.status);
        return { next: codeForm, token, problem: error };
      }
    },
  });

  async function signedIn(
    session: Awaited<ReturnType<typeof app.signIn.verify>>,
    by: 'mail_link' | 'totp' | 'recovery_code',
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const { userId, sessionId } = session;
    request.log.info({ event: 'logged_in', userId, sessionId, by, ip: request.ip }, 'logged in');
    app.outcomes.login(by === 'mail_link' ? 'email' : 'second_factor');
    request.refreshCookieKind = 'cookie';
    await app.refreshCookie.answerLogin(request, reply, tokenPair(session));
    return { title: 'You are signed in', text: ['Go back to the app and reload it.'] };
  }
};

const codeForm = {
  // A passkey needs a script, and these pages work without one.
  intro: [
    'This account has a second factor. Enter the code that your authenticator app shows, or a recovery code.',
    'If you have a passkey, you can also go back to the app and sign in with it, without this link.',
  ],
  fields: [{ name: 'code', label: 'Code', type: 'text', autocomplete: 'one-time-code' }],
  buttons: [{ label: 'Sign in' }],
} as const;

/** Six digits are a code of an app; a recovery code is longer. */
function proofOf(text: string) {
  const code = text.replaceAll(/[\s-]/g, '');
  return /^\d{6}$/.test(code) ? { code } : { recoveryCode: text };
}

function methodOf(proof: ReturnType<typeof proofOf>) {
  return 'code' in proof ? 'totp' : 'recovery_code';
}

export default route;
