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
    'eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6ImtvemhsNVA3bWw4N1hOZ2wifQ.eyJpc3MiOiJsYXRjaGtleSIsImF1ZCI6ImxhdGNoa2V5Iiwic3ViIjoiMSIsInVzZXJfaWQiOjEsInVzZXJuYW1lIjoiIiwic2lkIjoiOTY3NTY4NTk0Mjg3IiwianRpIjoiWUNKZy0wQmQ2SFZnLWk5cCIsImlhdCI6MTc5NTQ3NTY5MCwiZXhwIjoxNzk1NDc1NzIwfQ.wuGHn_DaNN25dzn4q4QoH-hXS4Df1N4LdNg7uP_jvc8',
  refresh_token: '52d7bdaa-13c8-49b8-b4e5-5a08f9a4e2d1',
};

/** What the example of refresh answers. */
export const exampleNextPair: TokenPair = {
  access_token:
    'eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6ImtvemhsNVA3bWw4N1hOZ2wifQ.eyJpc3MiOiJsYXRjaGtleSIsImF1ZCI6ImxhdGNoa2V5Iiwic3ViIjoiMSIsInVzZXJfaWQiOjEsInVzZXJuYW1lIjoiIiwic2lkIjoiOTY3NTY4NTk0Mjg3IiwianRpIjoiVGVRTVBaek5ZQnJodmFHQyIsImlhdCI6MTc5NTQ3NTcxNSwiZXhwIjoxNzk1NDc1NzQ1fQ.vk02kEU5TXb0D3_D_3WTk_JjlTL5ZZk1SwtuuN8EHws',
  refresh_token: '9e0d4acb-2873-4e65-8992-c9d1e769cfdb',
};

/** Puts a pair into the words of the API. */
export function tokenPair({ accessToken, refreshToken }: { accessToken: string; refreshToken: string }): TokenPair {
  return { access_token: accessToken, refresh_token: refreshToken };
}
