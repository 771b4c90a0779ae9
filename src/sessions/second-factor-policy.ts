// Who has to have a second factor, and from when on: an account without one then gets access tokens that only let it add one.
import type { Settings } from '#settings/service.js';

/** What the policy needs to know about an account. */
export interface SecondFactorState {
  readonly hasSecondFactor: boolean;
  /** When the account was first asked for a second factor, in seconds since 1970; null: never. */
  readonly secondFactorAskedAt: number | null;
}

const DAY_SECONDS = 86_400;

/** `now`: milliseconds since 1970. */
export function createSecondFactorPolicy(settings: Pick<Settings, 'get'>, now: () => number) {
  return {
    /**
     * When the account has to have a second factor, in seconds since 1970, which may be past. Undefined: it need not have one, or has one.
     * Reads memory only.
     */
    dueAt({ hasSecondFactor, secondFactorAskedAt }: SecondFactorState, isOperator: () => boolean): number | undefined {
      if (hasSecondFactor) return undefined;
      const isRequired =
        settings.get('SECOND_FACTOR_REQUIRED') ||
        (settings.get('SECOND_FACTOR_REQUIRED_FOR_OPERATORS') && isOperator());
      if (!isRequired) return undefined;
      return (secondFactorAskedAt ?? now() / 1000) + settings.get('SECOND_FACTOR_GRACE_DAYS') * DAY_SECONDS;
    },
  };
}

export type SecondFactorPolicy = ReturnType<typeof createSecondFactorPolicy>;
