// GET /.well-known/jwks.json: the public keys for verifying access tokens.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { exampleKeySet, KEY_SET_MEDIA_TYPE, KeySet } from '#schemas/key-set.js';
import { cacheHeaders, conditionalHeaders, noContent, success } from '#schemas/responses.js';

/** Set here because tsc and autoload ignore folders whose names begin with a dot. */
export const prefixOverride = '/.well-known';

// New keys are published KEY_LEAD_TIME in advance. How soon a verifier notices a deleted key depends on its own cache.
const CACHE = 'public, max-age=300';

const headers = cacheHeaders(CACHE);

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/jwks.json',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getKeySet',
        summary: 'Get the public keys',
        description:
          'Returns the JSON Web Key Set (RFC 7517) for verifying access tokens: the active key, the next key, and retired keys whose tokens have not all expired. A key is published for `KEY_LEAD_TIME` (2 hours by default) before it starts to sign. Its media type is `application/jwk-set+json` if `Accept` names only that. What a verifier must check is in docs/verify-tokens.md.',
        headers: conditionalHeaders,
        response: {
          200: success('The public keys.', KeySet, { keys: exampleKeySet }, { headers }),
          304: noContent('The cached response is up to date.', { headers }),
        },
      },
    },
    async (request, reply) => {
      const { body, etag } = app.keys.published();
      reply.headers({ 'cache-control': CACHE, vary: withAccept(reply.getHeader('vary')) });
      if (reply.isNotModified(etag)) return reply;
      const type = acceptsOnlyKeySet(request.headers.accept) ? KEY_SET_MEDIA_TYPE : 'application/json';
      return reply.type(`${type}; charset=utf-8`).send(body as never);
    },
  );
};

export default route;

/** Adds `Accept` to a `Vary` header that CORS may have set. */
function withAccept(vary: unknown): string {
  return typeof vary === 'string' ? `${vary}, Accept` : 'Accept';
}

/** Some clients (go-auth0, KrakenD) reject the media type of RFC 7517, so it is sent only to clients that accept nothing else. */
function acceptsOnlyKeySet(accept = ''): boolean {
  return accept.includes(KEY_SET_MEDIA_TYPE) && !/(application\/json|application\/\*|\*\/\*)/.test(accept);
}
