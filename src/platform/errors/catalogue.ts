// Every error that a caller can get: its stable code, its status and the words that are public.

/** What a client may rely on for one error. `docs/errors.md` lists the same entries; a test holds the two together. */
export interface CatalogueEntry {
  /** HTTP status. */
  readonly status: number;
  /** What went wrong and what the caller can do; never holds data of the request. */
  readonly detail: string;
  /** `error` of `WWW-Authenticate: Bearer` (RFC 6750 section 3.1, RFC 6749 section 5.2); `null`: a bare challenge. */
  readonly challenge?: 'invalid_token' | 'invalid_grant' | null;
  /** Seconds for `Retry-After`. */
  readonly retryAfter?: number;
}

const entry = <const T extends CatalogueEntry>(value: T): T => value;

export const catalogue = {
  validation_failed: entry({
    status: 400,
    detail: 'The request does not have the expected form; `errors` says where.',
  }),
  malformed_json: entry({ status: 400, detail: 'The body is not well-formed JSON in UTF-8.' }),
  malformed_request: entry({ status: 400, detail: 'The request is not well-formed HTTP.' }),
  current_password_required: entry({
    status: 400,
    detail: 'Changing the e-mail address or the password needs `current_password`.',
  }),
  two_refresh_tokens: entry({
    status: 400,
    detail: 'The request has a refresh token both in its body and in its cookie. Send one of them.',
  }),
  missing_token: entry({
    status: 401,
    detail: 'This operation needs an access token: `Authorization: Bearer <access_token>`.',
    challenge: null,
  }),
  invalid_token: entry({
    status: 401,
    detail: 'The access token is malformed, expired, not one of ours, or its session has ended. Refresh and try again.',
    challenge: 'invalid_token',
  }),
  invalid_credentials: entry({
    status: 401,
    detail: 'No account has this e-mail address and password.',
    challenge: 'invalid_grant',
  }),
  invalid_refresh_token: entry({
    status: 401,
    detail: 'The refresh token is unknown, expired or revoked. Log in again.',
    challenge: 'invalid_grant',
  }),
  refresh_token_used: entry({
    status: 401,
    detail: 'The refresh token has just been used; its successor still works. Use the pair from that answer.',
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
    detail: 'The roles of this account do not let it do this, or not with these permissions.',
  }),
  origin_not_allowed: entry({
    status: 403,
    detail:
      'The refresh token in the cookie works for pages of this service (`PUBLIC_URL`) and of the origins in `CORS_ORIGINS` only.',
  }),
  registration_closed: entry({ status: 403, detail: 'Nobody can register here at the moment.' }),
  setup_closed: entry({
    status: 403,
    detail: 'No first administrator can be made here, or not with this token.',
  }),
  current_password_wrong: entry({ status: 403, detail: '`current_password` is not the password of this account.' }),
  not_found: entry({ status: 404, detail: 'There is nothing at this path.' }),
  session_not_found: entry({ status: 404, detail: 'No living session of this account has this id.' }),
  user_not_found: entry({ status: 404, detail: 'No account has this id.' }),
  role_not_found: entry({ status: 404, detail: 'No role has this name.' }),
  key_not_found: entry({ status: 404, detail: 'No signing key has this `kid`.' }),
  setting_not_found: entry({ status: 404, detail: 'No live setting has this name.' }),
  setting_version_not_found: entry({ status: 404, detail: 'This setting has no change of this number.' }),
  method_not_allowed: entry({
    status: 405,
    detail: 'This path does not support the method; `Allow` lists those it does.',
  }),
  not_acceptable: entry({
    status: 406,
    detail: 'The document is not available in any content coding that `Accept-Encoding` allows.',
  }),
  request_timeout: entry({ status: 408, detail: 'The request did not arrive in time.' }),
  email_taken: entry({ status: 409, detail: 'An account with this e-mail address exists.' }),
  role_exists: entry({ status: 409, detail: 'A role with this name exists.' }),
  role_being_removed: entry({
    status: 409,
    detail: 'A role with this name was deleted and is still being taken away from its holders. Try again later.',
  }),
  role_built_in: entry({ status: 409, detail: 'This role is built in: it can be neither changed nor deleted.' }),
  last_admin: entry({
    status: 409,
    detail: 'This account is the last one with the role `admin`: it can be neither demoted, disabled nor deleted.',
  }),
  key_too_young: entry({
    status: 409,
    detail: 'The next signing key has not been published for long enough: verifiers may not know it yet.',
  }),
  setting_changed: entry({
    status: 409,
    detail: 'The setting has another version by now: somebody has changed it. Read it again and decide anew.',
  }),
  body_too_large: entry({ status: 413, detail: 'The body is larger than 16 KiB.' }),
  unsupported_media_type: entry({
    status: 415,
    detail: 'The body must be sent as `Content-Type: application/json`, in UTF-8 and without a `Content-Encoding`.',
  }),
  expectation_failed: entry({
    status: 417,
    detail: 'The `Expect` header asks for something that this service does not do; it knows `100-continue` alone.',
  }),
  misdirected_request: entry({
    status: 421,
    detail: 'The request line names another host. Send the path alone, or the host of this service.',
  }),
  rate_limited: entry({
    status: 429,
    detail: 'Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.',
    retryAfter: 1,
  }),
  too_many_attempts: entry({
    status: 429,
    detail: 'Too many wrong passwords in a row: none is looked at before `Retry-After` is over.',
    retryAfter: 1,
  }),
  headers_too_large: entry({ status: 431, detail: 'The request line and headers are larger than 16 KiB.' }),
  internal_error: entry({
    status: 500,
    detail:
      'Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.',
  }),
  shutting_down: entry({ status: 503, detail: 'This instance is about to stop. Ask another one.', retryAfter: 1 }),
  database_unavailable: entry({
    status: 503,
    detail:
      'The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.',
    retryAfter: 1,
  }),
  overloaded: entry({
    status: 503,
    detail: 'More passwords are to be checked right now than can be. Try again shortly.',
    retryAfter: 1,
  }),
  handler_timeout: entry({
    status: 503,
    detail:
      'The request took too long and was given up. If this was a change, whether it took effect is not known. Try again shortly.',
    retryAfter: 1,
  }),
} as const;

/** The stable code of an error, as clients see it in `code`. */
export type ErrorCode = keyof typeof catalogue;
