// What login and refresh answer with.
import { type Static, Type } from '@sinclair/typebox';
import { refreshTokenModes } from '#sessions/refresh-cookie.js';

export const TokenPair = Type.Object(
  {
    access_token: Type.String({
      description:
        'A JWT, for `Authorization: Bearer`. Valid for 30 seconds (the live setting `ACCESS_TOKEN_LIFETIME`).',
    }),
    refresh_token: Type.String({
      format: 'uuid',
      description:
        'A UUID that buys the next pair, once. Valid for 30 days (the live setting `REFRESH_TOKEN_LIFETIME`).',
    }),
  },
  {
    title: 'TokenPair',
    description: 'An access token and the refresh token that goes with it.',
    additionalProperties: false,
  },
);
export type TokenPair = Static<typeof TokenPair>;

const refreshTokenInBody = TokenPair.properties.refresh_token;

/** The same of a service that may keep refresh tokens in cookies (REFRESH_COOKIE): who asks for that gets none in the answer. */
export const TokenPairOrCookie = Type.Object(
  {
    access_token: TokenPair.properties.access_token,
    refresh_token: Type.Optional(
      Type.String({
        format: 'uuid',
        description: `${refreshTokenInBody.description} Not in answers to requests with \`X-Refresh-Token-Mode\`: those set it as a cookie.`,
      }),
    ),
  },
  { title: 'TokenPair', description: TokenPair.description ?? '', additionalProperties: false },
);

/** The header by which a request asks for the cookie. */
export const RefreshTokenModeHeader = Type.Optional(
  Type.Union(
    refreshTokenModes.map((mode) => Type.Literal(mode)),
    {
      description:
        'For browsers, where the service is configured with `REFRESH_COOKIE=true`: the answer sets the refresh token as an `HttpOnly` cookie and does not have it in its body. Refresh and logout then need no body. The request must come from a page of the service or of an origin in `CORS_ORIGINS`. `console-cookie` is a second cookie, that of the console. Elsewhere the header has no effect.',
    },
  ),
);

/** What the examples of login answer, and those of refresh and logout send. */
export const exampleTokenPair: TokenPair = {
  access_token:
    'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6ImI4dkRhVlNNT3NZVlZ5TEJjOThGd1ZQMkZoQjZpSVBWcUhtUEF2TVQweUEifQ.eyJpc3MiOiJsYXRjaGtleSIsImF1ZCI6ImxhdGNoa2V5Iiwic3ViIjoiMSIsInVzZXJfaWQiOjEsInVzZXJuYW1lIjoiIiwic2lkIjoiMzY3MzM2MDQ5Mzc4IiwianRpIjoiZ2dIcWFJWWxpZTc5UmpEVCIsImlhdCI6MTc5NTY0MzQyNywiZXhwIjoxNzk1NjQzNDU3fQ.F0XsueI9eDUgWh4XGlb5OcaPyx5Z8GSlnuNgOQIZ3ipfO2iGIu5F9ZVBcnW7Rm219agb-iuzmIXQtr1AFMktcw',
  refresh_token: 'e7631c0b-926b-4d3e-a85f-dc725aa5d6c9',
};

/** What the example of refresh answers. */
export const exampleNextPair: TokenPair = {
  access_token:
    'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6ImI4dkRhVlNNT3NZVlZ5TEJjOThGd1ZQMkZoQjZpSVBWcUhtUEF2TVQweUEifQ.eyJpc3MiOiJsYXRjaGtleSIsImF1ZCI6ImxhdGNoa2V5Iiwic3ViIjoiMSIsInVzZXJfaWQiOjEsInVzZXJuYW1lIjoiIiwic2lkIjoiMzY3MzM2MDQ5Mzc4IiwianRpIjoiMFZ5cGQzb2h6QUwtMG9fcSIsImlhdCI6MTc5NTY0MzQyNywiZXhwIjoxNzk1NjQzNDU3fQ.ykbgJ09zAn5CQBln2uYlZVAB9ZC0ofXhOguvMcflLmKQ6gvQsvw8lnrD28AUknFevAunnPix_soYrBszsh5lNw',
  refresh_token: '38b02f92-01f8-4c9f-a2a1-9578f514a642',
};

/** Puts a pair into the words of the API. */
export function tokenPair({ accessToken, refreshToken }: { accessToken: string; refreshToken: string }): TokenPair {
  return { access_token: accessToken, refresh_token: refreshToken };
}
