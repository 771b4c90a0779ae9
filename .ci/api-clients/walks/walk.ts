// What each generated client does with the live service, from registration to logout. Its methods return what the client is typed to
// return.
export interface Account {
  readonly email: string;
  readonly password: string;
}

export interface TokenPair {
  readonly access_token: string;
  readonly refresh_token: string;
}

export interface GeneratedClient {
  register(account: Account): Promise<{ id: number; email: string }>;
  login(account: Account): Promise<TokenPair>;
  me(accessToken: string): Promise<{ id: number; username: string; email: string }>;
  refresh(refreshToken: string, idempotencyKey: string): Promise<TokenPair>;
  logout(refreshToken: string): Promise<{ success: string }>;
  /** The code of the problem document with which the service rejects a refresh. */
  refusedRefresh(refreshToken: string): Promise<string>;
}

/** The URL of the live service. */
export const baseUrl = process.env.LATCHKEY_URL ?? '';

/** The error of a call that should have succeeded. */
export function failed(answer: unknown): Error {
  return new Error(`unexpected answer: ${JSON.stringify(answer)}`);
}
