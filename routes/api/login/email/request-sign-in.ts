// POST /api/login/email/: sends a mail with which its recipient can sign in.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { Email } from '#schemas/fields.js';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';
import { exampleSignInRequest, SignInRequest } from '#schemas/sign-in.js';

const SignInRequestBody = Type.Object(
  { email: Email },
  body('SignInRequestBody', { request: { email: 'user@example.com' } }),
);

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'public',
        deadline: 'none',
        limit: 'MAIL_REQUESTS_PER_HOUR',
        errors: [
          refusal('not_an_address', '/email', 'must be an e-mail address'),
          'sign_in_by_email_disabled',
          'mail_unavailable',
          ...databaseErrors,
        ],
      },
      schema: {
        operationId: 'requestSignIn',
        summary: 'Request a sign-in by e-mail',
        description:
          'Sends an e-mail with a link and a six-digit code, if the address belongs to an account; the response is the same if it does not. Keep the `sign_in_token`: `POST /api/login/email/verify/` accepts the code only with it. Requires the live setting `SIGN_IN_BY_EMAIL`. An address gets at most five such e-mails at once, and then one every twelve minutes (the live setting `MAILS_PER_ACCOUNT_PER_HOUR`).',
        body: SignInRequestBody,
        response: {
          202: success('The e-mail is on its way, if the address belongs to an account.', SignInRequest, {
            request: exampleSignInRequest,
          }),
        },
      },
    },
    async (request, reply) => {
      const { signInToken, expiresIn, userId } = await app.signIn.request(request.body.email, request.origin);
      const sent = userId !== undefined;
      request.log.info({ event: 'sign_in_requested', userId, sent, ip: request.ip }, 'sign-in by mail requested');
      return reply.code(202).send({ sign_in_token: signInToken, expires_in: expiresIn });
    },
  );
};

export default route;
