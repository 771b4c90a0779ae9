// The operations of the service and their bodies, made from docs/openapi.yaml: npm run client:update.


export interface paths {
  "/api/login/": {
    /**
     * Log in
     * @description Exchanges e-mail address and password for a token pair, and begins a session. Unknown address, wrong password and disabled account get the same answer after the same time.
     */
    post: operations["login"];
  };
  "/api/logout/": {
    /**
     * Log out
     * @description Ends the session that the refresh token belongs to, for good: any of its refresh tokens will do, used ones too. An unknown or ended token gets the same answer (RFC 7009), so the call may be repeated. The access token of the session ends within its lifetime.
     */
    post: operations["logout"];
  };
  "/api/me/": {
    /**
     * Read my account
     * @description The account of the bearer of the access token, as it is now.
     */
    get: operations["getMe"];
    /**
     * Change my account
     * @description Changes e-mail address, password or username of the bearer of the access token; fields left out keep their value. `current_password` is checked when it is given, and needed to change e-mail address or password when the live setting `REQUIRE_CURRENT_PASSWORD` is on. A new password or address ends all other sessions of the account.
     */
    put: operations["updateMe"];
  };
  "/api/refresh/": {
    /**
     * Refresh
     * @description Exchanges a refresh token for a new pair; both lifetimes start anew. A refresh token works **once**: of any number of requests with one token exactly one succeeds.
     *
     * When an answer is lost, send the same request again with the same `Idempotency-Key`: it is answered with the same refresh token, even hours later, as long as that has not been used. Without a key, a token that comes again within 10 seconds of its use is refused (`refresh_token_used`); later, it ends the session (`refresh_token_reused`), since somebody holds a copy of it.
     */
    post: operations["refresh"];
  };
  "/api/register/": {
    /**
     * Register
     * @description Makes an account. The answer has the e-mail address in its canonical form. Registering does not log in. An address that is taken answers 409, also when it is spelled in another letter case.
     */
    post: operations["register"];
  };
  "/livez": {
    /**
     * Is the process alive
     * @description Answers as long as the process runs, whatever the database does. Restart the process when it does not.
     */
    get: operations["livez"];
  };
  "/readyz": {
    /**
     * Is the service ready
     * @description Whether this instance should get traffic: the database answers, and the process is not about to stop.
     */
    get: operations["readyz"];
  };
}

export type webhooks = Record<string, never>;

export interface components {
  schemas: {
    /**
     * Healthy
     * @description All is well.
     */
    Healthy: {
      /** @enum {string} */
      status: "ok";
    };
    /**
     * LoggedOut
     * @description The session has ended.
     */
    LoggedOut: {
      /** @enum {string} */
      success: "User logged out.";
    };
    /**
     * LoginBody
     * @description The address and password of an account.
     */
    LoginBody: {
      /** @description E-mail address. White space around it is dropped, case does not matter, an international domain is taken in its IDNA form; at most 254 characters then. */
      email: string;
      /** @description The password, exactly as it was set. */
      password: string;
    };
    /**
     * LogoutBody
     * @description Any refresh token of the session.
     */
    LogoutBody: {
      /** @description A refresh token: a UUID, opaque. */
      refresh_token: string;
    };
    /**
     * Problem
     * @description An error, as RFC 9457 defines it.
     */
    Problem: {
      /** @description URN of the kind of problem: `urn:latchkey:problem:<code>`. */
      type: string;
      /** @description The words of the HTTP status. */
      title: string;
      /** @description The HTTP status. */
      status: number;
      /** @description What went wrong, for a person. */
      detail: string;
      /** @description What went wrong, for a program. Stable. */
      code: string;
      /** @description The fields at fault, with `validation_failed`. */
      errors?: {
          /** @description JSON Pointer to the field at fault in the body; `/headers/<name>` for a header. */
          path: string;
          /** @description What is wrong with it. */
          message: string;
        }[];
      /** @description Names this request in our log; the same as `X-Request-Id`. */
      request_id: string;
    };
    /**
     * Profile
     * @description An account, as its owner sees it.
     */
    Profile: {
      /** @description Never given to anybody else. */
      id: number;
      /** @description The name to show; empty until it is set. */
      username: string;
      /** @description The canonical e-mail address. */
      email: string;
    };
    /**
     * RefreshBody
     * @description The refresh token of the last pair.
     */
    RefreshBody: {
      /** @description A refresh token: a UUID, opaque. */
      refresh_token: string;
    };
    /**
     * RegisterBody
     * @description The address and password of the new account.
     */
    RegisterBody: {
      /** @description E-mail address. White space around it is dropped, case does not matter, an international domain is taken in its IDNA form; at most 254 characters then. */
      email: string;
      /** @description From 8 (the live setting `PASSWORD_MIN_LENGTH`) to 256 characters, at most 1024 bytes; any characters but NUL, never trimmed or cut, taken in Unicode NFC. */
      password: string;
    };
    /**
     * RegisteredUser
     * @description The new account.
     */
    RegisteredUser: {
      /** @description Never given to anybody else. */
      id: number;
      /** @description The canonical e-mail address. */
      email: string;
    };
    /**
     * TokenPair
     * @description An access token and the refresh token that goes with it.
     */
    TokenPair: {
      /** @description A JWT, for `Authorization: Bearer`. Valid for 30 seconds (the live setting `ACCESS_TOKEN_LIFETIME`). */
      access_token: string;
      /**
       * Format: uuid
       * @description A UUID that buys the next pair, once. Valid for 30 days (the live setting `REFRESH_TOKEN_LIFETIME`).
       */
      refresh_token: string;
    };
    /**
     * UpdateMeBody
     * @description What is to change; what is left out stays as it is.
     */
    UpdateMeBody: {
      /** @description E-mail address. White space around it is dropped, case does not matter, an international domain is taken in its IDNA form; at most 254 characters then. */
      email?: string;
      /** @description From 8 (the live setting `PASSWORD_MIN_LENGTH`) to 256 characters, at most 1024 bytes; any characters but NUL, never trimmed or cut, taken in Unicode NFC. */
      password?: string;
      /** @description A name to show, at most 150 characters; need not be unique. It is in access tokens. */
      username?: string;
      /** @description The password, exactly as it was set. */
      current_password?: string;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: {
    /**
     * @description Names this request in our log.
     * @example k3v9x2c1q-1a
     */
    "X-Request-Id": string;
    /**
     * @description Answers must not be stored: they hold credentials and personal data.
     * @example no-store
     */
    "Cache-Control": "no-store";
    /**
     * @description What was wrong with the credentials (RFC 6750).
     * @example Bearer realm="latchkey", error="invalid_token"
     */
    "WWW-Authenticate": string;
    /**
     * @description Seconds to wait before trying again.
     * @example 1
     */
    "Retry-After": number;
  };
  pathItems: never;
}

export type $defs = Record<string, never>;

export type external = Record<string, never>;

export interface operations {

  /**
   * Log in
   * @description Exchanges e-mail address and password for a token pair, and begins a session. Unknown address, wrong password and disabled account get the same answer after the same time.
   */
  login: {
    /** @description The address and password of an account. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["LoginBody"];
      };
    };
    responses: {
      /** @description A session has begun. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["TokenPair"];
        };
      };
      /**
       * @description Bad Request.
       * - `validation_failed`: The request does not have the expected form; `errors` says where.
       * - `malformed_json`: The body is not well-formed JSON in UTF-8.
       * - `malformed_request`: The request is not well-formed HTTP.
       */
      400: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Unauthorized.
       * - `invalid_credentials`: No account has this e-mail address and password.
       */
      401: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Request Timeout.
       * - `request_timeout`: The request did not arrive in time.
       */
      408: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Payload Too Large.
       * - `body_too_large`: The body is larger than 16 KiB.
       */
      413: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Unsupported Media Type.
       * - `unsupported_media_type`: The body must be sent as `Content-Type: application/json`, in UTF-8 and without a `Content-Encoding`.
       */
      415: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Request Header Fields Too Large.
       * - `headers_too_large`: The request line and headers are larger than 16 KiB.
       */
      431: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Internal Server Error.
       * - `internal_error`: Something went wrong here. `request_id` finds it in our log.
       */
      500: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Service Unavailable.
       * - `database_unavailable`: The database does not answer right now. Try again shortly.
       * - `overloaded`: Too many passwords are being checked right now. Try again shortly.
       * - `handler_timeout`: The request took too long and was given up. Try again shortly.
       */
      503: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /**
   * Log out
   * @description Ends the session that the refresh token belongs to, for good: any of its refresh tokens will do, used ones too. An unknown or ended token gets the same answer (RFC 7009), so the call may be repeated. The access token of the session ends within its lifetime.
   */
  logout: {
    /** @description Any refresh token of the session. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["LogoutBody"];
      };
    };
    responses: {
      /** @description No refresh token of that session works any more. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["LoggedOut"];
        };
      };
      /**
       * @description Bad Request.
       * - `validation_failed`: The request does not have the expected form; `errors` says where.
       * - `malformed_json`: The body is not well-formed JSON in UTF-8.
       * - `malformed_request`: The request is not well-formed HTTP.
       */
      400: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Request Timeout.
       * - `request_timeout`: The request did not arrive in time.
       */
      408: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Payload Too Large.
       * - `body_too_large`: The body is larger than 16 KiB.
       */
      413: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Unsupported Media Type.
       * - `unsupported_media_type`: The body must be sent as `Content-Type: application/json`, in UTF-8 and without a `Content-Encoding`.
       */
      415: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Request Header Fields Too Large.
       * - `headers_too_large`: The request line and headers are larger than 16 KiB.
       */
      431: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Internal Server Error.
       * - `internal_error`: Something went wrong here. `request_id` finds it in our log.
       */
      500: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Service Unavailable.
       * - `database_unavailable`: The database does not answer right now. Try again shortly.
       */
      503: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /**
   * Read my account
   * @description The account of the bearer of the access token, as it is now.
   */
  getMe: {
    responses: {
      /** @description The account. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["Profile"];
        };
      };
      /**
       * @description Bad Request.
       * - `malformed_request`: The request is not well-formed HTTP.
       */
      400: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Unauthorized.
       * - `missing_token`: This operation needs an access token: `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed, expired, or not one of ours. Refresh and try again.
       */
      401: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Request Timeout.
       * - `request_timeout`: The request did not arrive in time.
       */
      408: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Request Header Fields Too Large.
       * - `headers_too_large`: The request line and headers are larger than 16 KiB.
       */
      431: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Internal Server Error.
       * - `internal_error`: Something went wrong here. `request_id` finds it in our log.
       */
      500: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Service Unavailable.
       * - `database_unavailable`: The database does not answer right now. Try again shortly.
       */
      503: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /**
   * Change my account
   * @description Changes e-mail address, password or username of the bearer of the access token; fields left out keep their value. `current_password` is checked when it is given, and needed to change e-mail address or password when the live setting `REQUIRE_CURRENT_PASSWORD` is on. A new password or address ends all other sessions of the account.
   */
  updateMe: {
    /** @description What is to change; what is left out stays as it is. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["UpdateMeBody"];
      };
    };
    responses: {
      /** @description The account, changed. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["Profile"];
        };
      };
      /**
       * @description Bad Request.
       * - `validation_failed`: The request does not have the expected form; `errors` says where.
       * - `malformed_json`: The body is not well-formed JSON in UTF-8.
       * - `current_password_required`: Changing the e-mail address or the password needs `current_password`.
       * - `malformed_request`: The request is not well-formed HTTP.
       */
      400: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Unauthorized.
       * - `missing_token`: This operation needs an access token: `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed, expired, or not one of ours. Refresh and try again.
       */
      401: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Forbidden.
       * - `current_password_wrong`: `current_password` is not the password of this account.
       */
      403: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Request Timeout.
       * - `request_timeout`: The request did not arrive in time.
       */
      408: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Conflict.
       * - `email_taken`: An account with this e-mail address exists.
       */
      409: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Payload Too Large.
       * - `body_too_large`: The body is larger than 16 KiB.
       */
      413: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Unsupported Media Type.
       * - `unsupported_media_type`: The body must be sent as `Content-Type: application/json`, in UTF-8 and without a `Content-Encoding`.
       */
      415: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Request Header Fields Too Large.
       * - `headers_too_large`: The request line and headers are larger than 16 KiB.
       */
      431: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Internal Server Error.
       * - `internal_error`: Something went wrong here. `request_id` finds it in our log.
       */
      500: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Service Unavailable.
       * - `database_unavailable`: The database does not answer right now. Try again shortly.
       * - `overloaded`: Too many passwords are being checked right now. Try again shortly.
       * - `handler_timeout`: The request took too long and was given up. Try again shortly.
       */
      503: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /**
   * Refresh
   * @description Exchanges a refresh token for a new pair; both lifetimes start anew. A refresh token works **once**: of any number of requests with one token exactly one succeeds.
   *
   * When an answer is lost, send the same request again with the same `Idempotency-Key`: it is answered with the same refresh token, even hours later, as long as that has not been used. Without a key, a token that comes again within 10 seconds of its use is refused (`refresh_token_used`); later, it ends the session (`refresh_token_reused`), since somebody holds a copy of it.
   */
  refresh: {
    parameters: {
      header?: {
        /**
         * @description Makes the request safe to repeat. Random (a UUID will do), one for each refresh token: made when the token is received, stored beside it, and sent with every attempt to use it.
         * @example 5e1a8f0c-6d5b-4c39-9d8e-0b6f6f1f2a77
         */
        "idempotency-key"?: string;
      };
    };
    /** @description The refresh token of the last pair. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["RefreshBody"];
      };
    };
    responses: {
      /** @description The new pair. The old refresh token is dead. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["TokenPair"];
        };
      };
      /**
       * @description Bad Request.
       * - `validation_failed`: The request does not have the expected form; `errors` says where.
       * - `malformed_json`: The body is not well-formed JSON in UTF-8.
       * - `malformed_request`: The request is not well-formed HTTP.
       */
      400: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Unauthorized.
       * - `invalid_refresh_token`: The refresh token is unknown, expired or revoked. Log in again.
       * - `refresh_token_used`: The refresh token has just been used; its successor still works. Use the pair from that answer.
       * - `refresh_token_reused`: The refresh token was used before, which may mean that it was stolen. The session has been ended. Log in again.
       */
      401: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Request Timeout.
       * - `request_timeout`: The request did not arrive in time.
       */
      408: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Payload Too Large.
       * - `body_too_large`: The body is larger than 16 KiB.
       */
      413: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Unsupported Media Type.
       * - `unsupported_media_type`: The body must be sent as `Content-Type: application/json`, in UTF-8 and without a `Content-Encoding`.
       */
      415: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Request Header Fields Too Large.
       * - `headers_too_large`: The request line and headers are larger than 16 KiB.
       */
      431: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Internal Server Error.
       * - `internal_error`: Something went wrong here. `request_id` finds it in our log.
       */
      500: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Service Unavailable.
       * - `database_unavailable`: The database does not answer right now. Try again shortly.
       */
      503: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /**
   * Register
   * @description Makes an account. The answer has the e-mail address in its canonical form. Registering does not log in. An address that is taken answers 409, also when it is spelled in another letter case.
   */
  register: {
    /** @description The address and password of the new account. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["RegisterBody"];
      };
    };
    responses: {
      /** @description The account exists, and is durable. */
      201: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["RegisteredUser"];
        };
      };
      /**
       * @description Bad Request.
       * - `validation_failed`: The request does not have the expected form; `errors` says where.
       * - `malformed_json`: The body is not well-formed JSON in UTF-8.
       * - `malformed_request`: The request is not well-formed HTTP.
       */
      400: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Request Timeout.
       * - `request_timeout`: The request did not arrive in time.
       */
      408: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Conflict.
       * - `email_taken`: An account with this e-mail address exists.
       */
      409: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Payload Too Large.
       * - `body_too_large`: The body is larger than 16 KiB.
       */
      413: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Unsupported Media Type.
       * - `unsupported_media_type`: The body must be sent as `Content-Type: application/json`, in UTF-8 and without a `Content-Encoding`.
       */
      415: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Request Header Fields Too Large.
       * - `headers_too_large`: The request line and headers are larger than 16 KiB.
       */
      431: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Internal Server Error.
       * - `internal_error`: Something went wrong here. `request_id` finds it in our log.
       */
      500: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Service Unavailable.
       * - `database_unavailable`: The database does not answer right now. Try again shortly.
       * - `overloaded`: Too many passwords are being checked right now. Try again shortly.
       * - `handler_timeout`: The request took too long and was given up. Try again shortly.
       */
      503: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /**
   * Is the process alive
   * @description Answers as long as the process runs, whatever the database does. Restart the process when it does not.
   */
  livez: {
    responses: {
      /** @description It is. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["Healthy"];
        };
      };
      /**
       * @description Bad Request.
       * - `malformed_request`: The request is not well-formed HTTP.
       */
      400: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Request Timeout.
       * - `request_timeout`: The request did not arrive in time.
       */
      408: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Request Header Fields Too Large.
       * - `headers_too_large`: The request line and headers are larger than 16 KiB.
       */
      431: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  /**
   * Is the service ready
   * @description Whether this instance should get traffic: the database answers, and the process is not about to stop.
   */
  readyz: {
    responses: {
      /** @description It should. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["Healthy"];
        };
      };
      /**
       * @description Bad Request.
       * - `malformed_request`: The request is not well-formed HTTP.
       */
      400: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Request Timeout.
       * - `request_timeout`: The request did not arrive in time.
       */
      408: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Request Header Fields Too Large.
       * - `headers_too_large`: The request line and headers are larger than 16 KiB.
       */
      431: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Internal Server Error.
       * - `internal_error`: Something went wrong here. `request_id` finds it in our log.
       */
      500: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /**
       * @description Service Unavailable.
       * - `shutting_down`: This instance is about to stop. Ask another one.
       * - `database_unavailable`: The database does not answer right now. Try again shortly.
       */
      503: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
}
