// The mails with links that prove that their reader owns an address: to verify it, to reset a password, to change the address.
import type { AccountTokens, TokenRequest } from '#account-tokens/service.js';
import type { LinkPage, Links } from '#mail/links.js';
import type { Outbox } from '#mail/outbox.js';
import type { Db } from '#platform/database/database.js';
import type { LimitedMail, Quotas } from '#quotas/service.js';
import type { Settings } from '#settings/service.js';

/** The account that a link is about. */
export interface LinkOwner {
  readonly id: number;
  readonly email: string;
  readonly locale: string | null;
}

/** What MAILS_PER_ACCOUNT_PER_HOUR counts a mail by besides its address; `unlimited`: it does not apply. */
type Limit = Pick<LimitedMail, 'ip' | 'byAccount'> | 'unlimited';

type LinkKind = 'verify_email' | 'reset_password' | 'confirm_email_change' | 'undo_email_change';

interface Dependencies {
  readonly accountTokens: Pick<AccountTokens, 'issue' | 'revoke'>;
  readonly mail: Pick<Outbox, 'enabled' | 'enqueue'>;
  readonly links: Links;
  readonly quotas: Pick<Quotas, 'takeMail'>;
  readonly settings: Pick<Settings, 'get'>;
}

/**
 * Every method stores a token and its mail in the caller's transaction, which has locked the account. Without a way to send mails nothing
 * is stored. Each returns whether a mail was stored.
 */
export function createEmailLinks({ accountTokens, mail, links, quotas, settings }: Dependencies) {
  async function send(
    kind: LinkKind,
    page: LinkPage,
    { owner, to, limit, newEmail = to }: { owner: LinkOwner; to: string; limit: Limit; newEmail?: string },
    token: Omit<TokenRequest, 'userId'>,
    on: Db,
  ): Promise<boolean> {
    if (!mail.enabled) return false;
    if (limit !== 'unlimited' && !(await quotas.takeMail({ kind, to, ...limit }, on))) return false;
    // A newer request for a change replaces the older one.
    if (token.purpose === 'change_email') await accountTokens.revoke(owner.id, 'change_email', on);
    const issued = await accountTokens.issue({ ...token, userId: owner.id }, on);
    if (issued === undefined) return false;
    const { expiresAt } = issued;
    const link = { url: links.to(page, issued.token), expiresAt: expiresAt.toISOString() };
    const { id: userId, locale } = owner;
    const base = { userId, to, locale, expiresAt };
    if (kind === 'verify_email' || kind === 'reset_password') await mail.enqueue({ ...base, kind, data: link }, on);
    else await mail.enqueue({ ...base, kind, data: { ...link, email: newEmail } }, on);
    return true;
  }

  return {
    /** To the address of an account, which its owner shall verify. */
    sendVerification: (owner: LinkOwner, on: Db, limit: Limit = {}): Promise<boolean> => {
      const { email } = owner;
      const lifetime = settings.get('EMAIL_VERIFICATION_LIFETIME');
      const token = { purpose: 'verify_email', email, accountEmail: email, lifetime } as const;
      return send('verify_email', 'verify-email', { owner, to: email, limit }, token, on);
    },

    /** To the address of an account. The link is invalid when the address or the password has changed. */
    sendReset: (owner: LinkOwner, on: Db, limit: Limit = {}): Promise<boolean> => {
      const { email } = owner;
      const lifetime = settings.get('PASSWORD_RESET_LIFETIME');
      const token = { purpose: 'reset_password', email, accountEmail: email, bindsPassword: true, lifetime } as const;
      return send('reset_password', 'reset-password', { owner, to: email, limit }, token, on);
    },

    /**
     * To the new address, which the account gets when the link is used. The link is invalid when the address or the password has changed.
     */
    sendChange: (owner: LinkOwner, email: string, on: Db): Promise<boolean> => {
      const lifetime = settings.get('EMAIL_VERIFICATION_LIFETIME');
      const token = {
        purpose: 'change_email',
        email,
        accountEmail: owner.email,
        bindsPassword: true,
        lifetime,
      } as const;
      const limit = { byAccount: owner.id };
      return send('confirm_email_change', 'confirm-email', { owner, to: email, limit }, token, on);
    },

    /**
     * To the old address of `owner`, which was verified, after a change to the address `newEmail`. It is sent however many changes there
     * were before.
     */
    sendUndo: async (owner: LinkOwner, newEmail: string, on: Db): Promise<boolean> => {
      if (!settings.get('NOTIFY_EMAIL_CHANGED')) return false;
      const { email } = owner;
      const lifetime = settings.get('EMAIL_CHANGE_UNDO_LIFETIME');
      const token = { purpose: 'undo_email_change', email, lifetime } as const;
      const options = { owner, to: email, limit: 'unlimited', newEmail } as const;
      return send('undo_email_change', 'undo-email-change', options, token, on);
    },
  };
}

export type EmailLinks = ReturnType<typeof createEmailLinks>;
