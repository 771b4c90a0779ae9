// The access tokens of sessions: what they say, and when they only let their owner add a second factor.
import type { Log } from '#platform/log/log.js';
import { isOperator } from '#roles/permissions.js';
import type { Roles } from '#roles/service.js';
import { methodsOf } from '#tokens/authentication.js';
import type { AccessTokens } from '#tokens/service.js';
import type { SessionsRepository } from './repository.js';
import type { SecondFactorPolicy, SecondFactorState } from './second-factor-policy.js';
import type { SessionRef } from './session.js';
import type { TokenSubject } from './token-subject.js';

interface Dependencies {
  readonly repository: Pick<SessionsRepository, 'askForSecondFactor'>;
  readonly accessTokens: AccessTokens;
  readonly roles: Pick<Roles, 'permissionsOf' | 'withoutRemoved'>;
  readonly policy: SecondFactorPolicy;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** An access token that has just been issued. */
export interface IssuedToken {
  readonly accessToken: string;
  /** Whether the account has to have a second factor, and has not been asked for one yet: see `beginGracePeriod`. */
  readonly beginsGracePeriod: boolean;
}

/** Issues access tokens of sessions. */
export function createSessionTokens({ repository, accessTokens, roles, policy, log, now }: Dependencies) {
  return {
    issue(user: TokenSubject, { userId, sessionId }: SessionRef): IssuedToken {
      const permissions = roles.permissionsOf(user.roles);
      const dueAt = policy.dueAt(user, () => isOperator(permissions));
      const { username, emailVerified, authTime } = user;
      const accessToken = accessTokens.issue({
        userId,
        sessionId,
        username,
        emailVerified,
        authTime,
        methods: methodsOf(user.amr),
        roles: roles.withoutRemoved(user.roles),
        permissions,
        mustEnrol: dueAt !== undefined && now() / 1000 >= dueAt,
      });
      return { accessToken, beginsGracePeriod: dueAt !== undefined && user.secondFactorAskedAt === null };
    },

    /** When an account has to have a second factor: see SecondFactorPolicy. */
    secondFactorDueAt: (user: SecondFactorState & Pick<TokenSubject, 'roles'>): number | undefined =>
      policy.dueAt(user, () => isOperator(roles.permissionsOf(user.roles))),

    /** Records when the account was asked for a second factor. One statement, once for each account, after its session has been stored. */
    async beginGracePeriod({ userId, sessionId }: SessionRef): Promise<void> {
      // The session must not be lost with this: the next refresh does it again.
      const hasBegun = await repository.askForSecondFactor(userId).catch((err: unknown) => {
        log.warn({ err, userId, sessionId }, 'the time of grace for a second factor was not recorded');
        return false;
      });
      if (hasBegun)
        log.info({ event: 'second_factor_asked', userId, sessionId }, 'an account was asked for a second factor');
    },
  };
}

export type SessionTokens = ReturnType<typeof createSessionTokens>;
