// GET /.well-known/jwks.json: the public keys with which any service verifies access tokens.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { exampleKeySet, KEY_SET_MEDIA_TYPE, KeySet } from '#schemas/key-set.js';

import { cacheHeaders, conditionalHeaders, noContent, success } from '#schemas/responses.js';

/** tsc and autoload pass over folders that begin with a dot. */
export const prefixOverride = '/.well-known';

// New keys are published KEY_LEAD_TIME ahead; how soon an early end is noticed is up to the cache of each verifier.
const CACHE = 'public, max-age=300';

const headers = cacheHeaders(CACHE);

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/jwks.json',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getKeySet',
        tags: ['Token'],
        summary: 'Public keys',
        description:
          'The JSON Web Key Set (RFC 7517) with which any service verifies access tokens: the key that signs, the next one, and those that have signed tokens which are still good. A key is in it for `KEY_LEAD_TIME` (2 hours by default) before it signs. With `Accept: application/jwk-set+json` alone the answer has that media type. docs/verify-tokens.md says what a verifier checks.',
        headers: conditionalHeaders,
        response: {
          200: success('The keys.', KeySet, { keys: exampleKeySet }, { headers }),
          304: noContent('Not modified: the client has the current answer.', { headers }),
        },
      },
    },
    async (request, reply) => {
      const { body, etag } = app.keys.published();
      reply.headers({ 'cache-control': CACHE, vary: withAccept(reply.getHeader('vary')) });
      if (reply.isNotModified(etag)) return reply;
      const type = asksForKeySet(request.headers.accept) ? KEY_SET_MEDIA_TYPE : 'application/json';
      return reply.type(`${type}; charset=utf-8`).send(body as never);
    },
  );
};

export default route;

/** Beside `Origin`, which CORS has set. */
function withAccept(vary: unknown): string {
  return typeof vary === 'string' ? `${vary}, Accept` : 'Accept';
}

/** Older clients (go-auth0, KrakenD) refuse RFC 7517's own media type, so only whoever takes nothing else gets it. */
function asksForKeySet(accept = ''): boolean {
  return accept.includes(KEY_SET_MEDIA_TYPE) && !/(application\/json|application\/\*|\*\/\*)/.test(accept);
}
