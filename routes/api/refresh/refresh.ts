// POST /api/refresh/: a refresh token buys the next pair.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { RefreshToken } from '#schemas/fields.js';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';
import {
  exampleNextPair,
  exampleTokenPair,
  RefreshTokenModeHeader,
  TokenPair,
  TokenPairOrCookie,
  tokenPair,
} from '#schemas/token-pair.js';

const RefreshBody = Type.Object(
  { refresh_token: RefreshToken },
  body('RefreshBody', 'The refresh token of the last pair.', {
    refresh: { refresh_token: exampleTokenPair.refresh_token },
  }),
);
const RefreshHeaders = Type.Object({
  'x-refresh-token-mode': RefreshTokenModeHeader,
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      pattern: '^[\\x21-\\x7E]+$',
      examples: ['5e1a8f0c-6d5b-4c39-9d8e-0b6f6f1f2a77'],
      description:
        'Makes the request safe to repeat. Random (a UUID will do), one for each refresh token: made when the token is received, stored beside it, and sent with every attempt to use it.',
    }),
  ),
});

const route: FastifyPluginAsyncTypebox = async (app) => {
  const Answer = app.refreshCookie.enabled ? (TokenPairOrCookie as unknown as typeof TokenPair) : TokenPair;
  app.post(
    '/',
    {
      config: {
        access: 'public',
        limit: 'REFRESHES_PER_MINUTE',
        deadline: 'none',
        refreshCookie: 'refreshes',
        errors: [
          refusal('missing_refresh_token', '/refresh_token', 'is required'),
          refusal('long_idempotency_key', '/headers/idempotency-key', 'must NOT have more than 255 characters'),
          'invalid_refresh_token',
          'refresh_token_used',
          'refresh_token_reused',
          ...app.refreshCookie.errors,
          ...databaseErrors,
        ],
      },
      schema: {
        operationId: 'refresh',
        tags: ['Session'],
        summary: 'Refresh',
        description: [
          'Exchanges a refresh token for a new pair; both lifetimes start anew. A refresh token works **once**: of any number of requests with one token exactly one succeeds.',
          '',
          'When an answer is lost, send the same request again with the same `Idempotency-Key`: it is answered with the same refresh token, even hours later, as long as that has not been used. Without a key, a token that comes again within 10 seconds of its use is refused (`refresh_token_used`); later, it ends the session (`refresh_token_reused`), since somebody holds a copy of it.',
        ].join('\n'),
        headers: RefreshHeaders,
        body: RefreshBody,
        response: {
          200: success('The new pair. The old refresh token is dead.', Answer, { refresh: exampleNextPair }),
        },
      },
    },
    async (request, reply) => {
      const session = await app.sessions.refresh(
        request.body.refresh_token,
        request.headers['idempotency-key'],
        request.origin,
      );
      const { userId, sessionId } = session;
      // At debug: this is the hot path, and a refresh that succeeds tells an operator nothing.
      request.log.debug({ event: 'refreshed', userId, sessionId, ip: request.ip }, 'refreshed');
      return app.refreshCookie.answer(request, reply, tokenPair(session));
    },
  );
};

export default route;
