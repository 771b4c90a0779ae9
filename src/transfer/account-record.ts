// The format of imports and exports: the fields of a line, and how they become an account.
import { canonicalLanguage } from '#mail/locale.js';
import type { ForeignHashes } from '#passwords/foreign/foreign-hashes.js';
import { originalText } from '#passwords/foreign/foreign-hashes.js';
import type { Passwords } from '#passwords/service.js';
import { MAX_ACCOUNT_DELETION_GRACE } from '#settings/registry.js';
import { canonicalEmail } from '#users/email.js';
import type { InputRecord } from './json-lines.js';
import type { Refusal } from './refusals.js';
import type { ExportedRow, NewAccountRow } from './repository.js';
import { canonicalTime } from './timestamp.js';

/** The fields that an import reads. It accepts `id`, which exports contain, but gives accounts new ids. */
export const knownFields: ReadonlySet<string> = new Set([
  'id',
  'email',
  'username',
  'password_hash',
  'hash_algorithm',
  'roles',
  'email_verified',
  'disabled',
  'disabled_reason',
  'deletion_due_at',
  'created_at',
  'locale',
]);

/** Names our own argon2id, of the password in NFC. A hash without an algorithm is recognised by its form. */
const OWN_ALGORITHM = 'latchkey';
const DEFAULT_REASON = 'Disabled before the import.';
/** The clocks of two systems may differ. */
const TOLERANCE_MILLISECONDS = 86_400_000;

/** What the conversion of a line needs. */
export interface Hashes {
  readonly foreign: Pick<ForeignHashes, 'accept'>;
  readonly own: Pick<Passwords, 'checkOwnHash'>;
}

class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal);
    this.refusal = refusal;
  }
}

/** The account of a line, or why it is refused. `now` is the time of the import. */
export function toAccount({ fields }: InputRecord, { foreign, own }: Hashes, now: Date): NewAccountRow | Refusal {
  try {
    const disabled = timeOrFlag(fields.disabled, now, 'disabled_invalid');
    const due = deletionDueAt(fields.deletion_due_at, disabled, now);
    return {
      email: email(fields.email),
      username: text(fields.username, 150, 'username_invalid') ?? '',
      password_hash: passwordHash(fields, foreign, own),
      roles: roles(fields.roles),
      email_verified_at: timeOrFlag(fields.email_verified, now, 'email_verified_invalid'),
      disabled_at: disabled,
      disabled_reason: disabledReason(fields.disabled_reason, disabled, due),
      deletion_due_at: due,
      created_at: createdAt(fields.created_at, now),
      locale: locale(fields.locale),
    };
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}

/** The line of an account. */
export function toLine({ passwordHash: stored, ...row }: ExportedRow): string {
  const foreign = stored === null ? undefined : originalText(stored);
  const hash = stored === null ? {} : foreign === undefined ? own(stored) : { password_hash: foreign };
  return `${JSON.stringify({
    id: row.id,
    email: row.email,
    ...(row.username !== '' && { username: row.username }),
    ...hash,
    ...(row.roles.length > 0 && { roles: row.roles }),
    email_verified: row.emailVerifiedAt ?? false,
    disabled: row.disabledAt ?? false,
    ...(row.disabledReason !== null && { disabled_reason: row.disabledReason }),
    ...(row.deletionDueAt !== null && { deletion_due_at: row.deletionDueAt }),
    created_at: row.createdAt,
    ...(row.locale !== null && { locale: row.locale }),
  })}\n`;
}

function own(hash: string) {
  return { password_hash: hash, hash_algorithm: OWN_ALGORITHM };
}

function isAbsent(value: unknown): value is undefined | null | '' {
  return value === undefined || value === null || value === '';
}

function email(value: unknown): string {
  if (isAbsent(value)) throw new Refused('email_missing');
  const canonical = typeof value === 'string' ? canonicalEmail(value) : undefined;
  if (canonical === undefined) throw new Refused('email_invalid');
  return canonical;
}

function text(value: unknown, maxLength: number, refusal: Refusal): string | undefined {
  if (isAbsent(value)) return undefined;
  if (typeof value !== 'string' || [...value].length > maxLength || /[\p{Cc}\p{Cs}]/u.test(value)) {
    throw new Refused(refusal);
  }
  return value;
}

/**
 * Why an operator has disabled the account. Null if none has: an active account must not have a reason, with which its owner could not come
 * back after asking to leave.
 */
function disabledReason(value: unknown, disabled: string | null, due: string | null): string | null {
  const reason = text(value, 500, 'disabled_reason_invalid') ?? (due === null ? DEFAULT_REASON : null);
  return disabled === null ? null : reason;
}

/** When the account is to be deleted, because its owner has asked to leave: such an account is disabled. */
function deletionDueAt(value: unknown, disabled: string | null, now: Date): string | null {
  if (isAbsent(value)) return null;
  if (disabled === null) throw new Refused('deletion_due_at_invalid');
  return time(value, new Date(now.getTime() + MAX_ACCOUNT_DELETION_GRACE * 1000), 'deletion_due_at_invalid');
}

/** Null: the account has no password. Django marks such accounts with a hash that begins with an exclamation mark. */
function passwordHash(fields: InputRecord['fields'], foreign: Hashes['foreign'], passwords: Hashes['own']) {
  const { password_hash: hash, hash_algorithm: algorithm } = fields;
  if (!isAbsent(algorithm) && algorithm !== OWN_ALGORITHM) throw new Refused('hash_algorithm_unknown');
  if (isAbsent(hash)) return null;
  if (typeof hash !== 'string') throw new Refused('hash_invalid');
  if (hash.startsWith('!')) return null;
  if (algorithm === OWN_ALGORITHM) {
    const result = passwords.checkOwnHash(hash);
    if (result !== 'valid') throw new Refused(result === 'costly' ? 'hash_too_costly' : 'hash_unknown');
    return hash;
  }
  const result = foreign.accept(hash);
  if ('refusal' in result) throw new Refused(result.refusal);
  return result.stored;
}

/** A list, or for CSV a text with commas. Sorted and without duplicates, as they are stored. */
function roles(value: unknown): readonly string[] {
  if (isAbsent(value)) return [];
  const names: unknown = typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value;
  if (
    !Array.isArray(names) ||
    !names.every((name) => typeof name === 'string' && /^[^\p{Cc}\p{Cs}]{1,100}$/u.test(name))
  ) {
    throw new Refused('roles_invalid');
  }
  return [...new Set<string>(names)].sort();
}

/** As programs write them: Postgres `t`, Python `True`, spreadsheets `TRUE`, MySQL `1`, also as numbers. */
const TRUE: readonly string[] = ['true', 't', '1'];
const FALSE: readonly string[] = ['false', 'f', '0'];

/** A time, or whether something is so since the time of the import. */
function timeOrFlag(value: unknown, now: Date, refusal: Refusal): string | null {
  if (isAbsent(value)) return null;
  const flag = typeof value === 'object' ? '' : String(value).trim().toLowerCase();
  if (FALSE.includes(flag)) return null;
  if (TRUE.includes(flag)) return now.toISOString();
  return time(value, now, refusal);
}

/** The language of mails. POSIX writes an underscore and an encoding, such as `de_AT.UTF-8`. */
function locale(value: unknown): string | null {
  if (isAbsent(value)) return null;
  const tag =
    typeof value === 'string' ? canonicalLanguage(value.trim().replace(/\..*$/, '').replaceAll('_', '-')) : undefined;
  if (tag === undefined) throw new Refused('locale_invalid');
  return tag;
}

function createdAt(value: unknown, now: Date): string | null {
  return isAbsent(value) ? null : time(value, now, 'created_at_invalid');
}

function time(value: unknown, now: Date, refusal: Refusal): string {
  const latest = new Date(now.getTime() + TOLERANCE_MILLISECONDS);
  const canonical = typeof value === 'string' ? canonicalTime(value, latest) : undefined;
  if (canonical === undefined) throw new Refused(refusal);
  return canonical;
}
