// The values that a template can contain, as text: what `{{name}}` in a file stands for.
import type { Mailbox } from '#platform/config/mailbox.js';
import type { MailData, MailKind } from '../kinds.js';
import { deviceName } from './device-name.js';

/** The values of one mail, by the name of their placeholder. */
export type Values = Readonly<Record<string, string>>;

/** What is the same in all mails of this service. */
export interface Sender {
  /** What users know the service as: the name in MAIL_FROM, or the host of PUBLIC_URL. */
  readonly service: string;
}

const LINK = ['url', 'expires_at'] as const;
const OCCURRENCE = ['at', 'ip', 'device'] as const;

/** The placeholders of each kind, besides `service`. */
export const placeholders = {
  verify_email: LINK,
  reset_password: LINK,
  confirm_email_change: [...LINK, 'email'],
  undo_email_change: [...LINK, 'email'],
  sign_in: [...LINK, 'code'],
  password_changed: OCCURRENCE,
  email_changed: [...OCCURRENCE, 'email'],
  new_sign_in: OCCURRENCE,
  refresh_token_reused: OCCURRENCE,
  second_factor_added: OCCURRENCE,
  second_factor_removed: OCCURRENCE,
  recovery_codes_created: OCCURRENCE,
  recovery_code_used: OCCURRENCE,
  second_factors_reset: ['at'],
  deletion_scheduled: ['deletes_at'],
  account_deleted: ['at'],
  unverified_account_deleted: ['at'],
} as const satisfies Readonly<Record<MailKind, readonly string[]>>;

export const mailKinds = Object.keys(placeholders) as readonly MailKind[];

/** The values of a mail's placeholders, with times in the conventions of `locale`. */
export function valuesOf(kind: MailKind, data: MailData[MailKind], locale: string, { service }: Sender): Values {
  // One member of the union at a time would repeat this for each kind; what a kind lacks is not among its placeholders.
  const { url, expiresAt, email, code, at, ip, userAgent, deletesAt } = data as Partial<UnionOfData>;
  const all: Readonly<Record<string, string>> = {
    service,
    url: url ?? '',
    expires_at: formatTime(expiresAt, locale),
    email: email ?? 'another address',
    code: code ?? '',
    at: formatTime(at, locale),
    ip: ip ?? 'unknown',
    device: deviceName(userAgent ?? null) ?? 'unknown',
    deletes_at: formatTime(deletesAt, locale),
  };
  const names: readonly string[] = ['service', ...placeholders[kind]];
  return Object.fromEntries(names.map((name) => [name, oneLine(all[name] ?? '')]));
}

type UnionOfData = MailData['sign_in'] & MailData['email_changed'] & MailData['deletion_scheduled'];

/** In UTC, because the time zone of the reader is not known. */
function formatTime(iso: string | undefined, locale: string): string {
  if (iso === undefined) return '';
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(new Date(iso))} UTC`;
}

/** A value can begin neither a line of the text nor a header. Some locales have a narrow space in times, which few fonts of mail programs have. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u202f]+/gu, ' ');
}

/** What users know the service as. */
export function serviceName(from: Mailbox, publicUrl: { readonly host: string } | undefined): string {
  return from.name || publicUrl?.host || from.address.slice(from.address.lastIndexOf('@') + 1);
}
