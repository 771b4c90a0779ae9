// What is counted by the hour, for charts.

/** The names in the table and in the API. */
export const activityNames = [
  'logins',
  /** The password, the code or the link was wrong, or the account cannot be used. */
  'failed_logins',
  /** Refused because wrong passwords or codes delay the next attempt. */
  'delayed_logins',
  'refreshes',
  'registrations',
  /** Used refresh tokens that came back, and ended their sessions. */
  'reused_tokens',
] as const;

export type ActivityName = (typeof activityNames)[number];

/** A number for each name. */
export type Totals = Readonly<Record<ActivityName, number>>;
