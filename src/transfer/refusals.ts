// Why a line of an import is refused. The codes are stable, because programs read the report.

/** Each code with its message. The messages contain nothing of the line, which is personal data. */
export const refusals = {
  not_utf8: 'the line is not UTF-8',
  contains_nul: 'the line contains a NUL character',
  line_too_long: 'the line is longer than 64 KiB',
  json_invalid: 'the line is not a JSON object',
  csv_invalid: 'the quotes of this record do not match',
  csv_columns: 'the record does not have as many fields as the first line',
  email_missing: 'email is missing',
  email_invalid: 'email is not a valid e-mail address',
  username_invalid: 'username must be text of at most 150 characters without control characters',
  hash_invalid: 'password_hash must be text',
  hash_unknown: 'password_hash is not in one of the supported forms',
  hash_too_costly: 'verifying password_hash would take too much time or memory',
  hash_algorithm_unknown: 'hash_algorithm must be latchkey, or left out',
  signer_key_missing: 'password_hash comes from Firebase, and FIREBASE_SIGNER_KEY is not set',
  signer_key_differs: 'password_hash does not belong to FIREBASE_SIGNER_KEY',
  roles_invalid: 'roles must be a list of names',
  role_unknown: 'one of the roles does not exist; create it first',
  email_verified_invalid: 'email_verified must be true, false, or a time with an offset',
  disabled_invalid: 'disabled must be true, false, or a time with an offset',
  disabled_reason_invalid: 'disabled_reason must be text of at most 500 characters without control characters',
  deletion_due_at_invalid:
    'deletion_due_at must be a time with an offset, at most 90 days from now, and the account disabled',
  created_at_invalid: 'created_at must be a time with an offset, such as 2024-05-01T12:00:00Z, and not in the future',
  locale_invalid: 'locale must be a language tag, such as de or pt-BR',
  duplicate: 'an earlier line has the same e-mail address',
  email_taken: 'an account with this e-mail address exists and differs from the line, or --resume was not given',
} as const;

/** A code of `refusals`. */
export type Refusal = keyof typeof refusals;

/** A line that cannot be imported; lines are counted from 1. */
export interface RefusedLine {
  readonly line: number;
  readonly refusal: Refusal;
  /** The first byte of a line that is too long to be kept. */
  readonly firstByte?: number | undefined;
}
