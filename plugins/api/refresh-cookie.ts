// app.refreshCookie: with REFRESH_COOKIE, browsers that ask for it have their refresh token in a cookie and not in the answer.
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { ErrorCode } from '#platform/errors/catalogue.js';
import { Problem } from '#platform/errors/problem.js';
import { createOrigins, mayUseCookie } from '#platform/http/origins.js';
import type { TokenPair } from '#schemas/token-pair.js';
import { createRefreshCookie, type RefreshTokenMode, refreshTokenModes } from '#sessions/refresh-cookie.js';
import type { SessionRef } from '#sessions/service.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * `begins`: the answer has a refresh token. `refreshes`, `ends`: the body has one, or the cookie. `ends-all`, `ends-others`, `ends-one`: sessions
     * of the bearer end, perhaps the one of the cookie.
     */
    refreshCookie?: 'begins' | 'refreshes' | 'ends' | 'ends-all' | 'ends-others' | 'ends-one';
  }
  interface FastifyRequest {
    /** Which cookie the refresh token of this request came from, or its answer's goes to; undefined: none. */
    refreshTokenMode: RefreshTokenMode | undefined;
  }
  interface FastifyInstance {
    refreshCookie: {
      readonly enabled: boolean;
      /** What a route that takes the cookie can refuse beside the rest. */
      readonly errors: readonly ErrorCode[];
      /** What is left of a pair for the body. */
      answer(request: FastifyRequest, reply: FastifyReply, pair: TokenPair): TokenPair;
      /** Ends the session of the cookie that the one of a login has replaced: nobody could reach it any more. */
      endReplaced(request: FastifyRequest): Promise<void>;
    };
  }
}

/** Stands for a cookie that is missing: a UUID that is no token. */
const NO_TOKEN = '00000000-0000-4000-8000-000000000000';
const LOGGED_CHARACTERS = 200;

export default fp(
  async (app) => {
    const { refreshCookie, publicUrl, corsOrigins } = app.config;
    const { enabled, sameSite } = refreshCookie;
    const pages = { own: publicUrl?.origin, origins: createOrigins(corsOrigins) };
    const cookie = createRefreshCookie({ sameSite, lifetime });
    app.decorateRequest('refreshTokenMode', undefined);
    app.decorate('refreshCookie', {
      enabled,
      errors: enabled ? ['two_refresh_tokens', 'origin_not_allowed'] : [],
      answer: (request, reply, pair) => {
        if (request.refreshTokenMode === undefined) return pair;
        reply.header('set-cookie', cookie.set(request.refreshTokenMode, pair.refresh_token));
        return { access_token: pair.access_token } as TokenPair;
      },
      endReplaced: async (request) => {
        const replaced = request.refreshTokenMode && cookie.read(request.headers.cookie, request.refreshTokenMode);
        if (replaced === undefined) return;
        // The login has succeeded: it must not fail because of what was before it.
        await app.sessions
          .end(replaced.token, request.origin)
          .catch((err: unknown) => request.log.warn({ err }, 'the session of a replaced cookie was not ended'));
      },
    });
    if (!enabled) return;

    function lifetime(): number {
      const longest = app.settings.get('SESSION_MAX_LIFETIME') || Number.POSITIVE_INFINITY;
      return Math.min(app.settings.get('REFRESH_TOKEN_LIFETIME'), longest);
    }

    function assertOwnPage({ headers, log }: FastifyRequest): void {
      const { origin, host, 'sec-fetch-site': site } = headers;
      const source = { origin, host, site: site?.toString() };
      if (mayUseCookie(source, pages)) return;
      const [from, siteOf] = [origin, source.site].map((each) => each?.slice(0, LOGGED_CHARACTERS));
      log.warn(
        { event: 'origin_not_allowed', origin: from, site: siteOf },
        'a page of another origin asked with the cookie',
      );
      throw new Problem('origin_not_allowed');
    }

    /** Before a body is read: a page of somebody else costs nothing. */
    async function beginsWithCookie(request: FastifyRequest): Promise<void> {
      const mode = modeOf(request);
      if (mode === undefined) return;
      assertOwnPage(request);
      request.refreshTokenMode = mode;
    }

    /** Puts the token of the cookie where that of the body would be: schemas, limits and handlers need not know. */
    async function takesCookie(request: FastifyRequest): Promise<void> {
      const asked = modeOf(request);
      const { body, headers } = request;
      const found = cookie.read(headers.cookie, asked ?? 'cookie');
      if (asked === undefined && found === undefined) return;
      // Not an object: the schema refuses it.
      if (body != null && (typeof body !== 'object' || Array.isArray(body))) return;
      const hasToken = body != null && 'refresh_token' in body;
      if (hasToken && found !== undefined) throw new Problem('two_refresh_tokens');
      assertOwnPage(request);
      request.refreshTokenMode = asked ?? 'cookie';
      if (hasToken) return;
      request.body = { ...body, refresh_token: found?.token ?? NO_TOKEN };
      if (found !== undefined) headers['idempotency-key'] ??= found.key;
    }

    const clear = (reply: FastifyReply, mode: RefreshTokenMode) => reply.header('set-cookie', cookie.clear(mode));

    app.addHook('onRoute', (route) => {
      const how = route.config?.refreshCookie;
      if (how === undefined) return;
      const before = (hook: 'onRequest' | 'preValidation', run: (request: FastifyRequest) => Promise<void>) => {
        route[hook] = [...[route[hook] ?? []].flat(), run];
      };
      if (how === 'begins') before('onRequest', beginsWithCookie);
      else if (how === 'refreshes' || how === 'ends') before('preValidation', takesCookie);
      if (how === 'begins') return;
      const after = async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
        const { refreshTokenMode: mode } = request;
        if (mode !== undefined && isOver(how, reply.statusCode, payload)) clear(reply, mode);
        if (how.startsWith('ends-') && reply.statusCode < 300) {
          for (const each of refreshTokenModes) {
            const found = cookie.read(request.headers.cookie, each);
            const session = found && app.sessions.sessionKeyOf(found.token);
            if (session !== undefined && hasEnded(how, session, request.user, request.params)) clear(reply, each);
          }
        }
        return payload;
      };
      route.onSend = [...[route.onSend ?? []].flat(), after];
    });
  },
  { name: 'refresh-cookie', dependencies: ['sessions', 'settings'] },
);

function modeOf({ headers }: FastifyRequest): RefreshTokenMode | undefined {
  const asked = headers['x-refresh-token-mode'];
  return refreshTokenModes.find((each) => each === asked);
}

/** Whether the token of a cookie is good for nothing any more. One that was just used is: its successor is on its way. */
function isOver(how: string, status: number, payload: unknown): boolean {
  if (how === 'ends') return status === 200;
  return status === 401 && !String(payload).includes('"refresh_token_used"');
}

/** Whether what the bearer has asked for has ended a session (as `sessionKeyOf` names it). */
function hasEnded(how: string, session: string, { userId, sessionId }: SessionRef, params: unknown): boolean {
  if (!session.startsWith(`${userId}/`)) return false;
  if (how === 'ends-others') return session !== `${userId}/${sessionId}`;
  return how === 'ends-all' || session === `${userId}/${(params as { id: string }).id}`;
}
