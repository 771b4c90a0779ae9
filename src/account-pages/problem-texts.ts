// What a page says about a problem. The texts of the catalogue are written for developers of clients: they name headers and fields that the
// reader of a page does not see.
import type { ErrorCode } from '#platform/errors/catalogue.js';
import type { Problem } from '#platform/errors/problem.js';

const BUSY = 'The service is busy at the moment. Nothing was changed. Wait a moment and try again.';
const UNCLEAR = 'It may or may not have worked. Wait a moment, then open the link in the e-mail again.';
const UNREADABLE = 'The form did not arrive as it was sent. Open the link in the e-mail again.';

/** `{wait}` stands for the time to wait. */
const TEXTS: Partial<Record<ErrorCode, string>> = {
  forbidden:
    'This form was sent by another site, or your browser refuses cookies. Open the link in the e-mail again, and allow cookies for this site.',
  too_many_attempts: 'Too many wrong passwords or codes have been entered. Try again in {wait}.',
  rate_limited: 'There have been too many attempts. Try again in {wait}.',
  sign_in_by_email_disabled: 'Signing in by e-mail is switched off. Sign in with your password.',
  email_taken: 'Another account has this e-mail address. Sign in to that account, or use another address.',
  request_timeout: BUSY,
  overloaded: BUSY,
  shutting_down: BUSY,
  database_unavailable: UNCLEAR,
  handler_timeout: UNCLEAR,
  internal_error: UNCLEAR,
  validation_failed: UNREADABLE,
  malformed_request: UNREADABLE,
  unsupported_media_type: UNREADABLE,
  body_too_large: UNREADABLE,
};

/** A text for the reader of a page. */
export function problemText({ code, message, headers }: Problem): string {
  return (TEXTS[code] ?? message).replace('{wait}', waitOf(Number(headers['retry-after'] ?? 60)));
}

/** A number of seconds in words, rounded up. */
function waitOf(seconds: number): string {
  if (seconds <= 1) return 'a second';
  if (seconds < 120) return `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}
