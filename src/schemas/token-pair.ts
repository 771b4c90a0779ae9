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
  { $id: 'TokenPair', title: 'Token pair', description: 'An access token and the refresh token that goes with it.' },
);
export type TokenPair = Static<typeof TokenPair>;

/** Puts a pair into the words of the API. */
export function tokenPair({ accessToken, refreshToken }: { accessToken: string; refreshToken: string }): TokenPair {
  return { access_token: accessToken, refresh_token: refreshToken };
}
