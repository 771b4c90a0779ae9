// Texts for the users of a front end, by error code.
import { LatchkeyError } from './errors.js';

const SIGNED_OUT = 'You have been signed out. Sign in again.';
const TRY_AGAIN = 'The service is not available at the moment. Try again shortly.';
const UNCLEAR = 'Something went wrong, and your change may not have been saved. Check it and try again.';
const PASSKEY_REFUSED = 'This passkey was not accepted. Try again, or use another way.';

/**
 * What to show for a code, where the service's own text is written for developers. `{seconds}` stands for the time to wait. For another
 * language, or other words: `textOf(error, { ...errorTexts, invalid_credentials: '…' })`.
 */
export const errorTexts: Readonly<Record<string, string>> = {
  validation_failed: 'Some fields are not valid. Correct them and try again.',
  current_password_required: 'Enter your current password to make this change.',
  current_password_wrong: 'Your current password is wrong. Check it and try again.',
  second_factor_required: 'Use your second factor: a code of your authenticator app, a passkey or a recovery code.',
  second_factor_wrong: 'The code is wrong or has been used. Wait for the next code and try again.',
  invalid_challenge: 'The sign-in has expired. Sign in again.',
  insufficient_user_authentication: 'Confirm that it is you, and try again.',
  second_factor_enrolment_required: 'Your account needs a second factor. Add one to continue.',
  factor_code_wrong: 'The code is wrong. Wait for the next code and try again.',
  factor_clock_off: 'The clock of the device with the authenticator app is wrong. Set it to automatic and try again.',
  passkey_refused: PASSKEY_REFUSED,
  factor_passkey_refused: PASSKEY_REFUSED,
  passkeys_unavailable: 'Passkeys cannot be used at the moment. Use another way.',
  passkey_cancelled: 'No passkey was used. Try again, or use another way.',
  passkey_exists: 'This device already has a passkey for your account.',
  passkey_unsupported: 'This browser cannot use passkeys. Try another browser, or another way.',
  passkey_no_authenticator: 'This device cannot create a passkey. Use another device.',
  passkey_origin_not_allowed: 'Passkeys cannot be used on this page.',
  passkey_failed: 'Your device could not use the passkey. Try again, or use another device.',
  forbidden: 'Your account is not allowed to do this.',
  missing_token: SIGNED_OUT,
  invalid_token: SIGNED_OUT,
  invalid_refresh_token: SIGNED_OUT,
  refresh_token_used: TRY_AGAIN,
  refresh_token_reused:
    'You have been signed out, because your session may have been used by someone else. Sign in again.',
  ended_elsewhere: 'You have been signed out, because you signed out or signed in elsewhere. Sign in again.',
  signed_out: 'You are not signed in. Sign in and try again.',
  session_not_found: 'This session has already ended.',
  registration_closed: 'New accounts cannot be created here at the moment.',
  mail_unavailable: 'E-mails cannot be sent at the moment. Try again later.',
  too_many_attempts: 'Too many wrong passwords or codes have been entered. Try again in {seconds} seconds.',
  rate_limited: 'There have been too many attempts. Try again in {seconds} seconds.',
  request_timeout: TRY_AGAIN,
  overloaded: TRY_AGAIN,
  shutting_down: TRY_AGAIN,
  database_unavailable: UNCLEAR,
  handler_timeout: UNCLEAR,
  internal_error: UNCLEAR,
  unavailable: 'The service did not answer. Check your connection and try again.',
  unexpected_answer: 'The service did not answer. Check your connection and try again.',
};

/** The text to show for an error of the client; for other errors, and for codes without a text, what `fallback` or the service says. */
export function textOf(error: unknown, texts = errorTexts, fallback = UNCLEAR): string {
  if (!(error instanceof LatchkeyError)) return fallback;
  const text = texts[error.code] ?? error.message;
  const seconds = error.retryAfterSeconds ?? 60;
  // The first wait after wrong passwords is one second.
  return (seconds === 1 ? text.replace('{seconds} seconds', 'a second') : text).replace('{seconds}', String(seconds));
}
