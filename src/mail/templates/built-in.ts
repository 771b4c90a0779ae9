// The built-in templates, in English: one function per kind of mail.
import type { MailKind } from '../kinds.js';
import type { Content } from './layout.js';
import type { placeholders } from './values.js';

type Template<Kind extends MailKind> = (
  values: Readonly<Record<(typeof placeholders)[Kind][number] | 'service', string>>,
) => Content;

/** The language of the built-in templates. */
export const BUILT_IN_LANGUAGE = 'en';

const NOT_YOU = 'If you did not ask for this, you can ignore this e-mail.';

interface Occurrence {
  readonly at: string;
  readonly ip: string;
  readonly device: string;
}

const occurrence = ({ at, ip, device }: Occurrence) =>
  [
    ['When', at],
    ['Device', device],
    ['IP address', ip],
  ] as const;

export const builtIn: { readonly [Kind in MailKind]: Template<Kind> } = {
  verify_email: ({ service, url, expires_at }) => ({
    subject: `Verify your e-mail address for ${service}`,
    paragraphs: [`This e-mail address was used to create an account at ${service}.`],
    button: { label: 'Verify this address', url },
    closing: [`The link works once, until ${expires_at}.`, NOT_YOU],
  }),

  reset_password: ({ service, url, expires_at }) => ({
    subject: `Set a new password for ${service}`,
    paragraphs: [`A new password was requested for your account at ${service}.`],
    button: { label: 'Set a new password', url },
    closing: [`The link works once, until ${expires_at}.`, `${NOT_YOU} Your password stays as it is.`],
  }),

  confirm_email_change: ({ service, url, expires_at, email }) => ({
    subject: `Confirm your new e-mail address for ${service}`,
    paragraphs: [`Confirm that ${email} is the new e-mail address of your account at ${service}.`],
    button: { label: 'Confirm this address', url },
    closing: [`The link works once, until ${expires_at}. Until you follow it, the old address stays.`, NOT_YOU],
  }),

  undo_email_change: ({ service, url, expires_at, email }) => ({
    subject: `Your e-mail address for ${service} was changed`,
    paragraphs: [
      `The e-mail address of your account at ${service} was changed to ${email}.`,
      'If you did this, there is nothing to do. If not, undo the change: your account gets this address back, all its sessions end, and you can set a new password.',
    ],
    button: { label: 'Undo the change', url },
    closing: [`The link works once, until ${expires_at}.`],
  }),

  sign_in: ({ service, url, expires_at, code }) => ({
    subject: `Sign in to ${service}`,
    paragraphs: [`Use this code, or the link below it, to sign in to ${service}.`],
    code,
    button: { label: 'Sign in', url },
    closing: [`Both work once, until ${expires_at}.`, `Do not share this code. ${service} never asks for it.`, NOT_YOU],
  }),

  password_changed: ({ service, ...facts }) => ({
    subject: `Your password for ${service} was changed`,
    paragraphs: [`The password of your account at ${service} was changed.`],
    facts: occurrence(facts),
    closing: ['If this was not you, request a new password on the sign-in page at once. That ends all sessions.'],
  }),

  email_changed: ({ service, email, ...facts }) => ({
    subject: `Your e-mail address for ${service} was changed`,
    paragraphs: [`The e-mail address of your account at ${service} was changed to ${email}.`],
    facts: occurrence(facts),
    closing: [`If this was not you, contact ${service} at once.`],
  }),

  new_sign_in: ({ service, ...facts }) => ({
    subject: `New sign-in to ${service}`,
    paragraphs: [`Your account at ${service} was used to sign in from a new device.`],
    facts: occurrence(facts),
    closing: [
      'If this was you, there is nothing to do. If not, change your password at once. That ends all other sessions.',
    ],
  }),

  refresh_token_reused: ({ service, ...facts }) => ({
    subject: `A session at ${service} was ended for your safety`,
    paragraphs: [
      `A session of your account at ${service} was used in two places at once, which may mean that it was stolen. It was ended.`,
    ],
    facts: occurrence(facts),
    closing: ['Sign in again. If you do not recognize the device, change your password too.'],
  }),

  second_factor_added: ({ service, ...facts }) => ({
    subject: `A second factor was added to your account at ${service}`,
    paragraphs: [
      `An authenticator app or a passkey was added to your account at ${service}. It can be used to sign in.`,
    ],
    facts: occurrence(facts),
    closing: [
      `If this was you, there is nothing to do. If not, change your password at once, and remove the app or passkey. If you cannot sign in any more, contact ${service}.`,
    ],
  }),

  second_factor_removed: ({ service, ...facts }) => ({
    subject: `A second factor was removed from your account at ${service}`,
    paragraphs: [
      `An authenticator app or a passkey of your account at ${service} was removed. It can no longer be used to sign in.`,
    ],
    facts: occurrence(facts),
    closing: [`If this was you, there is nothing to do. If not, change your password at once, and contact ${service}.`],
  }),

  recovery_codes_created: ({ service, ...facts }) => ({
    subject: `New recovery codes for ${service}`,
    paragraphs: [`New recovery codes were made for your account at ${service}. Older ones no longer work.`],
    facts: occurrence(facts),
    closing: [
      'If this was you, there is nothing to do. If not, change your password at once, and make new recovery codes.',
    ],
  }),

  recovery_code_used: ({ service, ...facts }) => ({
    subject: `A recovery code for ${service} was used`,
    paragraphs: [`A recovery code was used to sign in to your account at ${service}. It does not work again.`],
    facts: occurrence(facts),
    closing: [
      'If this was you, there is nothing to do. If not, change your password at once, and make new recovery codes.',
    ],
  }),

  second_factors_reset: ({ service, at }) => ({
    subject: `Your second factors for ${service} were removed`,
    paragraphs: [
      `An operator of ${service} removed the authenticator apps, passkeys and recovery codes of your account at ${at}.`,
      'You can sign in with your password alone now. Add an authenticator app or a passkey again.',
    ],
    closing: [`If you did not ask for this, contact ${service} at once.`],
  }),

  deletion_scheduled: ({ service, deletes_at }) => ({
    subject: `Your account at ${service} will be deleted`,
    paragraphs: [`You asked to delete your account at ${service}. It will be deleted for good at ${deletes_at}.`],
    closing: ['To keep it, sign in before then.'],
  }),

  account_deleted: ({ service, at }) => ({
    subject: `Your account at ${service} was deleted`,
    paragraphs: [`Your account at ${service} was deleted at ${at}, with all of its data.`],
    closing: ['This is the last e-mail to this address.'],
  }),

  unverified_account_deleted: ({ service, at }) => ({
    subject: `An unverified account at ${service} was deleted`,
    paragraphs: [
      `You have shown that this e-mail address is yours, and your account at ${service} has it now.`,
      `Another account had been registered with this address, by you or by another person, who never verified it. It was deleted at ${at}, because an address can belong to one account only.`,
    ],
    closing: ['There is nothing to do.'],
  }),
};
