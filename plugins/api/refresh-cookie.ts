// app.refreshCookie: browsers can request the refresh token in a cookie instead of the response body: the console, and with
// REFRESH_COOKIE every page.
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { ErrorCode } from '#platform/errors/catalogue.js';
import { Problem } from '#platform/errors/problem.js';
import { createOrigins, mayUseCookie } from '#platform/http/origins.js';
import { TokenPair, TokenPairOrCookie } from '#schemas/token-pair.js';
import {
  type CookieKind,
  cookieKinds,
  createRefreshCookie,
  type RefreshTokenMode,
  refreshTokenModes,
} from '#sessions/refresh-cookie.js';
import { type SessionRef, sessionKeyOf } from '#sessions/session.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * `begins`: the response contains a refresh token. `refreshes`, `ends`: the request contains one, in its body or cookie. `ends-all`,
     * `ends-others`, `ends-one`: ends sessions of the bearer, possibly including that of the cookie.
     */
    refreshCookie?: 'begins' | 'refreshes' | 'ends' | 'ends-all' | 'ends-others' | 'ends-one';
  }
  interface FastifyRequest {
    /** The cookie that contains the refresh token of this request or its response; undefined: none. */
    refreshCookieKind: CookieKind | undefined;
  }
  interface FastifyInstance {
    refreshCookie: {
      /** REFRESH_COOKIE. The document says nothing of the console's cookie but the value of the header. */
      readonly enabled: boolean;
      /** The schema of a body with tokens: without the refresh token if that is in the cookie. */
      readonly pairSchema: typeof TokenPair;
      /** Additional errors of routes that accept the cookie. */
      readonly errors: readonly ErrorCode[];
      /** The same for routes that start a session. */
      readonly loginErrors: readonly ErrorCode[];
      /** Moves the refresh token to the cookie if the request asks for that; returns the tokens for the body. */
      answer(request: FastifyRequest, reply: FastifyReply, pair: TokenPair): TokenPair;
      /** The same for a login. Ends the session of the cookie that it replaces, because no client has its token any more. */
      answerLogin(request: FastifyRequest, reply: FastifyReply, pair: TokenPair): Promise<TokenPair>;
    };
  }
}

/** Stands for a missing cookie: a UUID that is not a valid token. */
const NO_TOKEN = '00000000-0000-4000-8000-000000000000';
const LOGGED_CHARACTERS = 200;

export default fp(
  async (app) => {
    const { refreshCookie, publicUrl, corsOrigins } = app.config;
    const { enabled, forConsole, sameSite } = refreshCookie;
    const pages = { own: publicUrl?.origin, origins: createOrigins(corsOrigins) };
    const ownPages = { own: publicUrl?.origin, origins: createOrigins([]) };
    const cookie = createRefreshCookie({ sameSite, lifetime });
    app.decorateRequest('refreshCookieKind', undefined);
    app.decorate('refreshCookie', {
      enabled,
      pairSchema: enabled ? (TokenPairOrCookie as unknown as typeof TokenPair) : TokenPair,
      errors: enabled ? ['two_refresh_tokens', 'origin_not_allowed'] : [],
      loginErrors: enabled ? ['origin_not_allowed'] : [],
      answer,
      answerLogin: async (request, reply, pair) => {
        await endReplaced(request);
        return answer(request, reply, pair);
      },
    });
    if (!enabled && !forConsole) return;

    function answer(request: FastifyRequest, reply: FastifyReply, pair: TokenPair): TokenPair {
      if (request.refreshCookieKind === undefined) return pair;
      reply.header('set-cookie', cookie.set(request.refreshCookieKind, pair.refresh_token));
      // The documented body, from which the serializer is made, has both tokens.
      if (!enabled) reply.serializer(JSON.stringify);
      return { access_token: pair.access_token } as TokenPair;
    }

    async function endReplaced(request: FastifyRequest): Promise<void> {
      const { refreshCookieKind: kind, headers } = request;
      const replaced = kind && cookie.read(headers.cookie, kind);
      if (replaced === undefined) return;
      // The login has succeeded, and must not fail because of the previous session.
      await app.sessions
        .end(replaced.token, request.origin)
        .catch((err: unknown) => request.log.warn({ err }, 'the session of a replaced cookie was not ended'));
    }

    function lifetime(): number {
      const longest = app.settings.get('SESSION_MAX_LIFETIME') || Number.POSITIVE_INFINITY;
      return Math.min(app.settings.get('REFRESH_TOKEN_LIFETIME'), longest);
    }

    function sourceOf({ headers }: FastifyRequest) {
      const { origin, host, 'sec-fetch-site': site } = headers;
      return { origin, host, site: site?.toString() };
    }

    function assertOwnPage(request: FastifyRequest, kind: CookieKind): void {
      const source = sourceOf(request);
      if (mayUseCookie(source, kind === 'cookie' ? pages : ownPages)) return;
      const { origin } = source;
      const [from, siteOf] = [origin, source.site].map((each) => each?.slice(0, LOGGED_CHARACTERS));
      request.log.warn(
        { event: 'origin_not_allowed', origin: from, site: siteOf },
        'a page of another origin sent the refresh token cookie',
      );
      throw new Problem('origin_not_allowed');
    }

    /** The cookie that the request asks for; undefined: none, or one that the service does not set. */
    function kindOf({ headers }: FastifyRequest): CookieKind | undefined {
      const mode = modeOf(headers['x-refresh-token-mode']);
      if (mode === 'console-cookie') {
        if (!forConsole) return undefined;
        return headers.origin?.startsWith('http://') ? 'console-cookie-without-tls' : mode;
      }
      return enabled ? mode : undefined;
    }

    /**
     * Runs before the body is read, so that requests from other pages cost little. A console that a proxy serves under another origin than
     * PUBLIC_URL gets its tokens in the body.
     */
    async function acceptCookieMode(request: FastifyRequest): Promise<void> {
      const kind = kindOf(request);
      if (kind === undefined) return;
      if (kind === 'cookie') assertOwnPage(request, kind);
      else if (!mayUseCookie(sourceOf(request), ownPages)) return;
      request.refreshCookieKind = kind;
    }

    /** Copies the token from the cookie to the body, so that schemas, limits and handlers need no special case. */
    async function readCookie(request: FastifyRequest): Promise<void> {
      const asked = kindOf(request);
      if (asked === undefined && !enabled) return;
      const kind = asked ?? 'cookie';
      const { body, headers } = request;
      const found = cookie.read(headers.cookie, kind);
      if (asked === undefined && found === undefined) return;
      // The schema rejects a body that is not an object.
      if (body != null && (typeof body !== 'object' || Array.isArray(body))) return;
      const hasToken = body != null && 'refresh_token' in body;
      if (hasToken && found !== undefined) throw new Problem('two_refresh_tokens');
      assertOwnPage(request, kind);
      request.refreshCookieKind = kind;
      if (hasToken) return;
      request.body = { ...body, refresh_token: found?.token ?? NO_TOKEN };
      if (found !== undefined) headers['idempotency-key'] ??= found.key;
    }

    const clear = (reply: FastifyReply, kind: CookieKind) => reply.header('set-cookie', cookie.clear(kind));

    app.addHook('onRoute', (route) => {
      const usage = route.config?.refreshCookie;
      if (usage === undefined) return;
      const before = (hook: 'onRequest' | 'preValidation', run: (request: FastifyRequest) => Promise<void>) => {
        route[hook] = [...[route[hook] ?? []].flat(), run];
      };
      if (usage === 'begins') before('onRequest', acceptCookieMode);
      else if (usage === 'refreshes' || usage === 'ends') before('preValidation', readCookie);
      if (usage === 'begins') return;
      const after = async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
        const { refreshCookieKind: kind } = request;
        if (kind !== undefined && isUseless(usage, reply.statusCode, payload)) clear(reply, kind);
        if (usage.startsWith('ends-') && reply.statusCode < 300) {
          for (const each of cookieKinds) {
            const found = cookie.read(request.headers.cookie, each);
            const session = found && app.sessions.sessionKeyOf(found.token);
            if (session !== undefined && hasEnded(usage, session, request.user, request.params)) clear(reply, each);
          }
        }
        return payload;
      };
      route.onSend = [...[route.onSend ?? []].flat(), after];
    });
  },
  { name: 'refresh-cookie', dependencies: ['sessions', 'settings'] },
);

function modeOf(asked: unknown): RefreshTokenMode | undefined {
  return refreshTokenModes.find((each) => each === asked);
}

/** Whether the cookie is of no further use. After `refresh_token_used` it is kept, because its successor is about to arrive. */
function isUseless(usage: string, status: number, payload: unknown): boolean {
  if (usage === 'ends') return status === 200;
  return status === 401 && !String(payload).includes('"refresh_token_used"');
}

/** Whether the bearer's request has ended a session, given as by `sessionKeyOf`. */
function hasEnded(usage: string, session: string, { userId, sessionId }: SessionRef, params: unknown): boolean {
  if (!session.startsWith(`${userId}/`)) return false;
  if (usage === 'ends-others') return session !== sessionKeyOf({ userId, sessionId });
  return usage === 'ends-all' || session === `${userId}/${(params as { id: string }).id}`;
}
