// What login and refresh answer with.
import { type Static, Type } from '@sinclair/typebox';

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
