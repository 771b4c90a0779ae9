// The catalogue of the errors that the API returns: code, status, public text, and headers.

/** What clients may rely on for one error. `docs/errors.md` lists the same entries; a test compares the two. */
export interface CatalogueEntry {
  /** HTTP status. */
  readonly status: number;
  /** What happened and what to do next, in a sentence that a front end can show. It never contains data from the request. */
  readonly detail: string;
  /** `error` of `WWW-Authenticate: Bearer` (RFC 6750 section 3.1, RFC 6749 section 5.2, RFC 9470); `null`: a challenge without an error. */
  readonly challenge?:
    | 'invalid_token'
    | 'insufficient_scope'
    | 'invalid_grant'
    | 'insufficient_user_authentication'
    | null;
  /** Seconds for `Retry-After`. */
  readonly retryAfter?: number;
}

const entry = <const T extends CatalogueEntry>(value: T): T => value;

export const catalogue = {
  validation_failed: entry({
    status: 400,
    detail: 'The request is not valid. See `errors` for the fields to correct.',
  }),
  malformed_json: entry({
    status: 400,
    detail: 'The request body is not well-formed JSON in UTF-8. Correct the body and send it again.',
  }),
  malformed_request: entry({
    status: 400,
    detail: 'The request is not well-formed HTTP. Check the client, and the proxies between it and the service.',
  }),
  current_password_required: entry({
    status: 400,
    detail: 'Changing the e-mail address or the password requires `current_password`. Send it with the request.',
  }),
  two_refresh_tokens: entry({
    status: 400,
    detail: 'The request has a refresh token both in its body and in its cookie. Send one of them.',
  }),
  invalid_email_token: entry({
    status: 400,
    detail:
      'The link or code is not valid: it has expired, has been used, or was replaced by a newer one. Request a new one.',
  }),
  missing_token: entry({
    status: 401,
    detail: 'This operation requires an access token. Send `Authorization: Bearer <access_token>`.',
    challenge: null,
  }),
  invalid_token: entry({
    status: 401,
    detail:
      'The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.',
    challenge: 'invalid_token',
  }),
  insufficient_user_authentication: entry({
    status: 401,
    detail:
      'This operation needs a more recent or a stronger proof of your identity. Send what `factors` lists to `POST /api/me/step-up/`, and repeat the request with the new access token; if `factors` is empty, log in again.',
    challenge: 'insufficient_user_authentication',
  }),
  invalid_credentials: entry({
    status: 401,
    detail: 'The e-mail address or the password is wrong. Check both and try again.',
    challenge: 'invalid_grant',
  }),
  second_factor_required: entry({
    status: 401,
    detail:
      'This account has a second factor. Send `challenge` with a code to `POST /api/login/second-factor/` within `expires_in` seconds.',
    challenge: 'invalid_grant',
  }),
  second_factor_wrong: entry({
    status: 401,
    detail:
      'The code is wrong, has been used already, or is out of date. Wait for the next code; if it is refused too, set the clock of your device to automatic.',
    challenge: 'invalid_grant',
  }),
  passkey_refused: entry({
    status: 401,
    detail:
      'The passkey was not accepted. Request a new challenge and try again; if it is refused again, log in in another way.',
    challenge: 'invalid_grant',
  }),
  invalid_challenge: entry({
    status: 401,
    detail:
      'The challenge has expired, has been used, or has got too many wrong codes; or the account has changed. Log in again.',
    challenge: 'invalid_grant',
  }),
  invalid_refresh_token: entry({
    status: 401,
    detail: 'The refresh token is unknown, expired or revoked. Log in again.',
    challenge: 'invalid_grant',
  }),
  refresh_token_used: entry({
    status: 401,
    detail: 'The refresh token has just been used, and its successor is valid. Use the tokens from that response.',
    challenge: 'invalid_grant',
  }),
  refresh_token_reused: entry({
    status: 401,
    detail:
      'The refresh token was used before, which may mean that it was stolen. The session has been ended. Log in again.',
    challenge: 'invalid_grant',
  }),
  forbidden: entry({
    status: 403,
    detail:
      'The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.',
    challenge: 'insufficient_scope',
  }),
  origin_not_allowed: entry({
    status: 403,
    detail:
      'The refresh token cookie is accepted only from pages of this service (`PUBLIC_URL`) and of the origins in `CORS_ORIGINS`. Ask the operator to add the origin of this page.',
  }),
  email_not_verified: entry({
    status: 403,
    detail:
      'The e-mail address of this account has not been verified. Follow the link in the e-mail, or request a new one.',
  }),
  second_factor_enrolment_required: entry({
    status: 403,
    detail:
      'This account has to have a second factor. Add one at `/api/me/factors/`, then refresh; until then the access token works for nothing else.',
    challenge: 'insufficient_scope',
  }),
  registration_closed: entry({ status: 403, detail: 'Registration is closed. Ask an operator for an account.' }),
  sign_in_by_email_disabled: entry({
    status: 403,
    detail: 'Signing in by e-mail is switched off. Log in with your password.',
  }),
  setup_closed: entry({
    status: 403,
    detail:
      'The first administrator cannot be created here, or the setup token is wrong. Use the link that the service printed at its last start, or log in as an administrator.',
  }),
  current_password_wrong: entry({
    status: 403,
    detail: '`current_password` is not the password of this account. Check it and try again.',
  }),
  factor_code_wrong: entry({
    status: 403,
    detail: 'The code is wrong, has been used already, or is out of date. Wait for the next code and try again.',
  }),
  factor_passkey_refused: entry({
    status: 403,
    detail: 'The passkey was not accepted. Request new options and try again, with another passkey if you have one.',
  }),
  factor_clock_off: entry({
    status: 403,
    detail:
      'The code belongs to another time: the clock of the device with the authenticator app is wrong. Set it to automatic and try again.',
  }),
  not_found: entry({ status: 404, detail: 'There is nothing at this path. Check the URL.' }),
  session_not_found: entry({
    status: 404,
    detail: 'This account has no active session with this id. List its sessions again.',
  }),
  user_not_found: entry({ status: 404, detail: 'No account has this id. List the accounts again.' }),
  factor_not_found: entry({
    status: 404,
    detail: 'This account has no such second factor. List its factors again, or add it again.',
  }),
  role_not_found: entry({ status: 404, detail: 'No role has this name. List the roles again.' }),
  key_not_found: entry({ status: 404, detail: 'No signing key has this `kid`. List the signing keys again.' }),
  mail_not_found: entry({ status: 404, detail: 'No e-mail has this id. List the e-mails again.' }),
  setting_not_found: entry({ status: 404, detail: 'No live setting has this name. List the settings again.' }),
  setting_version_not_found: entry({
    status: 404,
    detail: 'This setting has no change with this number. Read its history again.',
  }),
  method_not_allowed: entry({
    status: 405,
    detail: 'This path does not support the request method. Use one of those in `Allow`.',
  }),
  not_acceptable: entry({
    status: 406,
    detail:
      'The document is not available in any content coding that `Accept-Encoding` allows. Allow `gzip`, `br` or `identity`.',
  }),
  request_timeout: entry({
    status: 408,
    detail: 'The request did not arrive completely within the time limit. Send it again.',
  }),
  email_taken: entry({
    status: 409,
    detail: 'An account with this e-mail address already exists. Log in, or use another address.',
  }),
  account_disabled: entry({ status: 409, detail: 'This account is disabled. Enable it first.' }),
  role_exists: entry({ status: 409, detail: 'A role with this name already exists. Choose another name.' }),
  role_being_removed: entry({
    status: 409,
    detail: 'A role with this name was deleted and is still being removed from its holders. Try again later.',
  }),
  role_built_in: entry({
    status: 409,
    detail: 'This role is built in and can be neither changed nor deleted. Create another role instead.',
  }),
  too_many_factors: entry({
    status: 409,
    detail: 'This account has the maximum number of second factors. Remove one first.',
  }),
  second_factor_missing: entry({
    status: 409,
    detail:
      'This account has no second factor: there is nothing to reset, and recovery codes would be of no use. Add an authenticator app or a passkey first.',
  }),
  last_admin: entry({
    status: 409,
    detail:
      'This account is the last one with the role `admin`, so it can be neither demoted, disabled nor deleted. Give the role to another account first.',
  }),
  key_too_young: entry({
    status: 409,
    detail: 'The next signing key was published too recently, so some verifiers may not know it yet. Try again later.',
  }),
  mail_not_sendable: entry({
    status: 409,
    detail:
      'The e-mail has been sent, is being sent at the moment, or has expired. List the e-mails again; if it has expired, request a new one.',
  }),
  setting_changed: entry({
    status: 409,
    detail: 'The setting has been changed since you read it. Read it again before you change it.',
  }),
  body_too_large: entry({ status: 413, detail: 'The request body is larger than 16 KiB. Send a smaller one.' }),
  unsupported_media_type: entry({
    status: 415,
    detail:
      'The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.',
  }),
  expectation_failed: entry({
    status: 417,
    detail:
      'The `Expect` header asks for something that this service does not support. Send `100-continue`, or leave the header out.',
  }),
  misdirected_request: entry({
    status: 421,
    detail: 'The request line names another host. Send the path alone, or the host of this service.',
  }),
  rate_limited: entry({
    status: 429,
    detail:
      'Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.',
    retryAfter: 1,
  }),
  too_many_attempts: entry({
    status: 429,
    detail:
      'Too many wrong passwords or codes have been entered in a row. Try again after the number of seconds in `Retry-After`.',
    retryAfter: 1,
  }),
  headers_too_large: entry({
    status: 431,
    detail: 'The request line and headers are larger than 16 KiB. Send fewer or shorter headers.',
  }),
  internal_error: entry({
    status: 500,
    detail:
      'An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.',
  }),
  shutting_down: entry({
    status: 503,
    detail: 'This instance is shutting down. Send the request to another one.',
    retryAfter: 1,
  }),
  database_unavailable: entry({
    status: 503,
    detail:
      'The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.',
    retryAfter: 1,
  }),
  mail_unavailable: entry({
    status: 503,
    detail: 'This service cannot send e-mail. Ask the operator.',
    // Not before the operator has configured it; clients that repeat requests on their own do not wait for that.
    retryAfter: 3600,
  }),
  passkeys_unavailable: entry({
    status: 503,
    detail:
      'Passkeys are not configured on this service. Ask the operator to set `PASSKEY_RP_ID` and `PASSKEY_ORIGINS`.',
    retryAfter: 3600,
  }),
  overloaded: entry({
    status: 503,
    detail: 'The service is too busy to check passwords at the moment, and has changed nothing. Try again shortly.',
    retryAfter: 1,
  }),
  handler_timeout: entry({
    status: 503,
    detail:
      'The request took too long and was abandoned, and a change may or may not have taken effect. Try again shortly.',
    retryAfter: 1,
  }),
} as const;

/** The stable code of an error, sent to clients as `code`. */
export type ErrorCode = keyof typeof catalogue;
