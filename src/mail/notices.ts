// Notices: mails that tell the owner of an account what was done with it, so that they notice what they did not do themselves.
import type { Origin } from '#audit/events.js';
import type { Db } from '#platform/database/database.js';
import type { Settings } from '#settings/service.js';
import type { Outbox } from './outbox.js';
import type { MailsRepository } from './repository.js';

interface Dependencies {
  readonly mail: Pick<Outbox, 'enabled' | 'enqueue'>;
  readonly repository: Pick<MailsRepository, 'findRecipient' | 'countOfLastHour'>;
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

type Occurrence = keyof typeof SETTINGS | 'recovery_code_used';

/**
 * Each notice is stored in the caller's transaction, and goes to the address that the account has in it at that moment: before a change of
 * the address, to the old one. Nothing is stored if this service sends no mails, or if the setting of the notice is off.
 */
export function createNotices({ mail, repository, settings, now }: Dependencies) {
  const isOn = (kind: Occurrence): boolean =>
    mail.enabled && (kind === 'recovery_code_used' || settings.get(SETTINGS[kind]));

  async function notify(kind: Occurrence, userId: number, { ip, userAgent }: NoticeOrigin, on: Db): Promise<void> {
    if (!isOn(kind)) return;
    const recipient = await repository.findRecipient(userId, on);
    if (recipient === undefined) return;
    const data = { at: isoNow(), ip: ip ?? null, userAgent: userAgent ?? null };
    await mail.enqueue({ kind, userId, ...recipient, data }, on);
  }

  function isoNow(): string {
    return new Date(now()).toISOString();
  }

  return {
    /** Whether logins are to be told from devices that the account has not used before. */
    reportsNewSignIns: (): boolean => isOn('new_sign_in'),

    /** The password was changed, reset by an operator, or set anew by a link. */
    passwordChanged: (userId: number, origin: NoticeOrigin, on: Db) => notify('password_changed', userId, origin, on),

    /** A login from a device that is not known. */
    newSignIn: (userId: number, origin: NoticeOrigin, on: Db) => notify('new_sign_in', userId, origin, on),

    /** A session was ended because a used refresh token was sent again. */
    refreshTokenReused: (userId: number, origin: NoticeOrigin, on: Db) =>
      notify('refresh_token_reused', userId, origin, on),

    /** A recovery code took the place of the second factor. There are ten, so this is rare, and always sent. */
    recoveryCodeUsed: (userId: number, origin: NoticeOrigin, on: Db) =>
      notify('recovery_code_used', userId, origin, on),

    /** An operator has removed the second factors. Always sent. */
    async secondFactorsReset(userId: number, on: Db): Promise<void> {
      if (!mail.enabled) return;
      const recipient = await repository.findRecipient(userId, on);
      if (recipient === undefined) return;
      await mail.enqueue({ kind: 'second_factors_reset', userId, ...recipient, data: { at: isoNow() } }, on);
    },

    /**
     * The address is about to change to `email`, and the old one cannot undo that: an operator changes it, or it was never verified.
     * `isLimited`: MAILS_PER_ACCOUNT_PER_HOUR applies, because the owner of the old address may be a stranger.
     */
    async emailChanged(
      userId: number,
      email: string,
      { ip, userAgent }: NoticeOrigin,
      on: Db,
      { isLimited = false } = {},
    ): Promise<void> {
      if (!mail.enabled || !settings.get('NOTIFY_EMAIL_CHANGED')) return;
      const limit = settings.get('MAILS_PER_ACCOUNT_PER_HOUR');
      if (isLimited && (await repository.countOfLastHour(userId, 'email_changed', on)) >= limit) return;
      const recipient = await repository.findRecipient(userId, on);
      if (recipient === undefined) return;
      const data = { email, at: isoNow(), ip: ip ?? null, userAgent: userAgent ?? null };
      await mail.enqueue({ kind: 'email_changed', userId, ...recipient, data }, on);
    },

    /** The owner has asked to leave. */
    async deletionScheduled(userId: number, deletesAt: Date, on: Db): Promise<void> {
      if (!mail.enabled) return;
      const recipient = await repository.findRecipient(userId, on);
      if (recipient === undefined) return;
      const data = { deletesAt: deletesAt.toISOString() };
      await mail.enqueue({ kind: 'deletion_scheduled', userId, ...recipient, data }, on);
    },

    /**
     * The account is about to be deleted in the caller's transaction, as its owner wished. The mail does not refer to the account, whose
     * other mails are removed with it.
     */
    async accountDeleted(userId: number, on: Db): Promise<void> {
      if (!mail.enabled) return;
      const recipient = await repository.findRecipient(userId, on);
      if (recipient === undefined) return;
      await mail.enqueue({ kind: 'account_deleted', userId: null, ...recipient, data: { at: isoNow() } }, on);
    },
  };
}

export type Notices = ReturnType<typeof createNotices>;
