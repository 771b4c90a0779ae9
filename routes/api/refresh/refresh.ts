// POST /api/refresh/: exchanges a refresh token for a new token pair.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { RefreshToken } from '#schemas/fields.js';
import { databaseErrors, refusal } from '#schemas/problem.js';
import { body, success } from '#schemas/responses.js';
import { EXAMPLE_REFRESH_TOKEN, exampleTokenPair, RefreshTokenModeHeader, tokenPair } from '#schemas/token-pair.js';

const RefreshBody = Type.Object(
  { refresh_token: RefreshToken },
  body(
    'RefreshBody',
    {
      refresh: { refresh_token: EXAMPLE_REFRESH_TOKEN },
    },
    'The refresh token of the most recent token pair.',
  ),
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
        'Makes the request safe to repeat. A random value for each refresh token, such as a UUID: generate it when you receive the token, store both together, and send it with every attempt to use the token.',
    }),
  ),
});

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      config: {
        access: 'public',
        limit: 'REFRESHES_PER_MINUTE',
        outcome: { of: 'refresh' },
        deadline: 'none',
        refreshCookie: 'refreshes',
        errors: [
          refusal('missing_refresh_token', '/refresh_token', 'is required'),
          refusal('long_idempotency_key', '/headers/idempotency-key', 'must have at most 255 characters'),
          'invalid_refresh_token',
          'refresh_token_used',
          'refresh_token_reused',
          ...app.refreshCookie.errors,
          ...databaseErrors,
        ],
      },
      schema: {
        operationId: 'refresh',
        summary: 'Refresh a token pair',
        description: [
          'Exchanges a refresh token for a new token pair. The lifetimes of both tokens start again. A refresh token works **once**: of any number of requests with the same token exactly one succeeds.',
          '',
          'If a response is lost, send the request again with the same `Idempotency-Key`: it returns the same refresh token, even hours later, as long as that token has not been used. Without a key, a used token is refused within 10 seconds of its use (`refresh_token_used`). After that it ends the session (`refresh_token_reused`), because it may have been stolen.',
        ].join('\n'),
        headers: RefreshHeaders,
        body: RefreshBody,
        response: {
          200: success('The new token pair. The old refresh token is no longer valid.', app.refreshCookie.pairSchema, {
            refresh: exampleTokenPair,
          }),
        },
      },
    },
    async (request, reply) => {
      const session = await app.sessions.refresh(
        request.body.refresh_token,
        request.headers['idempotency-key'],
        request.origin,
      );
      const { userId, sessionId, isRepeated = false } = session;
      app.outcomes.refresh(isRepeated);
      // Logged at debug level: this is the most frequent request, and its success is of no interest to operators.
      request.log.debug({ event: 'refreshed', userId, sessionId, ip: request.ip }, 'refreshed');
      return app.refreshCookie.answer(request, reply, tokenPair(session));
    },
  );
};

export default route;
