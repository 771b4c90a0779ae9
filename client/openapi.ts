// The operations of the service and their bodies, made from docs/openapi.yaml: npm run client:update.


export interface paths {
  "/.well-known/jwks.json": {
    /**
     * Public keys
     * @description The JSON Web Key Set (RFC 7517) with which any service verifies access tokens: the key that signs, the next one, and those that have signed tokens which are still good. A key is in it for `KEY_LEAD_TIME` (2 hours by default) before it signs. docs/verify-tokens.md says what a verifier checks.
     */
    get: operations["getKeySet"];
  };
  "/.well-known/oauth-authorization-server": {
    /**
     * Discovery, as RFC 8414 has it
     * @description The same document as `/.well-known/openid-configuration`.
     */
    get: operations["getAuthorizationServerMetadata"];
  };
  "/.well-known/openid-configuration": {
    /**
     * Discovery, as OpenID Connect has it
     * @description Issuer and key set for verifiers that are configured with the issuer alone. Latchkey is no OpenID provider: there is no authorization endpoint and no ID token, and none is named. Set `ISSUER` to the public URL of the service; with an issuer that is no URL the others are of use on this machine only.
     */
    get: operations["getOpenidConfiguration"];
  };
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
  "/api/logout/all/": {
    /**
     * Log out everywhere
     * @description Ends all sessions of the account for good, the one that asks too. Their access tokens can read until they expire, and change nothing.
     */
    post: operations["logoutEverywhere"];
  };
  "/api/me/": {
    /**
     * Read my account
     * @description The account of the bearer of the access token, as it is now.
     */
    get: operations["getMe"];
    /**
     * Change my account
     * @description Changes e-mail address, password or username of the bearer of the access token; fields left out keep their value. `current_password` is checked when it is given, and needed to change e-mail address or password when the live setting `REQUIRE_CURRENT_PASSWORD` is on. A new password or address ends all other sessions of the account. The session of the access token must live.
     */
    put: operations["updateMe"];
    /**
     * Delete my account
     * @description Deletes the account of the bearer of the access token, and all its sessions, for good. Its e-mail address can be registered again, and gets a new id.
     */
    delete: operations["deleteMe"];
  };
  "/api/me/sessions/": {
    /**
     * List my sessions
     * @description The sessions of the account that can be refreshed, the one refreshed last first, at most 100. `ip` and `user_agent` are those of the login; `expires_at` is the end unless the session is refreshed before.
     */
    get: operations["listSessions"];
    /**
     * End my other sessions
     * @description Ends all sessions of the account but the one that asks, for good. Their access tokens can read until they expire, and change nothing. `POST /api/logout/all/` ends this one too.
     */
    delete: operations["endOtherSessions"];
  };
  "/api/me/sessions/{id}/": {
    /**
     * End a session of mine
     * @description Ends a session of the account for good, the one that asks too. Its access tokens can read until they expire, and change nothing. An id that is not that of a living session of the account answers 404, whatever it is.
     */
    delete: operations["endSession"];
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
  "/api/verify/": {
    /**
     * Verify an access token
     * @description For `auth_request` of nginx and ForwardAuth of Traefik, which ask with the headers of the request at hand. The token alone is judged, without the database: a session that has ended goes on until its access token expires.
     */
    get: operations["verifyToken"];
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
     * DeleteMeBody
     * @description The password of the account.
     */
    DeleteMeBody: {
      /** @description The password, exactly as it was set. */
      current_password: string;
    };
    /**
     * Healthy
     * @description All is well.
     */
    Healthy: {
      /** @enum {string} */
      status: "ok";
    };
    /**
     * KeySet
     * @description The public keys of access tokens: JSON Web Key Set.
     */
    KeySet: {
      keys: {
          /** @description Kind of key: `EC`, `OKP` or `RSA`. */
          kty: string;
          /** @description Curve of an `EC` or `OKP` key. */
          crv?: string;
          x?: string;
          y?: string;
          /** @description Modulus of an `RSA` key. */
          n?: string;
          /** @description Exponent of an `RSA` key. */
          e?: string;
          /** @enum {string} */
          use: "sig";
          /** @description The one algorithm that the key is used with. */
          alg: string;
          /** @description RFC 7638 thumbprint; `kid` in the header of the tokens that the key signs. */
          kid: string;
        }[];
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
     * LoggedOutEverywhere
     * @description All sessions have ended.
     */
    LoggedOutEverywhere: {
      /** @enum {string} */
      success: "User logged out everywhere.";
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
     * Metadata
     * @description What this issuer of tokens does.
     */
    Metadata: {
      /** @description `iss` of access tokens: the configuration variable `ISSUER`. */
      issuer: string;
      /** @description Where the public keys are. */
      jwks_uri: string;
      /** @description Where the API is explained. */
      service_documentation: string;
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
     * SessionList
     * @description Living sessions of the account, the one refreshed last first; at most 100.
     */
    SessionList: {
      sessions: ({
          /** @description The id of a session, as in `sid` of its access tokens. */
          id: string;
          /**
           * Format: date-time
           * @description When it was begun by a login. UTC.
           */
          created_at: string;
          /**
           * Format: date-time
           * @description When it was refreshed last. UTC.
           */
          refreshed_at: string;
          /**
           * Format: date-time
           * @description When it ends unless it is refreshed before. UTC.
           */
          expires_at: string;
          /** @description Where the login came from. */
          ip: string | null;
          /** @description What the login was made with: the first 512 characters. */
          user_agent: string | null;
          /** @description Whether it is the session of the access token that asks. */
          current: boolean;
        })[];
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
   * Public keys
   * @description The JSON Web Key Set (RFC 7517) with which any service verifies access tokens: the key that signs, the next one, and those that have signed tokens which are still good. A key is in it for `KEY_LEAD_TIME` (2 hours by default) before it signs. docs/verify-tokens.md says what a verifier checks.
   */
  getKeySet: {
    parameters: {
      header?: {
        /** @description The `ETag` of the answer that is at hand. */
        "if-none-match"?: string;
      };
    };
    responses: {
      /** @description The keys. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          /** @description How long the answer may be kept. */
          "Cache-Control"?: "public, max-age=300";
          /** @description Names this version of the answer, for `If-None-Match`. */
          ETag?: string;
        };
        content: {
          "application/jwk-set+json": components["schemas"]["KeySet"];
        };
      };
      /** @description The answer at hand is the newest. */
      304: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          /** @description How long the answer may be kept. */
          "Cache-Control"?: "public, max-age=300";
          /** @description Names this version of the answer, for `If-None-Match`. */
          ETag?: string;
        };
        content: never;
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
   * Discovery, as RFC 8414 has it
   * @description The same document as `/.well-known/openid-configuration`.
   */
  getAuthorizationServerMetadata: {
    responses: {
      /** @description The metadata. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          /** @description How long the answer may be kept. */
          "Cache-Control"?: "public, max-age=3600";
        };
        content: {
          "application/json": components["schemas"]["Metadata"];
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
   * Discovery, as OpenID Connect has it
   * @description Issuer and key set for verifiers that are configured with the issuer alone. Latchkey is no OpenID provider: there is no authorization endpoint and no ID token, and none is named. Set `ISSUER` to the public URL of the service; with an issuer that is no URL the others are of use on this machine only.
   */
  getOpenidConfiguration: {
    responses: {
      /** @description The metadata. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          /** @description How long the answer may be kept. */
          "Cache-Control"?: "public, max-age=3600";
        };
        content: {
          "application/json": components["schemas"]["Metadata"];
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
   * Log out everywhere
   * @description Ends all sessions of the account for good, the one that asks too. Their access tokens can read until they expire, and change nothing.
   */
  logoutEverywhere: {
    responses: {
      /** @description No refresh token of the account works any more. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["LoggedOutEverywhere"];
        };
      };
      /**
       * @description Bad Request.
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
       * - `missing_token`: This operation needs an access token: `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed, expired, not one of ours, or its session has ended. Refresh and try again.
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
       * - `invalid_token`: The access token is malformed, expired, not one of ours, or its session has ended. Refresh and try again.
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
   * @description Changes e-mail address, password or username of the bearer of the access token; fields left out keep their value. `current_password` is checked when it is given, and needed to change e-mail address or password when the live setting `REQUIRE_CURRENT_PASSWORD` is on. A new password or address ends all other sessions of the account. The session of the access token must live.
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
       * - `invalid_token`: The access token is malformed, expired, not one of ours, or its session has ended. Refresh and try again.
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
   * Delete my account
   * @description Deletes the account of the bearer of the access token, and all its sessions, for good. Its e-mail address can be registered again, and gets a new id.
   */
  deleteMe: {
    /** @description The password of the account. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["DeleteMeBody"];
      };
    };
    responses: {
      /** @description The account is gone. */
      204: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: never;
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
       * - `missing_token`: This operation needs an access token: `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed, expired, not one of ours, or its session has ended. Refresh and try again.
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
   * List my sessions
   * @description The sessions of the account that can be refreshed, the one refreshed last first, at most 100. `ip` and `user_agent` are those of the login; `expires_at` is the end unless the session is refreshed before.
   */
  listSessions: {
    responses: {
      /** @description The living sessions. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["SessionList"];
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
       * - `invalid_token`: The access token is malformed, expired, not one of ours, or its session has ended. Refresh and try again.
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
   * End my other sessions
   * @description Ends all sessions of the account but the one that asks, for good. Their access tokens can read until they expire, and change nothing. `POST /api/logout/all/` ends this one too.
   */
  endOtherSessions: {
    responses: {
      /** @description No refresh token of another session works any more. */
      204: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: never;
      };
      /**
       * @description Bad Request.
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
       * - `missing_token`: This operation needs an access token: `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed, expired, not one of ours, or its session has ended. Refresh and try again.
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
   * End a session of mine
   * @description Ends a session of the account for good, the one that asks too. Its access tokens can read until they expire, and change nothing. An id that is not that of a living session of the account answers 404, whatever it is.
   */
  endSession: {
    parameters: {
      path: {
        /**
         * @description The id of a session, as in `sid` of its access tokens.
         * @example 967568594287
         */
        id: string;
      };
    };
    responses: {
      /** @description No refresh token of that session works any more. */
      204: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: never;
      };
      /**
       * @description Bad Request.
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
       * - `missing_token`: This operation needs an access token: `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed, expired, not one of ours, or its session has ended. Refresh and try again.
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
       * @description Not Found.
       * - `session_not_found`: No living session of this account has this id.
       */
      404: {
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
   * Verify an access token
   * @description For `auth_request` of nginx and ForwardAuth of Traefik, which ask with the headers of the request at hand. The token alone is judged, without the database: a session that has ended goes on until its access token expires.
   */
  verifyToken: {
    responses: {
      /** @description The token is good. */
      204: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          /** @description The account: `user_id` of the token. */
          "X-User-Id"?: number;
          /** @description Its roles, comma-separated, each percent-encoded; empty when there are none, so that a proxy which copies the header overwrites one that a stranger has sent. */
          "X-User-Roles"?: string;
        };
        content: never;
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
       * - `invalid_token`: The access token is malformed, expired, not one of ours, or its session has ended. Refresh and try again.
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
