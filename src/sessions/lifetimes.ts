// How long sessions live.
import type { Settings } from '#settings/service.js';

/** The limits of a session's life, in seconds. */
export interface Lifetimes {
  /** From now until the session expires, unless it is refreshed. */
  readonly lifetime: number;
  /** From the login until the session expires in any case; 0: no such limit. */
  readonly maxLifetime: number;
}

/** The limits that apply to a session that logs in or refreshes now. */
export function currentLifetimes(settings: Pick<Settings, 'get'>): Lifetimes {
  return {
    lifetime: settings.get('REFRESH_TOKEN_LIFETIME'),
    maxLifetime: settings.get('SESSION_MAX_LIFETIME'),
  };
}
