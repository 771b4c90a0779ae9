// Notices: mails that tell the owner of an account what was done with it, so that they notice what they did not do themselves.
import type { Origin } from '#audit/events.js';
import type { Db } from '#platform/database/database.js';
import type { Quotas } from '#quotas/service.js';
import type { Settings } from '#settings/service.js';
import type { MailData, MailKind } from './kinds.js';
import type { Outbox } from './outbox.js';
import type { MailsRepository, Recipient } from './repository.js';

interface Dependencies {
  readonly mail: Pick<Outbox, 'enabled' | 'enqueue'>;
  readonly repository: Pick<MailsRepository, 'findRecipient'>;
  readonly quotas: Pick<Quotas, 'takeMail'>;
  readonly settings: Pick<Settings, 'get'>;
  readonly now: () => number;
}

/** Where a request of the owner comes from. Empty for an act of an operator, whose address and browser the owner does not see. */
type NoticeOrigin = Pick<Origin, 'ip' | 'userAgent'>;

/** The notices whose content is an occurrence and that can be switched off, and the setting of each. */
const SETTINGS = {
  password_changed: 'NOTIFY_PASSWORD_CHANGED',
  new_sign_in: 'NOTIFY_NEW_SIGN_IN',
  refresh_token_reused: 'NOTIFY_TOKEN_REUSE',
} as const;

/** The other notices whose content is an occurrence. They are rare, and always sent. */
type AlwaysSent = 'second_factor_added' | 'second_factor_removed' | 'recovery_codes_created' | 'recovery_code_used';
type Occurrence = keyof typeof SETTINGS | AlwaysSent;

type Notice = {
  [Kind in MailKind]: { readonly kind: Kind; readonly data: MailData[Kind] };
}[MailKind];

/**
 * Each notice is stored in the caller's transaction, and goes to the address that the account has in it at that moment: before a change of
 * the address, to the old one. Nothing is stored if this service sends no mails, if the setting of the notice is off, or if the address has
 * got MAILS_PER_ACCOUNT_PER_HOUR of this kind: its owner may be a stranger to the account, and further mails would say nothing new.
 */
export function createNotices({ mail, repository, quotas, settings, now }: Dependencies) {
  const isOn = (kind: Occurrence): boolean =>
    mail.enabled && (!(kind in SETTINGS) || settings.get(SETTINGS[kind as keyof typeof SETTINGS]));

  /** Stores a notice to the address of an account. */
  async function store(
    userId: number,
    noticeFor: (recipient: Recipient) => Notice,
    on: Db,
    { byAccount }: { byAccount?: number } = {},
  ): Promise<void> {
    const recipient = await repository.findRecipient(userId, on);
    if (recipient === undefined) return;
    const { to, locale } = recipient;
    const notice = noticeFor(recipient);
    if (!(await quotas.takeMail({ kind: notice.kind, to, byAccount }, on))) return;
    // The notice of a deletion does not refer to the account, whose other mails are removed with it.
    await mail.enqueue({ ...notice, to, locale, userId: notice.kind === 'account_deleted' ? null : userId }, on);
  }

  const occurrence = ({ ip, userAgent }: NoticeOrigin) => ({
    at: isoNow(),
    ip: ip ?? null,
    userAgent: userAgent ?? null,
  });

  async function notify(kind: Occurrence, userId: number, origin: NoticeOrigin, on: Db): Promise<void> {
    if (isOn(kind)) await store(userId, () => ({ kind, data: occurrence(origin) }), on);
  }

  function isoNow(): string {
    return new Date(now()).toISOString();
  }

  return {
    /** Whether logins from devices that the account has not used before are reported. */
    reportsNewSignIns: (): boolean => isOn('new_sign_in'),

    /** The password was changed, reset by an operator, or set anew by a link. */
    passwordChanged: (userId: number, origin: NoticeOrigin, on: Db) => notify('password_changed', userId, origin, on),

    /** A login from a device that is not known. */
    newSignIn: (userId: number, origin: NoticeOrigin, on: Db) => notify('new_sign_in', userId, origin, on),

    /** A session was ended because a used refresh token was sent again. */
    refreshTokenReused: (userId: number, origin: NoticeOrigin, on: Db) =>
      notify('refresh_token_reused', userId, origin, on),

    /** An authenticator app was confirmed, or a passkey added. */
    secondFactorAdded: (userId: number, origin: NoticeOrigin, on: Db) =>
      notify('second_factor_added', userId, origin, on),

    /** A factor was removed with the password of the account. */
    secondFactorRemoved: (userId: number, origin: NoticeOrigin, on: Db) =>
      notify('second_factor_removed', userId, origin, on),

    /** New recovery codes, which take the place of a second factor. */
    recoveryCodesCreated: (userId: number, origin: NoticeOrigin, on: Db) =>
      notify('recovery_codes_created', userId, origin, on),

    /** A recovery code took the place of the second factor. */
    recoveryCodeUsed: (userId: number, origin: NoticeOrigin, on: Db) =>
      notify('recovery_code_used', userId, origin, on),

    /** An operator has removed the second factors. Always sent. */
    async secondFactorsReset(userId: number, on: Db): Promise<void> {
      if (!mail.enabled) return;
      const recipient = await repository.findRecipient(userId, on);
      if (recipient === undefined) return;
      const { to, locale } = recipient;
      await mail.enqueue({ kind: 'second_factors_reset', userId, to, locale, data: { at: isoNow() } }, on);
    },

    /**
     * The address is about to change to `email`, and the old one cannot undo that: an operator changes it, or it was never verified. To an
     * address that was never verified, the notice does not contain the new one: its reader may be a stranger, whose address was mistyped or
     * is being used to send them a text.
     */
    async emailChanged(userId: number, email: string, origin: NoticeOrigin, on: Db): Promise<void> {
      if (!mail.enabled || !settings.get('NOTIFY_EMAIL_CHANGED')) return;
      const noticeFor = ({ isVerified }: Recipient): Notice => ({
        kind: 'email_changed',
        data: { email: isVerified ? email : null, ...occurrence(origin) },
      });
      await store(userId, noticeFor, on, { byAccount: userId });
    },

    /** The owner has asked to leave. */
    async deletionScheduled(userId: number, deletesAt: Date, on: Db): Promise<void> {
      if (!mail.enabled) return;
      await store(userId, () => ({ kind: 'deletion_scheduled', data: { deletesAt: deletesAt.toISOString() } }), on);
    },

    /** The account is about to be deleted in the caller's transaction, as its owner wished. */
    async accountDeleted(userId: number, on: Db): Promise<void> {
      if (mail.enabled) await store(userId, () => ({ kind: 'account_deleted', data: { at: isoNow() } }), on);
    },

    /** Another account was deleted, which had not verified the address that this account has just got. */
    async unverifiedAccountDeleted(userId: number, on: Db): Promise<void> {
      if (mail.enabled) await store(userId, () => ({ kind: 'unverified_account_deleted', data: { at: isoNow() } }), on);
    },
  };
}

export type Notices = ReturnType<typeof createNotices>;
