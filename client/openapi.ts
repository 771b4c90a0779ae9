// The operations of the service and their bodies, made from docs/openapi.yaml: npm run client:update.


export interface paths {
  "/.well-known/jwks.json": {
    /**
     * Public keys
     * @description The JSON Web Key Set (RFC 7517) with which any service verifies access tokens: the key that signs, the next one, and those that have signed tokens which are still good. A key is in it for `KEY_LEAD_TIME` (2 hours by default) before it signs. With `Accept: application/jwk-set+json` alone the answer has that media type. docs/verify-tokens.md says what a verifier checks.
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
  "/api/admin/audit/": {
    /**
     * Read the audit log
     * @description Events, the newest first, with filters that must all fit. They are written in the transactions of what they tell of; no password, token or address is in them. Requires the permission `audit:read`.
     */
    get: operations["listEvents"];
  };
  "/api/admin/instances/": {
    /**
     * List the instances
     * @description The processes that have been seen in the last 30 seconds, the oldest first, each with the last change of the settings that it acts on. A change has reached everybody when all of them are `current`. Requires the permission `settings:read`.
     */
    get: operations["listInstances"];
  };
  "/api/admin/keys/": {
    /**
     * List signing keys
     * @description All signing keys, the oldest first, without the keys themselves. `/.well-known/jwks.json` has what verifiers need. Requires the permission `keys:read`.
     */
    get: operations["listKeys"];
  };
  "/api/admin/keys/rotate/": {
    /**
     * Rotate the signing keys
     * @description The next key signs from now on, and another next one is made and published. What the last one has signed stays good. Requires the permission `keys:write`.
     */
    post: operations["rotateKeys"];
  };
  "/api/admin/keys/{kid}/retire/": {
    /**
     * Retire a signing key
     * @description Ends a key at once, and with it every access token that it has signed; when it was the active one the next one takes its place. For a key that somebody else may have. Other instances follow within seconds; verifiers elsewhere when they ask for the key set again. Requires the permission `keys:write`.
     */
    post: operations["retireKey"];
  };
  "/api/admin/roles/": {
    /**
     * List roles
     * @description All roles, and the permissions of Latchkey itself that they can give. Requires the permission `roles:read`.
     */
    get: operations["listRoles"];
    /**
     * Make a role
     * @description Makes a role. Nobody puts permissions into it that they do not have; who has all of Latchkey itself may put in any. Requires the permission `roles:write`.
     */
    post: operations["createRole"];
  };
  "/api/admin/roles/{name}/": {
    /**
     * Change a role
     * @description Puts another description and other permissions in the place of those of the role. It acts at once on the operator's operations, and elsewhere from the next access token on. Nobody adds or takes away permissions that they do not have. Requires the permission `roles:write`.
     */
    put: operations["updateRole"];
    /**
     * Delete a role
     * @description Deletes the role, and takes it away from all accounts that have it. Nobody deletes a role with permissions that they do not have. Requires the permission `roles:write`.
     */
    delete: operations["deleteRole"];
  };
  "/api/admin/settings/": {
    /**
     * List the live settings
     * @description Every live setting with its value, where that comes from, and what it may be, as the table has it now. A row that this version cannot act on is shown in `ignored`; the last good value stays in force. Requires the permission `settings:read`.
     */
    get: operations["listSettings"];
  };
  "/api/admin/settings/{name}/": {
    /**
     * Read a live setting
     * @description One live setting, as the table has it now. Requires the permission `settings:read`.
     */
    get: operations["getSetting"];
    /**
     * Change a live setting
     * @description Changes a live setting, in force here when the answer comes and on every instance within 5 seconds, most often within some milliseconds. `version` is the one that was read: of two changes made from the same one, the first is made and the other answers 409. Requires the permission `settings:write`.
     */
    put: operations["changeSetting"];
    /**
     * Reset a live setting
     * @description Takes a live setting back to its default: what the environment says, or the default of this version. In force as a change is, and only from the `version` that was read. Requires the permission `settings:write`.
     */
    delete: operations["resetSetting"];
  };
  "/api/admin/settings/{name}/history/": {
    /**
     * List the changes of a live setting
     * @description Every change that the setting has seen, the newest first: what it became, when, and by whom. They are kept for ever, and any of them is a place to roll back to. Requires the permission `settings:read`.
     */
    get: operations["listSettingChanges"];
  };
  "/api/admin/settings/{name}/rollback/": {
    /**
     * Roll a live setting back
     * @description Gives a live setting the value that it had after one of its changes, as a new change: the history only grows. In force as a change is, and only from the `version` that was read. Requires the permission `settings:write`.
     */
    post: operations["rollBackSetting"];
  };
  "/api/admin/setup/": {
    /**
     * Make the first administrator
     * @description Makes an account with the role `admin`, once, and only while no account has it. The token is in the link that a service on its embedded database prints when it starts without an administrator; it ends with that process, and is kept nowhere. Everywhere else the answer is 403, for every token: there, `latchkey users create --role admin` makes the first administrator.
     */
    post: operations["createFirstAdmin"];
  };
  "/api/admin/users/": {
    /**
     * List accounts
     * @description Accounts in the order of their ids, with filters that must all fit. `email` is what the canonical address begins with: case does not matter, and no character stands for others. Requires the permission `users:read`.
     */
    get: operations["listUsers"];
    /**
     * Make an account
     * @description Makes an account with a random password, which is told in this answer and never again. Nobody gives a role with permissions that they do not have. Requires the permission `users:write`.
     */
    post: operations["createUser"];
  };
  "/api/admin/users/{id}/": {
    /**
     * Read an account
     * @description The account as it is now. Requires the permission `users:read`.
     */
    get: operations["getUser"];
    /**
     * Change an account
     * @description Changes address, username or roles of an account; members left out keep their value. A new address ends all its sessions; new roles act at once on the operator's operations, and elsewhere from its next access token on. Nobody gives roles with permissions that they do not have, or changes an account that has such permissions, or the address of their own account here. Requires the permission `users:write`.
     */
    put: operations["updateUser"];
    /**
     * Delete an account
     * @description Deletes the account and all its sessions for good, and what is personal in the audit log. One's own is deleted with `DELETE /api/me/`. Requires the permission `users:write`.
     */
    delete: operations["deleteUser"];
  };
  "/api/admin/users/{id}/disable/": {
    /**
     * Disable an account
     * @description Ends all sessions of the account, and lets it begin none until it is enabled. Access tokens that are out can read until they expire. Nobody disables the account that they act with. Requires the permission `users:write`.
     */
    post: operations["disableUser"];
  };
  "/api/admin/users/{id}/enable/": {
    /**
     * Enable an account
     * @description Lets the account log in again. Sessions that have ended stay ended. An account that is not disabled stays as it is. Requires the permission `users:write`.
     */
    post: operations["enableUser"];
  };
  "/api/admin/users/{id}/reset-password/": {
    /**
     * Reset a password
     * @description Puts a random password in the place of the one that the account has, tells it in this answer and never again, and ends all sessions of the account. One's own is changed with `PUT /api/me/`. Requires the permission `users:write`.
     */
    post: operations["resetPassword"];
  };
  "/api/admin/users/{id}/sessions/": {
    /**
     * List sessions of an account
     * @description The sessions of the account that can be refreshed, the one refreshed last first, at most 100. Requires the permission `users:read`.
     */
    get: operations["listUserSessions"];
    /**
     * End all sessions of an account
     * @description Ends all sessions of the account for good. Their access tokens can read until they expire, and change nothing. Requires the permission `users:write`.
     */
    delete: operations["endUserSessions"];
  };
  "/api/admin/users/{id}/sessions/{session_id}/": {
    /**
     * End a session of an account
     * @description Ends one session of the account for good. Its access tokens can read until they expire, and change nothing. Requires the permission `users:write`.
     */
    delete: operations["endUserSession"];
  };
  "/api/login/": {
    /**
     * Log in
     * @description Exchanges e-mail address and password for a token pair, and begins a session. Unknown address, wrong password and disabled account get the same answer after the same time. After five wrong passwords in a row (a live setting) an account has to wait before the next attempt, 1 second, then 2, 4 …: until then the answer is 429 to the right password too.
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
     * @description Changes e-mail address, password or username of the bearer of the access token; fields left out keep their value. `current_password` is checked when it is given, and needed to change e-mail address or password when the live setting `REQUIRE_CURRENT_PASSWORD` is on. A new password or address ends all other sessions of the account. Wrong ones count as at a login. The session of the access token must live.
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
     * @description Makes an account. The answer has the e-mail address in its canonical form. Registering does not log in. An address that is taken answers 409, also when it is spelled in another letter case. While the live setting `REGISTRATION_OPEN` is off, the answer is 403.
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
     * @description Whether this instance should get traffic: the database answers and takes writes, and the process is not about to stop.
     */
    get: operations["readyz"];
  };
}

export type webhooks = Record<string, never>;

export interface components {
  schemas: {
    /**
     * ChangeSettingBody
     * @description What the setting is to become.
     */
    ChangeSettingBody: {
      /** @description The new value: an integer or a boolean, as the setting asks for. */
      value: unknown;
      /** @description The `version` that the setting has, as it was read; 0: no row. */
      version: number;
    };
    /**
     * CreateFirstAdminBody
     * @description The token, and the address and password of the new account.
     */
    CreateFirstAdminBody: {
      /** @description What stands behind `#setup=` in the link. */
      token: string;
      /** @description E-mail address, at most 254 characters. White space around it is dropped and letter case does not matter. The part before the @ is ASCII; an international domain is converted to its IDNA (`xn--`) form. */
      email: string;
      /** @description From 8 (the live setting `PASSWORD_MIN_LENGTH`) to 256 characters, at most 1024 bytes; any characters but NUL, never trimmed or cut, taken in Unicode NFC. */
      password: string;
    };
    /**
     * CreateRoleBody
     * @description The role to make.
     */
    CreateRoleBody: {
      /** @description Names the role, in access tokens too. */
      name: string;
      /** @description What it is for, for people; at most 500 characters. */
      description?: string;
      /** @description What its bearers may do: permissions of Latchkey, and any that your applications ask for. */
      permissions: string[];
    };
    /**
     * CreateUserBody
     * @description The account to make. `roles` needs the permission `roles:write` too.
     */
    CreateUserBody: {
      /** @description E-mail address, at most 254 characters. White space around it is dropped and letter case does not matter. The part before the @ is ASCII; an international domain is converted to its IDNA (`xn--`) form. */
      email: string;
      /** @description A name to show, at most 150 characters; need not be unique. It is in access tokens. */
      username?: string;
      /** @description Names of roles. */
      roles?: string[];
    };
    /**
     * DeleteMeBody
     * @description The password of the account.
     */
    DeleteMeBody: {
      /** @description The password, exactly as it was set. */
      current_password: string;
    };
    /**
     * DisableUserBody
     * @description Why the account is disabled.
     */
    DisableUserBody: {
      /** @description Why, for whoever reads the audit log; at most 500 characters. */
      reason: string;
    };
    /**
     * EnableUserBody
     * @description Why the account is enabled.
     */
    EnableUserBody: {
      /** @description Why, for whoever reads the audit log; at most 500 characters. */
      reason: string;
    };
    /**
     * EventList
     * @description Events, the newest first.
     */
    EventList: {
      events: ({
          /** @description Grows from event to event. */
          id: number;
          /**
           * Format: date-time
           * @description When. UTC.
           */
          at: string;
          /** @description What was done. */
          event: string;
          /** @description Who did it. */
          actor: {
            /** @description `user`, `cli` (the command line), `system` (the service by itself), `anonymous` (nobody had logged in). */
            type: string;
            /** @description Of a user. */
            user_id: number | null;
            /** @description Of the command line: the account of the operating system. */
            name: string | null;
          };
          /** @description What it was done on; null where that is nothing in particular. */
          target: {
            /** @description Its kind. */
            type: string;
            /** @description Which one. */
            id: string;
          } | null;
          /** @description The session that it was done with. */
          session_id: string | null;
          /** @description Where the request came from. */
          ip: string | null;
          /** @description What it was made with: the first 512 characters. */
          user_agent: string | null;
          /** @description Finds the request in the log of the service. */
          request_id: string | null;
          /** @description What changed; depends on the event. */
          details: {
            [key: string]: unknown;
          };
        })[];
      /** @description Pass it as `cursor` to read the next page. `null` on the last page. */
      next_cursor: string | null;
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
     * InstanceList
     * @description Processes that have been seen in the last 30 seconds.
     */
    InstanceList: {
      /** @description The number of the last change of any setting; 0: there was none. */
      settings_version: number;
      instances: {
          /**
           * Format: uuid
           * @description Another one at each start.
           */
          id: string;
          /** @description The machine's name. */
          host: string;
          /** @description The version of the program. */
          version: string;
          /**
           * Format: date-time
           * @description When it began to listen. UTC.
           */
          started_at: string;
          /**
           * Format: date-time
           * @description When it was heard of last; that is about every five seconds. UTC.
           */
          seen_at: string;
          /** @description The number of the last change of a setting that it acts on. */
          settings_version: number;
          /** @description Whether that is the last change there is. */
          current: boolean;
        }[];
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
      /** @description E-mail address, at most 254 characters. White space around it is dropped and letter case does not matter. The part before the @ is ASCII; an international domain is converted to its IDNA (`xn--`) form. */
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
     * NewUser
     * @description An account that has just been made.
     */
    NewUser: {
      /**
       * User
       * @description An account, as operators see it.
       */
      user: {
        /** @description Never given to anybody else. */
        id: number;
        /** @description The name to show; empty until it is set. */
        username: string;
        /** @description The canonical e-mail address. */
        email: string;
        /** @description Names of roles. */
        roles: string[];
        disabled_at: string | null;
        /** @description Why, in the words of who disabled it. */
        disabled_reason: string | null;
        /**
         * Format: date-time
         * @description When it was made. UTC.
         */
        created_at: string;
        /**
         * Format: date-time
         * @description When it was changed last. UTC.
         */
        updated_at: string;
        /** @description Whether it can log in with a password. */
        has_password: boolean;
      };
      /** @description A random password, told here once and never again; its owner is to set another with `PUT /api/me/`. */
      temporary_password: string;
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
          /** @description JSON Pointer to the field at fault in the body; `/headers/<name>` for a header, `/query/<name>` for a parameter of the query. */
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
      /** @description E-mail address, at most 254 characters. White space around it is dropped and letter case does not matter. The part before the @ is ASCII; an international domain is converted to its IDNA (`xn--`) form. */
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
     * ResetPassword
     * @description The password of an account, from now on.
     */
    ResetPassword: {
      /** @description A random password, told here once and never again; its owner is to set another with `PUT /api/me/`. */
      temporary_password: string;
    };
    /**
     * Role
     * @description A name for a set of permissions.
     */
    Role: {
      /** @description Names the role, in access tokens too. */
      name: string;
      /** @description What it is for, for people; at most 500 characters. */
      description: string;
      /** @description What its bearers may do: permissions of Latchkey, and any that your applications ask for. */
      permissions: string[];
      /** @description Whether it can be neither changed nor deleted. */
      built_in: boolean;
    };
    /**
     * RoleList
     * @description All roles, and what they can be made of.
     */
    RoleList: {
      roles: {
          /** @description Names the role, in access tokens too. */
          name: string;
          /** @description What it is for, for people; at most 500 characters. */
          description: string;
          /** @description What its bearers may do: permissions of Latchkey, and any that your applications ask for. */
          permissions: string[];
          /** @description Whether it can be neither changed nor deleted. */
          built_in: boolean;
        }[];
      /** @description The permissions of Latchkey itself, with what each lets its bearer do. */
      own_permissions: {
        [key: string]: string;
      };
    };
    /**
     * RollBackSettingBody
     * @description Where the setting is to go back to.
     */
    RollBackSettingBody: {
      /** @description The `version` of a change in the history of the setting; 0: the default, before all changes. */
      to: number;
      /** @description The `version` that the setting has, as it was read; 0: no row. */
      version: number;
    };
    /**
     * RotateKeysBody
     * @description How to rotate.
     */
    RotateKeysBody: {
      /** @description Whether the next key may sign although it has not been published for `KEY_LEAD_TIME`: verifiers that keep the key set refuse its tokens until they ask again. */
      now?: boolean;
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
     * Setting
     * @description A live setting.
     */
    Setting: {
      /** @description Its name. */
      name: string;
      /** @description The value in force. */
      value: number | boolean;
      /** @description What `DELETE` takes it back to: what the environment says, or the default of this version. */
      default: number | boolean;
      /** @description Where `value` comes from. */
      source: "default" | "environment" | "database";
      /** @description What a value must be. */
      type: "integer" | "boolean";
      /** @description What is counted. */
      unit: ("seconds" | "days" | "characters") | null;
      /** @description Of an integer: the least value. */
      minimum: number | null;
      /** @description Of an integer: the greatest value. */
      maximum: number | null;
      /** @description What it is about. */
      group: string;
      /** @description What it does. */
      description: string;
      /** @description The number of the change that wrote its row; 0: no row. */
      version: number;
      /** @description When its row was written. UTC. */
      updated_at: string | null;
      /** @description By whom: `user:<id>` or `cli:<name>`. */
      updated_by: string | null;
      /** @description Why its row in the table is not acted on; null when it is, or there is none. */
      ignored: string | null;
    };
    /**
     * SettingHistory
     * @description Changes of a setting, the newest first.
     */
    SettingHistory: {
      changes: ({
          /** @description The number of the change, one more for each change of any setting. */
          version: number;
          /** @description What it became; null: back to the default. */
          value: number | boolean | null;
          /**
           * Format: date-time
           * @description When. UTC.
           */
          changed_at: string;
          /** @description By whom: `user:<id>` or `cli:<name>`. */
          changed_by: string;
        })[];
      /** @description Pass it as `cursor` to read the next page. `null` on the last page. */
      next_cursor: string | null;
    };
    /**
     * SettingList
     * @description All live settings.
     */
    SettingList: {
      /** @description The number of the last change of any setting; 0: there was none. */
      version: number;
      settings: ({
          /** @description Its name. */
          name: string;
          /** @description The value in force. */
          value: number | boolean;
          /** @description What `DELETE` takes it back to: what the environment says, or the default of this version. */
          default: number | boolean;
          /** @description Where `value` comes from. */
          source: "default" | "environment" | "database";
          /** @description What a value must be. */
          type: "integer" | "boolean";
          /** @description What is counted. */
          unit: ("seconds" | "days" | "characters") | null;
          /** @description Of an integer: the least value. */
          minimum: number | null;
          /** @description Of an integer: the greatest value. */
          maximum: number | null;
          /** @description What it is about. */
          group: string;
          /** @description What it does. */
          description: string;
          /** @description The number of the change that wrote its row; 0: no row. */
          version: number;
          /** @description When its row was written. UTC. */
          updated_at: string | null;
          /** @description By whom: `user:<id>` or `cli:<name>`. */
          updated_by: string | null;
          /** @description Why its row in the table is not acted on; null when it is, or there is none. */
          ignored: string | null;
        })[];
    };
    /**
     * SigningKeyList
     * @description All signing keys, the oldest first.
     */
    SigningKeyList: {
      keys: ({
          /** @description In the header of the tokens that it signs. */
          kid: string;
          /** @description The only algorithm that it is used with. */
          alg: string;
          /**
           * @description `active`: signs. `next`: is published, and will sign. `retired`: has signed, and stays until its last token is dead.
           * @enum {string}
           */
          state: "next" | "active" | "retired";
          /**
           * Format: date-time
           * @description Since when it is published. UTC.
           */
          created_at: string;
          /** @description Since when it signs, or signed. UTC. */
          activated_at: string | null;
          /** @description Since when it signs no more. UTC. */
          retired_at: string | null;
          /** @description Of a retired key: when its last token is dead, and it goes. UTC. */
          expires_at: string | null;
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
      /** @description E-mail address, at most 254 characters. White space around it is dropped and letter case does not matter. The part before the @ is ASCII; an international domain is converted to its IDNA (`xn--`) form. */
      email?: string;
      /** @description From 8 (the live setting `PASSWORD_MIN_LENGTH`) to 256 characters, at most 1024 bytes; any characters but NUL, never trimmed or cut, taken in Unicode NFC. */
      password?: string;
      /** @description A name to show, at most 150 characters; need not be unique. It is in access tokens. */
      username?: string;
      /** @description The password, exactly as it was set. */
      current_password?: string;
    };
    /**
     * UpdateRoleBody
     * @description What the role is from now on.
     */
    UpdateRoleBody: {
      /** @description What it is for, for people; at most 500 characters. */
      description: string;
      /** @description What its bearers may do: permissions of Latchkey, and any that your applications ask for. */
      permissions: string[];
    };
    /**
     * UpdateUserBody
     * @description What is to change; what is left out stays as it is. `roles` replaces all roles, and needs the permission `roles:write` too.
     */
    UpdateUserBody: {
      /** @description E-mail address, at most 254 characters. White space around it is dropped and letter case does not matter. The part before the @ is ASCII; an international domain is converted to its IDNA (`xn--`) form. */
      email?: string;
      /** @description A name to show, at most 150 characters; need not be unique. It is in access tokens. */
      username?: string;
      /** @description Names of roles. */
      roles?: string[];
    };
    /**
     * User
     * @description An account, as operators see it.
     */
    User: {
      /** @description Never given to anybody else. */
      id: number;
      /** @description The name to show; empty until it is set. */
      username: string;
      /** @description The canonical e-mail address. */
      email: string;
      /** @description Names of roles. */
      roles: string[];
      disabled_at: string | null;
      /** @description Why, in the words of who disabled it. */
      disabled_reason: string | null;
      /**
       * Format: date-time
       * @description When it was made. UTC.
       */
      created_at: string;
      /**
       * Format: date-time
       * @description When it was changed last. UTC.
       */
      updated_at: string;
      /** @description Whether it can log in with a password. */
      has_password: boolean;
    };
    /**
     * UserList
     * @description Accounts, in the order of their ids.
     */
    UserList: {
      users: ({
          /** @description Never given to anybody else. */
          id: number;
          /** @description The name to show; empty until it is set. */
          username: string;
          /** @description The canonical e-mail address. */
          email: string;
          /** @description Names of roles. */
          roles: string[];
          disabled_at: string | null;
          /** @description Why, in the words of who disabled it. */
          disabled_reason: string | null;
          /**
           * Format: date-time
           * @description When it was made. UTC.
           */
          created_at: string;
          /**
           * Format: date-time
           * @description When it was changed last. UTC.
           */
          updated_at: string;
          /** @description Whether it can log in with a password. */
          has_password: boolean;
        })[];
      /** @description Pass it as `cursor` to read the next page. `null` on the last page. */
      next_cursor: string | null;
    };
    /**
     * UserSessionList
     * @description Living sessions of an account, the one refreshed last first; at most 100.
     */
    UserSessionList: {
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
        })[];
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
   * @description The JSON Web Key Set (RFC 7517) with which any service verifies access tokens: the key that signs, the next one, and those that have signed tokens which are still good. A key is in it for `KEY_LEAD_TIME` (2 hours by default) before it signs. With `Accept: application/jwk-set+json` alone the answer has that media type. docs/verify-tokens.md says what a verifier checks.
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
          "application/json": components["schemas"]["KeySet"];
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
   * Read the audit log
   * @description Events, the newest first, with filters that must all fit. They are written in the transactions of what they tell of; no password, token or address is in them. Requires the permission `audit:read`.
   */
  listEvents: {
    parameters: {
      query?: {
        /** @description What was done. */
        event?: "user.registered" | "user.created" | "user.updated" | "user.password_changed" | "user.password_reset" | "user.email_changed" | "user.disabled" | "user.enabled" | "user.deleted" | "user.roles_changed" | "login.succeeded" | "login.failed" | "session.logged_out" | "session.ended" | "sessions.ended" | "session.refresh_token_reused" | "setting.changed" | "setting.reset" | "setting.rolled_back" | "role.created" | "role.changed" | "role.deleted" | "signing_key.rotated" | "signing_key.retired";
        /** @description Who did it, or on whom it was done. */
        user_id?: string;
        /** @description What kind of thing it was done on. */
        target_type?: "user" | "session" | "setting" | "role" | "signing_key";
        /** @description On which one it was done. */
        target_id?: string;
        /** @description The first moment. */
        from?: string;
        /** @description The moment after the last one. */
        to?: string;
        /**
         * @description Maximum number of entries, 1 to 100. Default: 50.
         * @example 50
         */
        limit?: string;
        /** @description `next_cursor` of the previous page, unchanged. The filters must be the same. */
        cursor?: string;
      };
    };
    responses: {
      /** @description A page of events. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["EventList"];
        };
      };
      /**
       * @description Bad Request.
       * - `validation_failed`: The request does not have the expected form; `errors` says where.
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
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * List the instances
   * @description The processes that have been seen in the last 30 seconds, the oldest first, each with the last change of the settings that it acts on. A change has reached everybody when all of them are `current`. Requires the permission `settings:read`.
   */
  listInstances: {
    responses: {
      /** @description The instances. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["InstanceList"];
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
       * @description Forbidden.
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * List signing keys
   * @description All signing keys, the oldest first, without the keys themselves. `/.well-known/jwks.json` has what verifiers need. Requires the permission `keys:read`.
   */
  listKeys: {
    responses: {
      /** @description The signing keys. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["SigningKeyList"];
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
       * @description Forbidden.
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * Rotate the signing keys
   * @description The next key signs from now on, and another next one is made and published. What the last one has signed stays good. Requires the permission `keys:write`.
   */
  rotateKeys: {
    /** @description How to rotate. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["RotateKeysBody"];
      };
    };
    responses: {
      /** @description The signing keys, rotated. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["SigningKeyList"];
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
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * - `key_too_young`: The next signing key has not been published for long enough: verifiers may not know it yet.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * Retire a signing key
   * @description Ends a key at once, and with it every access token that it has signed; when it was the active one the next one takes its place. For a key that somebody else may have. Other instances follow within seconds; verifiers elsewhere when they ask for the key set again. Requires the permission `keys:write`.
   */
  retireKey: {
    parameters: {
      path: {
        /**
         * @description The `kid` of a signing key.
         * @example QyzLvAaJkjfHIvjBM1z0iW4ZsXwJPM5tQdGNdlOXkKc
         */
        kid: string;
      };
    };
    responses: {
      /** @description The signing keys, without that one. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["SigningKeyList"];
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
       * @description Forbidden.
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Not Found.
       * - `key_not_found`: No signing key has this `kid`.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * List roles
   * @description All roles, and the permissions of Latchkey itself that they can give. Requires the permission `roles:read`.
   */
  listRoles: {
    responses: {
      /** @description The roles. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["RoleList"];
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
       * @description Forbidden.
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * Make a role
   * @description Makes a role. Nobody puts permissions into it that they do not have; who has all of Latchkey itself may put in any. Requires the permission `roles:write`.
   */
  createRole: {
    /** @description The role to make. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["CreateRoleBody"];
      };
    };
    responses: {
      /** @description The role. */
      201: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["Role"];
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
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * - `role_exists`: A role with this name exists.
       * - `role_being_removed`: A role with this name was deleted and is still being taken away from its holders. Try again later.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * Change a role
   * @description Puts another description and other permissions in the place of those of the role. It acts at once on the operator's operations, and elsewhere from the next access token on. Nobody adds or takes away permissions that they do not have. Requires the permission `roles:write`.
   */
  updateRole: {
    parameters: {
      path: {
        /**
         * @description The name of a role.
         * @example support
         */
        name: string;
      };
    };
    /** @description What the role is from now on. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["UpdateRoleBody"];
      };
    };
    responses: {
      /** @description The role, changed. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["Role"];
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
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Not Found.
       * - `role_not_found`: No role has this name.
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
       * @description Conflict.
       * - `role_built_in`: This role is built in: it can be neither changed nor deleted.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * Delete a role
   * @description Deletes the role, and takes it away from all accounts that have it. Nobody deletes a role with permissions that they do not have. Requires the permission `roles:write`.
   */
  deleteRole: {
    parameters: {
      path: {
        /**
         * @description The name of a role.
         * @example support
         */
        name: string;
      };
    };
    responses: {
      /** @description The role is gone. */
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
       * @description Forbidden.
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Not Found.
       * - `role_not_found`: No role has this name.
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
       * @description Conflict.
       * - `role_built_in`: This role is built in: it can be neither changed nor deleted.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * List the live settings
   * @description Every live setting with its value, where that comes from, and what it may be, as the table has it now. A row that this version cannot act on is shown in `ignored`; the last good value stays in force. Requires the permission `settings:read`.
   */
  listSettings: {
    responses: {
      /** @description All live settings. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["SettingList"];
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
       * @description Forbidden.
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * Read a live setting
   * @description One live setting, as the table has it now. Requires the permission `settings:read`.
   */
  getSetting: {
    parameters: {
      path: {
        /**
         * @description The name of the setting.
         * @example ACCESS_TOKEN_LIFETIME
         */
        name: string;
      };
    };
    responses: {
      /** @description The setting. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["Setting"];
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
       * @description Forbidden.
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Not Found.
       * - `setting_not_found`: No live setting has this name.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * Change a live setting
   * @description Changes a live setting, in force here when the answer comes and on every instance within 5 seconds, most often within some milliseconds. `version` is the one that was read: of two changes made from the same one, the first is made and the other answers 409. Requires the permission `settings:write`.
   */
  changeSetting: {
    parameters: {
      path: {
        /**
         * @description The name of the setting.
         * @example ACCESS_TOKEN_LIFETIME
         */
        name: string;
      };
    };
    /** @description What the setting is to become. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["ChangeSettingBody"];
      };
    };
    responses: {
      /** @description The setting, changed. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["Setting"];
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
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Not Found.
       * - `setting_not_found`: No live setting has this name.
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
       * @description Conflict.
       * - `setting_changed`: The setting has another version by now: somebody has changed it. Read it again and decide anew.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * Reset a live setting
   * @description Takes a live setting back to its default: what the environment says, or the default of this version. In force as a change is, and only from the `version` that was read. Requires the permission `settings:write`.
   */
  resetSetting: {
    parameters: {
      query: {
        /**
         * @description The `version` that the setting has, as it was read; 0: no row.
         * @example 0
         */
        version: string;
      };
      path: {
        /**
         * @description The name of the setting.
         * @example ACCESS_TOKEN_LIFETIME
         */
        name: string;
      };
    };
    responses: {
      /** @description The setting, at its default. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["Setting"];
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
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Not Found.
       * - `setting_not_found`: No live setting has this name.
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
       * @description Conflict.
       * - `setting_changed`: The setting has another version by now: somebody has changed it. Read it again and decide anew.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * List the changes of a live setting
   * @description Every change that the setting has seen, the newest first: what it became, when, and by whom. They are kept for ever, and any of them is a place to roll back to. Requires the permission `settings:read`.
   */
  listSettingChanges: {
    parameters: {
      query?: {
        /**
         * @description Maximum number of entries, 1 to 100. Default: 50.
         * @example 50
         */
        limit?: string;
        /** @description `next_cursor` of the previous page, unchanged. The filters must be the same. */
        cursor?: string;
      };
      path: {
        /**
         * @description The name of the setting.
         * @example ACCESS_TOKEN_LIFETIME
         */
        name: string;
      };
    };
    responses: {
      /** @description A page of the history. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["SettingHistory"];
        };
      };
      /**
       * @description Bad Request.
       * - `validation_failed`: The request does not have the expected form; `errors` says where.
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
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Not Found.
       * - `setting_not_found`: No live setting has this name.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * Roll a live setting back
   * @description Gives a live setting the value that it had after one of its changes, as a new change: the history only grows. In force as a change is, and only from the `version` that was read. Requires the permission `settings:write`.
   */
  rollBackSetting: {
    parameters: {
      path: {
        /**
         * @description The name of the setting.
         * @example ACCESS_TOKEN_LIFETIME
         */
        name: string;
      };
    };
    /** @description Where the setting is to go back to. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["RollBackSettingBody"];
      };
    };
    responses: {
      /** @description The setting, as it was then. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["Setting"];
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
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Not Found.
       * - `setting_not_found`: No live setting has this name.
       * - `setting_version_not_found`: This setting has no change of this number.
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
       * @description Conflict.
       * - `setting_changed`: The setting has another version by now: somebody has changed it. Read it again and decide anew.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * Make the first administrator
   * @description Makes an account with the role `admin`, once, and only while no account has it. The token is in the link that a service on its embedded database prints when it starts without an administrator; it ends with that process, and is kept nowhere. Everywhere else the answer is 403, for every token: there, `latchkey users create --role admin` makes the first administrator.
   */
  createFirstAdmin: {
    /** @description The token, and the address and password of the new account. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["CreateFirstAdminBody"];
      };
    };
    responses: {
      /** @description The first administrator, who can log in. */
      201: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["User"];
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
       * @description Forbidden.
       * - `setup_closed`: No first administrator can be made here, or not with this token.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
       * - `overloaded`: More passwords are to be checked right now than can be. Try again shortly.
       * - `handler_timeout`: The request took too long and was given up. If this was a change, whether it took effect is not known. Try again shortly.
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
   * List accounts
   * @description Accounts in the order of their ids, with filters that must all fit. `email` is what the canonical address begins with: case does not matter, and no character stands for others. Requires the permission `users:read`.
   */
  listUsers: {
    parameters: {
      query?: {
        /** @description What the address begins with. */
        email?: string;
        /** @description A role that they have. */
        role?: string;
        /** @description Whether they are disabled. */
        disabled?: "true" | "false";
        /**
         * @description Maximum number of entries, 1 to 100. Default: 50.
         * @example 50
         */
        limit?: string;
        /** @description `next_cursor` of the previous page, unchanged. The filters must be the same. */
        cursor?: string;
      };
    };
    responses: {
      /** @description A page of accounts. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["UserList"];
        };
      };
      /**
       * @description Bad Request.
       * - `validation_failed`: The request does not have the expected form; `errors` says where.
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
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * Make an account
   * @description Makes an account with a random password, which is told in this answer and never again. Nobody gives a role with permissions that they do not have. Requires the permission `users:write`.
   */
  createUser: {
    /** @description The account to make. `roles` needs the permission `roles:write` too. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["CreateUserBody"];
      };
    };
    responses: {
      /** @description The new account. */
      201: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["NewUser"];
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
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
       * - `overloaded`: More passwords are to be checked right now than can be. Try again shortly.
       * - `handler_timeout`: The request took too long and was given up. If this was a change, whether it took effect is not known. Try again shortly.
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
   * Read an account
   * @description The account as it is now. Requires the permission `users:read`.
   */
  getUser: {
    parameters: {
      path: {
        /**
         * @description The id of an account.
         * @example 1
         */
        id: string;
      };
    };
    responses: {
      /** @description The account. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["User"];
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
       * @description Forbidden.
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Not Found.
       * - `user_not_found`: No account has this id.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * Change an account
   * @description Changes address, username or roles of an account; members left out keep their value. A new address ends all its sessions; new roles act at once on the operator's operations, and elsewhere from its next access token on. Nobody gives roles with permissions that they do not have, or changes an account that has such permissions, or the address of their own account here. Requires the permission `users:write`.
   */
  updateUser: {
    parameters: {
      path: {
        /**
         * @description The id of an account.
         * @example 1
         */
        id: string;
      };
    };
    /** @description What is to change; what is left out stays as it is. `roles` replaces all roles, and needs the permission `roles:write` too. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["UpdateUserBody"];
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
          "application/json": components["schemas"]["User"];
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
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Not Found.
       * - `user_not_found`: No account has this id.
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
       * @description Conflict.
       * - `email_taken`: An account with this e-mail address exists.
       * - `last_admin`: This account is the last one with the role `admin`: it can be neither demoted, disabled nor deleted.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * Delete an account
   * @description Deletes the account and all its sessions for good, and what is personal in the audit log. One's own is deleted with `DELETE /api/me/`. Requires the permission `users:write`.
   */
  deleteUser: {
    parameters: {
      path: {
        /**
         * @description The id of an account.
         * @example 1
         */
        id: string;
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
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Not Found.
       * - `user_not_found`: No account has this id.
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
       * @description Conflict.
       * - `last_admin`: This account is the last one with the role `admin`: it can be neither demoted, disabled nor deleted.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * Disable an account
   * @description Ends all sessions of the account, and lets it begin none until it is enabled. Access tokens that are out can read until they expire. Nobody disables the account that they act with. Requires the permission `users:write`.
   */
  disableUser: {
    parameters: {
      path: {
        /**
         * @description The id of an account.
         * @example 1
         */
        id: string;
      };
    };
    /** @description Why the account is disabled. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["DisableUserBody"];
      };
    };
    responses: {
      /** @description The account, disabled. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["User"];
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
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Not Found.
       * - `user_not_found`: No account has this id.
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
       * @description Conflict.
       * - `last_admin`: This account is the last one with the role `admin`: it can be neither demoted, disabled nor deleted.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * Enable an account
   * @description Lets the account log in again. Sessions that have ended stay ended. An account that is not disabled stays as it is. Requires the permission `users:write`.
   */
  enableUser: {
    parameters: {
      path: {
        /**
         * @description The id of an account.
         * @example 1
         */
        id: string;
      };
    };
    /** @description Why the account is enabled. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["EnableUserBody"];
      };
    };
    responses: {
      /** @description The account, enabled. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["User"];
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
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Not Found.
       * - `user_not_found`: No account has this id.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * Reset a password
   * @description Puts a random password in the place of the one that the account has, tells it in this answer and never again, and ends all sessions of the account. One's own is changed with `PUT /api/me/`. Requires the permission `users:write`.
   */
  resetPassword: {
    parameters: {
      path: {
        /**
         * @description The id of an account.
         * @example 1
         */
        id: string;
      };
    };
    responses: {
      /** @description The new password. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["ResetPassword"];
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
       * @description Forbidden.
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Not Found.
       * - `user_not_found`: No account has this id.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
       * - `overloaded`: More passwords are to be checked right now than can be. Try again shortly.
       * - `handler_timeout`: The request took too long and was given up. If this was a change, whether it took effect is not known. Try again shortly.
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
   * List sessions of an account
   * @description The sessions of the account that can be refreshed, the one refreshed last first, at most 100. Requires the permission `users:read`.
   */
  listUserSessions: {
    parameters: {
      path: {
        /**
         * @description The id of an account.
         * @example 1
         */
        id: string;
      };
    };
    responses: {
      /** @description The living sessions. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["UserSessionList"];
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
       * @description Forbidden.
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Not Found.
       * - `user_not_found`: No account has this id.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * End all sessions of an account
   * @description Ends all sessions of the account for good. Their access tokens can read until they expire, and change nothing. Requires the permission `users:write`.
   */
  endUserSessions: {
    parameters: {
      path: {
        /**
         * @description The id of an account.
         * @example 1
         */
        id: string;
      };
    };
    responses: {
      /** @description No refresh token of the account works any more. */
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
       * @description Forbidden.
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Not Found.
       * - `user_not_found`: No account has this id.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * End a session of an account
   * @description Ends one session of the account for good. Its access tokens can read until they expire, and change nothing. Requires the permission `users:write`.
   */
  endUserSession: {
    parameters: {
      path: {
        /**
         * @description The id of an account.
         * @example 1
         */
        id: string;
        /**
         * @description The id of a session, as in `sid` of its access tokens.
         * @example 967568594287
         */
        session_id: string;
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
       * @description Forbidden.
       * - `forbidden`: The roles of this account do not let it do this, or not with these permissions.
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
       * @description Not Found.
       * - `user_not_found`: No account has this id.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * Log in
   * @description Exchanges e-mail address and password for a token pair, and begins a session. Unknown address, wrong password and disabled account get the same answer after the same time. After five wrong passwords in a row (a live setting) an account has to wait before the next attempt, 1 second, then 2, 4 …: until then the answer is 429 to the right password too.
   */
  login: {
    parameters: {
      header?: {
        /** @description For browsers, where the service is configured with `REFRESH_COOKIE=true`: the answer sets the refresh token as an `HttpOnly` cookie and does not have it in its body. Refresh and logout then need no body. The request must come from a page of the service or of an origin in `CORS_ORIGINS`. `console-cookie` is a second cookie, that of the console. Elsewhere the header has no effect. */
        "x-refresh-token-mode"?: "cookie" | "console-cookie";
      };
    };
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
       * @description Too Many Requests.
       * - `too_many_attempts`: Too many wrong passwords in a row: none is looked at before `Retry-After` is over.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
       * - `overloaded`: More passwords are to be checked right now than can be. Try again shortly.
       * - `handler_timeout`: The request took too long and was given up. If this was a change, whether it took effect is not known. Try again shortly.
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
    parameters: {
      header?: {
        /** @description For browsers, where the service is configured with `REFRESH_COOKIE=true`: the answer sets the refresh token as an `HttpOnly` cookie and does not have it in its body. Refresh and logout then need no body. The request must come from a page of the service or of an origin in `CORS_ORIGINS`. `console-cookie` is a second cookie, that of the console. Elsewhere the header has no effect. */
        "x-refresh-token-mode"?: "cookie" | "console-cookie";
      };
    };
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * @description Changes e-mail address, password or username of the bearer of the access token; fields left out keep their value. `current_password` is checked when it is given, and needed to change e-mail address or password when the live setting `REQUIRE_CURRENT_PASSWORD` is on. A new password or address ends all other sessions of the account. Wrong ones count as at a login. The session of the access token must live.
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
       * @description Too Many Requests.
       * - `too_many_attempts`: Too many wrong passwords in a row: none is looked at before `Retry-After` is over.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
       * - `overloaded`: More passwords are to be checked right now than can be. Try again shortly.
       * - `handler_timeout`: The request took too long and was given up. If this was a change, whether it took effect is not known. Try again shortly.
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
       * @description Conflict.
       * - `last_admin`: This account is the last one with the role `admin`: it can be neither demoted, disabled nor deleted.
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
       * @description Too Many Requests.
       * - `too_many_attempts`: Too many wrong passwords in a row: none is looked at before `Retry-After` is over.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
       * - `overloaded`: More passwords are to be checked right now than can be. Try again shortly.
       * - `handler_timeout`: The request took too long and was given up. If this was a change, whether it took effect is not known. Try again shortly.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
        /** @description For browsers, where the service is configured with `REFRESH_COOKIE=true`: the answer sets the refresh token as an `HttpOnly` cookie and does not have it in its body. Refresh and logout then need no body. The request must come from a page of the service or of an origin in `CORS_ORIGINS`. `console-cookie` is a second cookie, that of the console. Elsewhere the header has no effect. */
        "x-refresh-token-mode"?: "cookie" | "console-cookie";
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
   * @description Makes an account. The answer has the e-mail address in its canonical form. Registering does not log in. An address that is taken answers 409, also when it is spelled in another letter case. While the live setting `REGISTRATION_OPEN` is off, the answer is 403.
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
       * @description Forbidden.
       * - `registration_closed`: Nobody can register here at the moment.
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
       * @description Too Many Requests.
       * - `rate_limited`: Too many requests from this address, or for this session, in a short time. Try again after `Retry-After`.
       */
      429: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          "Retry-After": components["headers"]["Retry-After"];
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
       * - `overloaded`: More passwords are to be checked right now than can be. Try again shortly.
       * - `handler_timeout`: The request took too long and was given up. If this was a change, whether it took effect is not known. Try again shortly.
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
   * @description Whether this instance should get traffic: the database answers and takes writes, and the process is not about to stop.
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
       * - `internal_error`: Something went wrong here. If this was a change, whether it took effect is not known. `request_id` finds it in our log.
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
       * - `database_unavailable`: The database does not answer right now. If this was a change, whether it took effect is not known. Try again shortly.
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
