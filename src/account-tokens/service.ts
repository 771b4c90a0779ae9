// Single-use tokens that are sent by mail. A token proves that its holder can read the mails of its address.
import type { Db } from '#platform/database/database.js';
import { Problem } from '#platform/errors/problem.js';
import { hashToken, isToken, newToken } from './random-token.js';
import type { AccountTokensRepository, FoundAccountToken, TokenSelection } from './repository.js';

/** What a token may be used for. */
export type Purpose =
  | 'verify_email'
  | 'reset_password'
  | 'change_email'
  | 'undo_email_change'
  | 'sign_in'
  | 'sign_in_code';

/** What a token is for, and what makes it invalid before it expires. */
export interface TokenRequest {
  readonly userId: number;
  readonly purpose: Purpose;
  /** The canonical address that the token is about. */
  readonly email: string;
  /** The token is invalid when the account's address is no longer this one. */
  readonly accountEmail?: string;
  /** The token is invalid when the account's password has changed. */
  readonly bindsPassword?: boolean;
  readonly codeHash?: Buffer;
  /** Seconds. */
  readonly lifetime: number;
}

interface Dependencies {
  readonly repository: AccountTokensRepository;
}

/** A refusal is a Problem, the same for every reason: a token tells nothing about the account to those who guess. */
export function createAccountTokens({ repository }: Dependencies) {
  return {
    /** Creates a token in the caller's transaction. Only its hash is stored. Undefined if the account has been deleted. */
    async issue(request: TokenRequest, on: Db): Promise<{ token: string; expiresAt: Date } | undefined> {
      const token = newToken();
      const { userId, purpose, email, accountEmail = null, bindsPassword = false, codeHash = null, lifetime } = request;
      const row = {
        userId,
        purpose,
        email,
        accountEmail,
        bindsPassword,
        codeHash,
        lifetime,
        tokenHash: hashToken(token),
      };
      const expiresAt = await repository.insert(row, on);
      return expiresAt && { token, expiresAt };
    },

    /**
     * The token, if it could be used now. Changes nothing, so that programs that follow the links of mails do no harm. Throws
     * `invalid_email_token`.
     */
    async check(purpose: Purpose, token: string): Promise<FoundAccountToken> {
      const found = isToken(token) ? await repository.find(purpose, hashToken(token)) : undefined;
      if (found === undefined) throw new Problem('invalid_email_token');
      return found;
    },

    /** Uses the token in the caller's transaction: of concurrent requests one succeeds. Throws `invalid_email_token`. */
    async use(purpose: Purpose, token: string, on: Db): Promise<FoundAccountToken> {
      const used = isToken(token) ? await repository.use(purpose, hashToken(token), on) : undefined;
      if (used === undefined) throw new Problem('invalid_email_token');
      return used;
    },

    /** Makes the account's unused tokens of a purpose invalid. */
    revoke: (userId: number, purpose: Purpose, on: Db): Promise<void> => repository.revoke(userId, [purpose], {}, on),

    /** The same for several purposes. `selection` leaves some of the tokens valid. */
    revokeAll: (userId: number, purposes: readonly Purpose[], selection: TokenSelection, on: Db): Promise<void> =>
      repository.revoke(userId, purposes, selection, on),
  };
}

export type AccountTokens = ReturnType<typeof createAccountTokens>;
