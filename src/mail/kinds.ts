// The kinds of mail, and the values that the template of each contains.

/** A link that works once, and when it expires. */
interface LinkData {
  readonly url: string;
  readonly expiresAt: string;
}

/** Where and when something was done, as far as it is known. `at` is an ISO 8601 time. */
interface OccurrenceData {
  readonly at: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** The values of each template. A kind is the name of its template. */
export interface MailData {
  /** To an address that its owner shall verify. */
  readonly verify_email: LinkData;
  /** To the address of an account whose password was forgotten. */
  readonly reset_password: LinkData;
  /** To the new address of an account, which must confirm a change. */
  readonly confirm_email_change: LinkData & { readonly email: string };
  /** To the old address after a change, with a link that reverts it. */
  readonly undo_email_change: LinkData & { readonly email: string };
  /** A link and a six-digit code to sign in without a password. */
  readonly sign_in: LinkData & { readonly code: string };
  readonly password_changed: OccurrenceData;
  /** `email` is null if the reader has not verified their address: they may be a stranger to the account. */
  readonly email_changed: OccurrenceData & { readonly email: string | null };
  readonly new_sign_in: OccurrenceData;
  /** A session was ended because a used refresh token was sent again. */
  readonly refresh_token_reused: OccurrenceData;
  /** A factor can be used from now on, or no longer. */
  readonly second_factor_added: OccurrenceData;
  readonly second_factor_removed: OccurrenceData;
  /** New recovery codes take the place of all older ones. */
  readonly recovery_codes_created: OccurrenceData;
  /** A recovery code took the place of the second factor. */
  readonly recovery_code_used: OccurrenceData;
  /** An operator has removed the second factors of an account. */
  readonly second_factors_reset: { readonly at: string };
  readonly deletion_scheduled: { readonly deletesAt: string };
  readonly account_deleted: { readonly at: string };
  /** To an address whose owner has proved it, because of which an unverified account that had it was deleted. */
  readonly unverified_account_deleted: { readonly at: string };
}

export type MailKind = keyof MailData;

/** Kinds of mail that a person waits for in order to log in. */
const URGENT: ReadonlySet<string> = new Set<MailKind>(['reset_password', 'sign_in']);

/** Whether mails of this kind leave before others when the outbox is long. */
export function isUrgent(kind: string): boolean {
  return URGENT.has(kind);
}

/** A mail to be sent. */
export type Mail = {
  [Kind in MailKind]: {
    readonly kind: Kind;
    readonly userId: number | null;
    /** A canonical address (src/users/email.ts). */
    readonly to: string;
    /** A BCP 47 tag; null: the default language. */
    readonly locale: string | null;
    /** When the mail is of no use any more. */
    readonly expiresAt?: Date | undefined;
    readonly data: MailData[Kind];
  };
}[MailKind];
