// The response to login and refresh.
import { type Static, Type } from '@sinclair/typebox';
import { type RefreshTokenMode, refreshTokenModes } from '#sessions/refresh-cookie.js';

export const TokenPair = Type.Object(
  {
    access_token: Type.String({
      description:
        'A JWT to send as `Authorization: Bearer`. Valid for 30 seconds by default (the live setting `ACCESS_TOKEN_LIFETIME`).',
    }),
    refresh_token: Type.String({
      format: 'uuid',
      description:
        'A UUID that can be exchanged once for the next token pair. Valid for 30 days by default (the live setting `REFRESH_TOKEN_LIFETIME`).',
    }),
  },
  {
    title: 'TokenPair',
    additionalProperties: false,
  },
);
export type TokenPair = Static<typeof TokenPair>;

const refreshTokenInBody = TokenPair.properties.refresh_token;

/** The response of a step-up, which leaves the refresh token as it is. */
export const AccessToken = Type.Object(
  { access_token: Type.String() },
  { title: 'AccessToken', additionalProperties: false },
);

/** The response of a service with REFRESH_COOKIE: the body has no refresh token if the request asked for the cookie. */
export const TokenPairOrCookie = Type.Object(
  {
    access_token: TokenPair.properties.access_token,
    refresh_token: Type.Optional(
      Type.String({
        format: 'uuid',
        description: `${refreshTokenInBody.description} Omitted if the request has \`X-Refresh-Token-Mode\`: the response then sets it as a cookie.`,
      }),
    ),
  },
  { title: 'TokenPair', additionalProperties: false },
);

/** The request header that asks for the cookie. */
export const RefreshTokenModeHeader = Type.Optional(
  Type.Unsafe<RefreshTokenMode>({
    type: 'string',
    enum: [...refreshTokenModes],
    description:
      'For browsers, if the service has `REFRESH_COOKIE=true` (otherwise without effect): the response sets the refresh token as an `HttpOnly` cookie instead of returning it in the body. Refresh and logout then need no body. Only pages of the service or of an origin in `CORS_ORIGINS` may use it. `console-cookie` is for the console only.',
  }),
);

/** The pair that the examples of logins and of refresh return. */
export const exampleTokenPair: TokenPair = {
  access_token:
    'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IjhmQXBBNHdaeUZIbUY1d2FRMW8tU3psTjBXeGFZdm9YZUthblczQlFGbVUifQ.eyJpc3MiOiJsYXRjaGtleSIsImF1ZCI6ImxhdGNoa2V5Iiwic3ViIjoiMSIsInVzZXJfaWQiOjEsInVzZXJuYW1lIjoiIiwiZW1haWxfdmVyaWZpZWQiOmZhbHNlLCJzaWQiOiIzNjczMzYwNDkzNzgiLCJqdGkiOiJnZ0hxYUlZbGllNzlSakRUIiwiYXV0aF90aW1lIjoxNzk1NjQzNDI3LCJhbXIiOlsicHdkIl0sImFjciI6InVybjpsYXRjaGtleTphY3I6MSIsImlhdCI6MTc5NTY0MzQyNywiZXhwIjoxNzk1NjQzNDU3fQ.yVvOrf_T13SYhHcy4TPUy7VbOP4TJ6y9NoICRy4Jswulq7uYLi9rHs3txz6b0aJPDfE4GutPRp_Tq1Tt6c0RSw',
  refresh_token: 'e7631c0b-926b-4d3e-a85f-dc725aa5d6c9',
};

/** The token that the refresh example sends. */
export const EXAMPLE_REFRESH_TOKEN = '38b02f92-01f8-4c9f-a2a1-9578f514a642';

/** The API form of a token pair. */
export function tokenPair({ accessToken, refreshToken }: { accessToken: string; refreshToken: string }): TokenPair {
  return { access_token: accessToken, refresh_token: refreshToken };
}
