// The operations of the service and their bodies, made from docs/openapi.yaml: npm run client:update.


export interface paths {
  "/.well-known/jwks.json": {
    /**
     * Get the public keys
     * @description Returns the JSON Web Key Set (RFC 7517) for verifying access tokens: the active key, the next key, and retired keys whose tokens have not all expired. A key is published for `KEY_LEAD_TIME` (2 hours by default) before it starts to sign. The media type is `application/jwk-set+json` if `Accept` names only that type, otherwise `application/json`. For what a verifier must check, see docs/verify-tokens.md.
     */
    get: operations["getKeySet"];
  };
  "/.well-known/oauth-authorization-server": {
    /**
     * Discover the issuer (RFC 8414)
     * @description Returns the same document as `/.well-known/openid-configuration`.
     */
    get: operations["getAuthorizationServerMetadata"];
  };
  "/.well-known/openid-configuration": {
    /**
     * Discover the issuer (OpenID Connect)
     * @description Returns the issuer and the URL of the key set, for verifiers that are configured with the issuer alone. Latchkey is not an OpenID provider: it has no authorization endpoint and issues no ID tokens. Set `ISSUER` to the public URL of the service; otherwise the URLs in this document work only on the same machine.
     */
    get: operations["getOpenidConfiguration"];
  };
  "/api/admin/audit/": {
    /**
     * Read the audit log
     * @description Returns audit events, newest first. An event must match all filters. Events are recorded in the transaction of the action and contain no password, token or e-mail address. Requires the permission `audit:read`.
     */
    get: operations["listEvents"];
  };
  "/api/admin/instances/": {
    /**
     * List the running instances
     * @description Returns the instances that were seen within the last 30 seconds, oldest first, each with the latest setting change that it has applied. A change is in effect everywhere when all instances are `current`. Requires the permission `settings:read`.
     */
    get: operations["listInstances"];
  };
  "/api/admin/keys/": {
    /**
     * List signing keys
     * @description Returns all signing keys, oldest first, without the key material. For the public keys, see `/.well-known/jwks.json`. Requires the permission `keys:read`.
     */
    get: operations["listKeys"];
  };
  "/api/admin/keys/rotate/": {
    /**
     * Rotate the signing keys
     * @description Makes the next key the active one, and creates and publishes a new next key. Tokens signed with the previous key stay valid until they expire. Requires the permission `keys:write`.
     */
    post: operations["rotateKeys"];
  };
  "/api/admin/keys/{kid}/retire/": {
    /**
     * Retire a signing key
     * @description Deletes a key, which invalidates every access token that it has signed. If it was the active key, the next key becomes active. Use this for a key that may be compromised. Other instances apply the change within seconds; other verifiers apply it when they fetch the key set again. Requires the permission `keys:write`.
     */
    post: operations["retireKey"];
  };
  "/api/admin/mails/": {
    /**
     * List mails
     * @description Lists the mails of the outbox, newest first: those that wait, those that were sent in the last 7 days, and those that were given up in the last 30 days. What a mail says is never returned. A mail must match all filters. Requires the permission `mails:read`.
     */
    get: operations["listMails"];
  };
  "/api/admin/mails/{id}/resend/": {
    /**
     * Send a mail again
     * @description Sends a mail that was given up or waits for its next attempt. It is sent within seconds, and tried as often as a new mail. A mail that was sent, is being sent, or has expired is refused. Requires the permission `mails:write`.
     */
    post: operations["resendMail"];
  };
  "/api/admin/roles/": {
    /**
     * List roles
     * @description Lists all roles, and the permissions that Latchkey itself checks. Requires the permission `roles:read`.
     */
    get: operations["listRoles"];
    /**
     * Create a role
     * @description Creates a role. You cannot give it permissions that you do not have, unless you have every permission of Latchkey itself: then you can give it any. Requires the permission `roles:write`.
     */
    post: operations["createRole"];
  };
  "/api/admin/roles/{name}/": {
    /**
     * Update a role
     * @description Replaces the description and the permissions of a role. The administrative operations apply the change at once, your applications from the next access token. You cannot add or remove permissions that you do not have. Requires the permission `roles:write`.
     */
    put: operations["updateRole"];
    /**
     * Delete a role
     * @description Deletes a role and takes it away from all accounts. You cannot delete a role with permissions that you do not have. Requires the permission `roles:write`.
     */
    delete: operations["deleteRole"];
  };
  "/api/admin/settings/": {
    /**
     * List the live settings
     * @description Returns every live setting with its value, the source of the value, and its bounds, read from the database. If the stored value is not valid in this version, `ignored` says why, and the last valid value stays in effect. Requires the permission `settings:read`.
     */
    get: operations["listSettings"];
  };
  "/api/admin/settings/{name}/": {
    /**
     * Read a live setting
     * @description Returns one live setting, read from the database. Requires the permission `settings:read`.
     */
    get: operations["getSetting"];
    /**
     * Change a live setting
     * @description Changes a live setting. The change is in effect on this instance when the response is sent, and on every instance within 5 seconds, usually within milliseconds. `version` must be the current version of the setting: of two concurrent changes to the same version, the second returns 409. Requires the permission `settings:write`.
     */
    put: operations["changeSetting"];
    /**
     * Reset a live setting
     * @description Resets a live setting to its default: the value from the environment, or the default of this version. `version` must be the current version of the setting, and the reset takes effect like a change. Requires the permission `settings:write`.
     */
    delete: operations["resetSetting"];
  };
  "/api/admin/settings/{name}/history/": {
    /**
     * List the changes of a live setting
     * @description Returns every change of the setting, newest first: the new value, when it was set, and by whom. Changes are kept forever, and the setting can be rolled back to any of them. Requires the permission `settings:read`.
     */
    get: operations["listSettingChanges"];
  };
  "/api/admin/settings/{name}/rollback/": {
    /**
     * Roll a live setting back
     * @description Restores the value that a live setting had after one of its changes. The rollback is recorded as a new change. `version` must be the current version of the setting, and the rollback takes effect like a change. Requires the permission `settings:write`.
     */
    post: operations["rollBackSetting"];
  };
  "/api/admin/setup/": {
    /**
     * Create the first administrator
     * @description Creates an account with the role `admin`, if no account has that role yet. The token is in the link that the service prints when it starts on its embedded database without an administrator; the token is valid until that process ends. In all other cases every token gets a 403: create the first administrator with `latchkey users create --role admin`.
     */
    post: operations["createFirstAdmin"];
  };
  "/api/admin/users/": {
    /**
     * List accounts
     * @description Lists accounts, ordered by id. Filters are combined with AND. `email` matches the beginning of the address, ignoring case; there are no wildcards. Requires the permission `users:read`.
     */
    get: operations["listUsers"];
    /**
     * Create an account
     * @description Creates an account with a random password. Only this response contains the password. You cannot grant a role with permissions that you do not have. Requires the permission `users:write`.
     */
    post: operations["createUser"];
  };
  "/api/admin/users/{id}/": {
    /**
     * Get an account
     * @description Returns one account. Requires the permission `users:read`.
     */
    get: operations["getUser"];
    /**
     * Update an account
     * @description Changes the e-mail address, username or roles of an account; omitted fields keep their value. A new address ends all sessions of the account, and is not verified until its owner follows the link that is mailed to it. The administrative operations apply new roles at once, your applications from the next access token. You cannot grant permissions that you do not have, or change an account that has such permissions. To change your own address, use `PUT /api/me/`. Requires the permission `users:write`.
     */
    put: operations["updateUser"];
    /**
     * Delete an account
     * @description Permanently deletes an account, all its sessions, and its personal data in the audit log. To delete your own account, use `DELETE /api/me/`. Requires the permission `users:write`.
     */
    delete: operations["deleteUser"];
  };
  "/api/admin/users/{id}/disable/": {
    /**
     * Disable an account
     * @description Ends all sessions of an account and blocks its logins until the account is enabled again. Access tokens that were already issued can read, but not change anything, until they expire. You cannot disable your own account. Requires the permission `users:write`.
     */
    post: operations["disableUser"];
  };
  "/api/admin/users/{id}/enable/": {
    /**
     * Enable an account
     * @description Allows a disabled account to log in again. Its ended sessions stay ended. Has no effect on an account that is not disabled. Requires the permission `users:write`.
     */
    post: operations["enableUser"];
  };
  "/api/admin/users/{id}/reset-password/": {
    /**
     * Reset a password
     * @description Replaces the password of an account with a random one and ends all its sessions. Only this response contains the new password. To change your own password, use `PUT /api/me/`. Requires the permission `users:write`.
     */
    post: operations["resetPassword"];
  };
  "/api/admin/users/{id}/send-reset-link/": {
    /**
     * Send a reset link
     * @description Sends the owner of an account a mail with a link that sets a new password. Until they use it, the account stays as it is. To lock out a person who knows the password, use `POST /api/admin/users/{id}/reset-password/`. Requires the permission `users:write`.
     */
    post: operations["sendResetLink"];
  };
  "/api/admin/users/{id}/sessions/": {
    /**
     * List the sessions of an account
     * @description Lists the active sessions of an account, most recently refreshed first, at most 100. Requires the permission `users:read`.
     */
    get: operations["listUserSessions"];
    /**
     * End all sessions of an account
     * @description Permanently ends all sessions of an account. Their access tokens can read, but not change anything, until they expire. Requires the permission `users:write`.
     */
    delete: operations["endUserSessions"];
  };
  "/api/admin/users/{id}/sessions/{session_id}/": {
    /**
     * End a session of an account
     * @description Permanently ends one session of an account. Its access tokens can read, but not change anything, until they expire. Requires the permission `users:write`.
     */
    delete: operations["endUserSession"];
  };
  "/api/email/change/confirm/": {
    /**
     * Confirm a new e-mail address
     * @description Completes a change of the e-mail address that `PUT /api/me/` has begun while the live setting `REQUIRE_VERIFIED_EMAIL` is on. The new address is verified, and all sessions of the account end. The old address gets a mail with a link that undoes the change.
     */
    post: operations["confirmEmailChange"];
  };
  "/api/email/change/undo/": {
    /**
     * Undo a change of the e-mail address
     * @description Gives an account the address back that it had before a change, within 72 hours (the live setting `EMAIL_CHANGE_UNDO_LIFETIME`). The person who changed the address loses access: all sessions end, the password is removed, and later changes of the address are invalid. The address gets a mail with a link that sets a new password.
     */
    post: operations["undoEmailChange"];
  };
  "/api/email/verify/": {
    /**
     * Verify an e-mail address
     * @description Verifies the address of an account. Access tokens that are issued from then on contain `"email_verified": true`. A token works once. If your page asks for the password and sends `current_password`, it must be right, and wrong ones count like failed logins: somebody who gets the mail because a stranger registered their address then cannot confirm the account by mistake. Offer them `POST /api/email/verify/disown/`.
     */
    post: operations["verifyEmail"];
  };
  "/api/email/verify/disown/": {
    /**
     * Disown an account
     * @description For the owner of an address who did not create the account that has it. Takes the token of the mail that asks to verify the address. Removes the password and ends all sessions, so that whoever created the account can no longer use it. The address stays unverified; its owner can take the account over with `POST /api/password/forgot/`.
     */
    post: operations["disownAccount"];
  };
  "/api/email/verify/resend/": {
    /**
     * Send the verification mail again
     * @description Sends another mail with a link that verifies the address of an account. The response and its time are the same whether or not an account has the address, is verified already, or has been sent too many mails (the live setting `MAILS_PER_ACCOUNT_PER_HOUR`).
     */
    post: operations["resendVerification"];
  };
  "/api/login/": {
    /**
     * Log in
     * @description Starts a session and returns its token pair. An unknown address, a wrong password and a disabled account get the same response after the same time. While the live setting `REQUIRE_VERIFIED_EMAIL` is on, the right password of an account whose address is not verified gets a 403. After five wrong passwords in a row (the live setting `LOGIN_FAILURES_BEFORE_DELAY`) the next attempt on the account has to wait 1 second, then 2, 4 and so on; until then even the right password gets a 429.
     */
    post: operations["login"];
  };
  "/api/login/email/": {
    /**
     * Request a sign-in by mail
     * @description Sends a mail with a link and a six-digit code, if the address belongs to an account. The response is the same if it does not. Keep the `sign_in_token` on the device that asked: `POST /api/login/email/verify/` accepts the code only together with it. Requires the live setting `SIGN_IN_BY_EMAIL`. An account gets at most five such mails per hour (the live setting `MAILS_PER_ACCOUNT_PER_HOUR`).
     */
    post: operations["requestSignIn"];
  };
  "/api/login/email/verify/": {
    /**
     * Sign in with a mail
     * @description Starts a session and returns its token pair. Send the code that the user types in with the `sign_in_token` of this device; or, in a page of your own to which `LINK_URL_SIGN_IN` leads, the `token` of the link. One `sign_in_token` allows five codes. A code or link works once, and makes all others of the account invalid. Everything that is not valid gets the same `invalid_email_token`. Signing in verifies the address; if it was not verified before, the account loses its password and its other sessions, because another person may have registered it.
     */
    post: operations["verifySignIn"];
  };
  "/api/logout/": {
    /**
     * Log out
     * @description Permanently ends the session of a refresh token. Any refresh token of the session works, even a used one. An unknown token, or one of a session that has ended, gets the same response (RFC 7009), so the request can be repeated safely. Access tokens of the session stay valid until they expire.
     */
    post: operations["logout"];
  };
  "/api/logout/all/": {
    /**
     * Log out everywhere
     * @description Permanently ends all sessions of your account, including the current one. Their access tokens can read, but not change anything, until they expire.
     */
    post: operations["logoutEverywhere"];
  };
  "/api/me/": {
    /**
     * Get my account
     * @description Returns the account that the access token was issued for.
     */
    get: operations["getMe"];
    /**
     * Update my account
     * @description Changes the e-mail address, password or username of your account; omitted fields keep their value. A new e-mail address or password ends all other sessions. While the live setting `REQUIRE_VERIFIED_EMAIL` is on, a new address takes effect when it is confirmed with the link that is mailed to it, and the response still shows the old one. If this service sends mail, the old address gets a link that undoes the change. It requires `current_password` while the live setting `REQUIRE_CURRENT_PASSWORD` is on. If `current_password` is sent, it must be right; wrong ones count like failed logins. The session of the access token must still be active.
     */
    put: operations["updateMe"];
    /**
     * Delete my account
     * @description Permanently deletes your account and all its sessions. The e-mail address can be registered again, as a new account with a new id. If the operator has set `ACCOUNT_DELETION_GRACE`, all sessions end and the account is disabled at once, and it is deleted after that time; a login before restores it.
     */
    delete: operations["deleteMe"];
  };
  "/api/me/account/": {
    /**
     * Get the details of my account
     * @description Returns everything about your account but its history: also whether its address is verified, an address that waits to be confirmed, and its roles.
     */
    get: operations["getMyAccount"];
  };
  "/api/me/export/": {
    /**
     * Export my data
     * @description Returns everything that is stored about your account as a JSON file: the account, active and ended sessions, the entries of the audit log, known devices, and the links and mails that were sent. It contains no credentials. The response is streamed and can be large. If it breaks off, the JSON is incomplete; request it again. The session of the access token must still be active. One export of an account runs at a time; another one gets a 429.
     */
    get: operations["exportMyAccount"];
  };
  "/api/me/sessions/": {
    /**
     * List my sessions
     * @description Lists the active sessions of your account, most recently refreshed first, at most 100. `ip` and `user_agent` are those of the login. `expires_at` is when the session ends unless it is refreshed before.
     */
    get: operations["listSessions"];
    /**
     * End my other sessions
     * @description Permanently ends all sessions of your account except the current one. Their access tokens can read, but not change anything, until they expire. To end the current session too, use `POST /api/logout/all/`.
     */
    delete: operations["endOtherSessions"];
  };
  "/api/me/sessions/{id}/": {
    /**
     * End one of my sessions
     * @description Permanently ends a session of your account, which may be the current one. Its access tokens can read, but not change anything, until they expire. Any id that does not belong to an active session of your account gets a 404.
     */
    delete: operations["endSession"];
  };
  "/api/password/forgot/": {
    /**
     * Request a password reset
     * @description Sends a mail with a link that sets a new password; it is valid for 30 minutes (the live setting `PASSWORD_RESET_LIFETIME`). The response and its time are the same whether or not an account has the address, is disabled, or has been sent too many mails (the live setting `MAILS_PER_ACCOUNT_PER_HOUR`).
     */
    post: operations["forgotPassword"];
  };
  "/api/password/reset/": {
    /**
     * Set a new password
     * @description Sets a new password with a token from `POST /api/password/forgot/`. Ends all sessions of the account, verifies its address, and forgets wrong passwords that were entered before. A token works once; it is also invalid after a change of the password or the address. It does not log the user in.
     */
    post: operations["resetForgottenPassword"];
  };
  "/api/refresh/": {
    /**
     * Refresh a token pair
     * @description Exchanges a refresh token for a new token pair. The lifetimes of both tokens start again. A refresh token works **once**: of any number of requests with the same token exactly one succeeds.
     *
     * If a response is lost, send the request again with the same `Idempotency-Key`: it returns the same refresh token, even hours later, as long as that token has not been used. Without a key, a used token is refused within 10 seconds of its use (`refresh_token_used`). After that it ends the session (`refresh_token_reused`), because it may have been stolen.
     */
    post: operations["refresh"];
  };
  "/api/register/": {
    /**
     * Register an account
     * @description Creates an account. The response contains the e-mail address in its canonical form. Registration does not log the user in. An address that is already registered gets a 409, in any letter case. While the live setting `REGISTRATION_OPEN` is off, every request gets a 403.
     */
    post: operations["register"];
  };
  "/api/verify/": {
    /**
     * Verify an access token
     * @description Verifies the access token of a request, for `auth_request` in nginx and ForwardAuth in Traefik, which forward the headers of the original request. The check does not use the database: after a session has ended, its access token stays valid until it expires.
     */
    get: operations["verifyToken"];
  };
  "/livez": {
    /**
     * Check liveness
     * @description Returns 200 as long as the process runs, regardless of the database. Restart the process if it does not respond.
     */
    get: operations["livez"];
  };
  "/readyz": {
    /**
     * Check readiness
     * @description Returns 200 if this instance should receive traffic: the database responds and accepts writes, and the process is not shutting down. Otherwise `reason` names what is wrong: `database` (no answer), `read-only` (it accepts no writes), `keys` (none to sign with) or `draining` (the process is about to stop). A 200 with `degraded` names what does not work although the instance serves.
     */
    get: operations["readyz"];
  };
  "/startupz": {
    /**
     * Check startup
     * @description Returns 200 as soon as the instance has started: settings and signing keys are loaded. The port is closed before that, and a start that fails ends the process with one line that says why. Unlike `/readyz` it does not ask the database.
     */
    get: operations["startupz"];
  };
}

export type webhooks = Record<string, never>;

export interface components {
  schemas: {
    /**
     * Accepted
     * @description The request was accepted.
     */
    Accepted: {
      /** @description A sentence that you can show to the user. */
      message: string;
    };
    /**
     * AccountDetails
     * @description Everything about an account but its history.
     */
    AccountDetails: {
      /** @description Unique; never reused, even after the account is deleted. */
      id: number;
      /** @description The display name; empty until it is set. */
      username: string;
      /** @description The e-mail address in its canonical form. */
      email: string;
      /** @description Whether you have proved that you read the mails of your address. */
      email_verified: boolean;
      /** @description The address that the account gets when you confirm it. */
      pending_email: string | null;
      /** @description Whether the account has a password to log in with. */
      has_password: boolean;
      /** @description The names of your roles. */
      roles: string[];
      /** @description The language of mails to you, as a BCP 47 tag; null if it is not known. */
      locale: string | null;
      /** @description The number of your active sessions. At most 100 are counted. */
      sessions: number;
      /**
       * Format: date-time
       * @description When the account was created. In UTC.
       */
      created_at: string;
      /**
       * Format: date-time
       * @description When the account was last changed. In UTC.
       */
      updated_at: string;
      deletion_due_at: string | null;
    };
    /**
     * AccountExport
     * @description Everything that is stored about an account, except credentials.
     */
    AccountExport: {
      /**
       * Format: date-time
       * @description When the export began. In UTC.
       */
      exported_at: string;
      /**
       * AccountDetails
       * @description Everything about an account but its history.
       */
      account: {
        /** @description Unique; never reused, even after the account is deleted. */
        id: number;
        /** @description The display name; empty until it is set. */
        username: string;
        /** @description The e-mail address in its canonical form. */
        email: string;
        /** @description Whether you have proved that you read the mails of your address. */
        email_verified: boolean;
        /** @description The address that the account gets when you confirm it. */
        pending_email: string | null;
        /** @description Whether the account has a password to log in with. */
        has_password: boolean;
        /** @description The names of your roles. */
        roles: string[];
        /** @description The language of mails to you, as a BCP 47 tag; null if it is not known. */
        locale: string | null;
        /** @description The number of your active sessions. At most 100 are counted. */
        sessions: number;
        /**
         * Format: date-time
         * @description When the account was created. In UTC.
         */
        created_at: string;
        /**
         * Format: date-time
         * @description When the account was last changed. In UTC.
         */
        updated_at: string;
        deletion_due_at: string | null;
      };
      /** @description Active and ended sessions, in no particular order. */
      sessions: ({
          id: string;
          /**
           * Format: date-time
           * @description When the login started the session. In UTC.
           */
          created_at: string;
          /**
           * Format: date-time
           * @description When the session was last refreshed. In UTC.
           */
          refreshed_at: string;
          /**
           * Format: date-time
           * @description When the session expires. In UTC.
           */
          expires_at: string;
          /** @description The IP address of the login. */
          ip: string | null;
          /** @description The `User-Agent` of the login. */
          user_agent: string | null;
          /** @description Whether the session was ended before it expired. */
          ended: boolean;
          ended_at: string | null;
          /** @description Why the session was ended, if that is known. */
          ended_reason: string | null;
        })[];
      /** @description The entries of the audit log: first what you did, then what others did with the account. */
      events: ({
          /**
           * Format: date-time
           * @description When the event occurred. In UTC.
           */
          at: string;
          /** @description The name of the event. */
          event: string;
          /** @description Who acted. `anonymous`: a client that was not logged in, such as one that tried a wrong password. */
          by: "you" | "operator" | "service" | "anonymous";
          /** @description Your session in which it was done. */
          session_id: string | null;
          /** @description The IP address, unless an operator acted. */
          ip: string | null;
          /** @description The `User-Agent`, unless an operator acted. */
          user_agent: string | null;
          /** @description Details, depending on the event. */
          details: {
            [key: string]: unknown;
          };
        })[];
      /** @description The devices that you have logged in from. Only a hash of each is stored. */
      known_devices: {
          /**
           * Format: date-time
           * @description When the device was last used to log in. In UTC.
           */
          seen_at: string;
        }[];
      /** @description The links and codes that were sent by mail. */
      email_tokens: ({
          /** @description What the link or the code was for. */
          purpose: string;
          /** @description The address that it was sent for. */
          email: string;
          /** @description The number of codes that were tried. */
          attempts: number;
          /**
           * Format: date-time
           * @description When it was made. In UTC.
           */
          created_at: string;
          /**
           * Format: date-time
           * @description When it expires. In UTC.
           */
          expires_at: string;
          used_at: string | null;
        })[];
      /** @description The mails about the account. */
      mails: ({
          /** @description What the mail was about. */
          kind: string;
          /** @description The address that it was sent to. */
          recipient: string;
          /** @description The language of the mail. */
          locale: string | null;
          /** @description `waiting`, `sent`, or `dead`: it could not be delivered. */
          state: string;
          /**
           * Format: date-time
           * @description When it was written. In UTC.
           */
          created_at: string;
          sent_at: string | null;
        })[];
    };
    /**
     * ChangeSettingBody
     * @description A new value for a setting.
     */
    ChangeSettingBody: {
      /** @description The new value: an integer or a boolean, depending on the setting. */
      value: unknown;
      /** @description The current `version` of the setting, as returned by a read; 0 if it has never been changed or was reset. */
      version: number;
    };
    /**
     * ConfirmEmailChangeBody
     * @description The token from the mail.
     */
    ConfirmEmailChangeBody: {
      /** @description The token from the mail: the part of the link after `token=`. */
      token: string;
    };
    /**
     * CreateFirstAdminBody
     * @description The setup token, and the e-mail address and password of the new account.
     */
    CreateFirstAdminBody: {
      /** @description The part of the setup link after `#setup=`. */
      token: string;
      /** @description An e-mail address of at most 254 characters. Surrounding white space is removed and letter case is ignored. The part before the @ must be ASCII; an international domain is converted to its IDNA (`xn--`) form. */
      email: string;
      /** @description A new password of 8 (the live setting `PASSWORD_MIN_LENGTH`) to 256 characters and at most 1024 bytes. All characters except NUL are allowed; the password is normalized to Unicode NFC, and never trimmed or truncated. */
      password: string;
    };
    /**
     * CreateRoleBody
     * @description The role to create.
     */
    CreateRoleBody: {
      /** @description The name of the role, as it appears in access tokens. */
      name: string;
      /** @description What the role is for; at most 500 characters. */
      description?: string;
      /** @description The permissions that the role grants: those of Latchkey, and any that your applications check. */
      permissions: string[];
    };
    /**
     * CreateUserBody
     * @description The account to create. `roles` also requires the permission `roles:write`.
     */
    CreateUserBody: {
      /** @description An e-mail address of at most 254 characters. Surrounding white space is removed and letter case is ignored. The part before the @ must be ASCII; an international domain is converted to its IDNA (`xn--`) form. */
      email: string;
      /** @description A display name of at most 150 characters. It need not be unique, and is included in access tokens. */
      username?: string;
      /** @description The names of the roles of the account. */
      roles?: string[];
    };
    /**
     * DeleteMeBody
     * @description The current password of your account.
     */
    DeleteMeBody: {
      /** @description The password, exactly as it was set. */
      current_password: string;
    };
    /**
     * DisableUserBody
     * @description The reason for disabling the account.
     */
    DisableUserBody: {
      /** @description The reason, for the audit log; at most 500 characters. */
      reason: string;
    };
    /**
     * DisownAccountBody
     * @description The token from the mail.
     */
    DisownAccountBody: {
      /** @description The token from the mail: the part of the link after `token=`. */
      token: string;
    };
    /**
     * EnableUserBody
     * @description The reason for enabling the account.
     */
    EnableUserBody: {
      /** @description The reason, for the audit log; at most 500 characters. */
      reason: string;
    };
    /**
     * EventList
     * @description A page of events, newest first.
     */
    EventList: {
      events: ({
          /** @description The id of the event. Newer events have greater ids. */
          id: number;
          /**
           * Format: date-time
           * @description When the event occurred. UTC.
           */
          at: string;
          /** @description The name of the event. */
          event: string;
          /** @description Who performed the action. */
          actor: {
            /** @description `user`, `cli` (an operator at the command line), `system` (the service itself) or `anonymous` (a client that was not logged in). */
            type: string;
            /** @description The id of the user, if `type` is `user`. */
            user_id: number | null;
            /** @description The operating system account, if `type` is `cli`. */
            name: string | null;
          };
          /** @description What the action affected; null if there is no specific target. */
          target: {
            /** @description The type of the target. */
            type: string;
            /** @description The id or the name of the target. */
            id: string;
          } | null;
          /** @description The session of the actor. */
          session_id: string | null;
          /** @description The IP address of the client. */
          ip: string | null;
          /** @description The user agent of the client; at most 512 characters. */
          user_agent: string | null;
          /** @description The id of the request in the log of the service. */
          request_id: string | null;
          /** @description Details, depending on the event. */
          details: {
            [key: string]: unknown;
          };
        })[];
      /** @description Pass it as `cursor` to read the next page. `null` on the last page. */
      next_cursor: string | null;
    };
    /**
     * ForgotPasswordBody
     * @description The e-mail address of an account.
     */
    ForgotPasswordBody: {
      /** @description An e-mail address of at most 254 characters. Surrounding white space is removed and letter case is ignored. The part before the @ must be ASCII; an international domain is converted to its IDNA (`xn--`) form. */
      email: string;
    };
    /**
     * Healthy
     * @description The probe succeeded.
     */
    Healthy: {
      /** @enum {string} */
      status: "ok";
    };
    /**
     * InstanceList
     * @description The instances that were seen within the last 30 seconds.
     */
    InstanceList: {
      /** @description The number of the latest change to any setting; 0 if there was none. */
      settings_version: number;
      instances: {
          /**
           * Format: uuid
           * @description Unique for each start of the process.
           */
          id: string;
          /** @description The hostname of the machine. */
          host: string;
          /** @description The version of Latchkey. */
          version: string;
          /**
           * Format: date-time
           * @description When the instance started to listen. UTC.
           */
          started_at: string;
          /**
           * Format: date-time
           * @description When the instance last reported that it is running. It does so about every five seconds. UTC.
           */
          seen_at: string;
          /** @description The number of the latest setting change that the instance has applied. */
          settings_version: number;
          /** @description Whether the instance has applied the latest setting change. */
          current: boolean;
        }[];
    };
    /**
     * KeySet
     * @description The public keys for verifying access tokens, as a JSON Web Key Set.
     */
    KeySet: {
      keys: {
          /** @description The key type: `EC`, `OKP` or `RSA`. */
          kty: string;
          /** @description The curve of an `EC` or `OKP` key. */
          crv?: string;
          /** @description The x coordinate of an `EC` key, or the public key of an `OKP` key. */
          x?: string;
          /** @description The y coordinate of an `EC` key. */
          y?: string;
          /** @description The modulus of an `RSA` key. */
          n?: string;
          /** @description The exponent of an `RSA` key. */
          e?: string;
          /** @enum {string} */
          use: "sig";
          /** @description The JWS algorithm of the key. */
          alg: string;
          /** @description The id of the key, in the header of the tokens that it signs. It is the RFC 7638 thumbprint of the key. */
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
     * @description The e-mail address and password of an account.
     */
    LoginBody: {
      /** @description An e-mail address of at most 254 characters. Surrounding white space is removed and letter case is ignored. The part before the @ must be ASCII; an international domain is converted to its IDNA (`xn--`) form. */
      email: string;
      /** @description The password, exactly as it was set. */
      password: string;
    };
    /**
     * LogoutBody
     * @description Any refresh token of the session.
     */
    LogoutBody: {
      /** @description A refresh token: an opaque UUID. */
      refresh_token: string;
    };
    /**
     * Mail
     * @description A mail to a user, without its content.
     */
    Mail: {
      /** @description The id of the mail. Newer mails have greater ids. */
      id: number;
      /** @description The kind of the mail, which is the name of its template. */
      kind: string;
      /**
       * @description `waiting`: will be sent at `next_attempt_at`. `sent`: was accepted by the mail server. `dead`: given up.
       * @enum {string}
       */
      state: "waiting" | "sent" | "dead";
      /** @description The account that the mail is about, which may have been deleted since. */
      user_id: number | null;
      /** @description The address of the recipient. */
      to: string;
      /** @description The language of the mail. `null`: the default language. */
      locale: string | null;
      /** @description How many attempts to send it have begun. */
      attempts: number;
      /** @description Why the last attempt failed: usually the answer of the mail server. */
      last_error: string | null;
      /**
       * Format: date-time
       * @description When the mail was caused. In UTC.
       */
      created_at: string;
      next_attempt_at: string | null;
      sent_at: string | null;
      expires_at: string | null;
    };
    /**
     * MailList
     * @description A page of mails, newest first.
     */
    MailList: {
      mails: ({
          /** @description The id of the mail. Newer mails have greater ids. */
          id: number;
          /** @description The kind of the mail, which is the name of its template. */
          kind: string;
          /**
           * @description `waiting`: will be sent at `next_attempt_at`. `sent`: was accepted by the mail server. `dead`: given up.
           * @enum {string}
           */
          state: "waiting" | "sent" | "dead";
          /** @description The account that the mail is about, which may have been deleted since. */
          user_id: number | null;
          /** @description The address of the recipient. */
          to: string;
          /** @description The language of the mail. `null`: the default language. */
          locale: string | null;
          /** @description How many attempts to send it have begun. */
          attempts: number;
          /** @description Why the last attempt failed: usually the answer of the mail server. */
          last_error: string | null;
          /**
           * Format: date-time
           * @description When the mail was caused. In UTC.
           */
          created_at: string;
          next_attempt_at: string | null;
          sent_at: string | null;
          expires_at: string | null;
        })[];
      /** @description Pass it as `cursor` to read the next page. `null` on the last page. */
      next_cursor: string | null;
    };
    /**
     * Metadata
     * @description The metadata of the token issuer.
     */
    Metadata: {
      /** @description The `iss` claim of access tokens, configured with `ISSUER`. */
      issuer: string;
      /** @description The URL of the public keys. */
      jwks_uri: string;
      /** @description The URL of the API documentation. */
      service_documentation: string;
    };
    /**
     * NewUser
     * @description A new account and its temporary password.
     */
    NewUser: {
      /**
       * User
       * @description An account, as operators see it.
       */
      user: {
        /** @description Unique; never reused, even after the account is deleted. */
        id: number;
        /** @description The display name; empty until it is set. */
        username: string;
        /** @description The e-mail address in its canonical form. */
        email: string;
        /** @description Whether the owner of the account has verified the e-mail address. */
        email_verified: boolean;
        /** @description The address that the account gets when the link that was mailed to it is used. */
        pending_email: string | null;
        /** @description The names of the roles of the account. */
        roles: string[];
        disabled_at: string | null;
        /** @description The reason, as entered by the operator who disabled the account. Null while the account is disabled only because its owner is leaving. */
        disabled_reason: string | null;
        /** @description Until then a login of the owner restores the account, unless an operator has disabled it. */
        deletion_due_at: string | null;
        /**
         * Format: date-time
         * @description When the account was created. In UTC.
         */
        created_at: string;
        /**
         * Format: date-time
         * @description When the account was last changed. In UTC.
         */
        updated_at: string;
        /** @description Whether the account has a password to log in with. */
        has_password: boolean;
      };
      /** @description A random password, returned only in this response. The owner of the account should replace it with `PUT /api/me/`. */
      temporary_password: string;
    };
    /**
     * Problem
     * @description An error response (RFC 9457).
     */
    Problem: {
      /** @description The problem type: `urn:latchkey:problem:<code>`. */
      type: string;
      /** @description The reason phrase of the HTTP status. */
      title: string;
      /** @description The HTTP status. */
      status: number;
      /** @description What happened and what to do next, for people. The text may change. */
      detail: string;
      /** @description The error code, for programs. Stable. */
      code: string;
      /** @description The invalid fields, at most ten. Present with `validation_failed` only. */
      errors?: {
          /** @description A JSON Pointer to the invalid field in the body; `/headers/<name>` for a header, `/query/<name>` for a query parameter. */
          path: string;
          /** @description Why the field is invalid. */
          message: string;
        }[];
      /** @description What is wrong with this instance, in one word. Present in the responses of probes only. */
      reason?: string;
      /** @description Identifies this request in the log of the service; the same as `X-Request-Id`. */
      request_id: string;
    };
    /**
     * Profile
     * @description An account, as its owner sees it.
     */
    Profile: {
      /** @description Unique; never reused, even after the account is deleted. */
      id: number;
      /** @description The display name; empty until it is set. */
      username: string;
      /** @description The e-mail address in its canonical form. */
      email: string;
    };
    /**
     * Ready
     * @description The instance should receive traffic.
     */
    Ready: {
      /** @enum {string} */
      status: "ok";
      /** @description What does not work although the instance serves: `settings` have not been read for a minute, so that changes do not take effect; some signing `keys` cannot be read; `overload`: passwords are not hashed. */
      degraded?: ("settings" | "keys" | "overload")[];
    };
    /**
     * RefreshBody
     * @description The refresh token of the most recent token pair.
     */
    RefreshBody: {
      /** @description A refresh token: an opaque UUID. */
      refresh_token: string;
    };
    /**
     * RegisterBody
     * @description The e-mail address and password of the new account.
     */
    RegisterBody: {
      /** @description An e-mail address of at most 254 characters. Surrounding white space is removed and letter case is ignored. The part before the @ must be ASCII; an international domain is converted to its IDNA (`xn--`) form. */
      email: string;
      /** @description A new password of 8 (the live setting `PASSWORD_MIN_LENGTH`) to 256 characters and at most 1024 bytes. All characters except NUL are allowed; the password is normalized to Unicode NFC, and never trimmed or truncated. */
      password: string;
    };
    /**
     * RegisteredUser
     * @description The new account.
     */
    RegisteredUser: {
      /** @description Unique; never reused, even after the account is deleted. */
      id: number;
      /** @description The e-mail address in its canonical form. */
      email: string;
    };
    /**
     * ResendVerificationBody
     * @description The e-mail address of an account.
     */
    ResendVerificationBody: {
      /** @description An e-mail address of at most 254 characters. Surrounding white space is removed and letter case is ignored. The part before the @ must be ASCII; an international domain is converted to its IDNA (`xn--`) form. */
      email: string;
    };
    /**
     * ResetForgottenPasswordBody
     * @description The token from the mail, and the new password.
     */
    ResetForgottenPasswordBody: {
      /** @description The token from the mail: the part of the link after `token=`. */
      token: string;
      /** @description A new password of 8 (the live setting `PASSWORD_MIN_LENGTH`) to 256 characters and at most 1024 bytes. All characters except NUL are allowed; the password is normalized to Unicode NFC, and never trimmed or truncated. */
      password: string;
    };
    /**
     * ResetPassword
     * @description The new password of an account.
     */
    ResetPassword: {
      /** @description A random password, returned only in this response. The owner of the account should replace it with `PUT /api/me/`. */
      temporary_password: string;
    };
    /**
     * Role
     * @description A named set of permissions.
     */
    Role: {
      /** @description The name of the role, as it appears in access tokens. */
      name: string;
      /** @description What the role is for; at most 500 characters. */
      description: string;
      /** @description The permissions that the role grants: those of Latchkey, and any that your applications check. */
      permissions: string[];
      /** @description Whether the role is built in. A built-in role cannot be changed or deleted. */
      built_in: boolean;
    };
    /**
     * RoleList
     * @description All roles, and the permissions of Latchkey.
     */
    RoleList: {
      roles: {
          /** @description The name of the role, as it appears in access tokens. */
          name: string;
          /** @description What the role is for; at most 500 characters. */
          description: string;
          /** @description The permissions that the role grants: those of Latchkey, and any that your applications check. */
          permissions: string[];
          /** @description Whether the role is built in. A built-in role cannot be changed or deleted. */
          built_in: boolean;
        }[];
      /** @description The permissions that Latchkey itself checks, with what each one allows. */
      own_permissions: {
        [key: string]: string;
      };
    };
    /**
     * RollBackSettingBody
     * @description The change to roll back to.
     */
    RollBackSettingBody: {
      /** @description The `version` of a change in the history of the setting; 0 for the default. */
      to: number;
      /** @description The current `version` of the setting, as returned by a read; 0 if it has never been changed or was reset. */
      version: number;
    };
    /**
     * RotateKeysBody
     * @description Options of the rotation.
     */
    RotateKeysBody: {
      /** @description Rotate even if the next key has not been published for `KEY_LEAD_TIME`. Verifiers with a cached key set then reject its tokens until they fetch the key set again. */
      now?: boolean;
    };
    /**
     * SessionList
     * @description The active sessions of the account, most recently refreshed first, at most 100.
     */
    SessionList: {
      sessions: ({
          /** @description The id of a session: the `sid` claim of its access tokens. */
          id: string;
          /**
           * Format: date-time
           * @description When the login started the session. In UTC.
           */
          created_at: string;
          /**
           * Format: date-time
           * @description When the session was last refreshed. In UTC.
           */
          refreshed_at: string;
          /**
           * Format: date-time
           * @description When the session ends unless it is refreshed before. In UTC.
           */
          expires_at: string;
          /** @description The IP address of the login. */
          ip: string | null;
          /** @description The `User-Agent` of the login, cut to 512 characters. */
          user_agent: string | null;
          /** @description Whether this is the session of the access token in the request. */
          current: boolean;
        })[];
    };
    /**
     * Setting
     * @description A live setting.
     */
    Setting: {
      /** @description The name of the setting. */
      name: string;
      /** @description The value in effect. */
      value: number | boolean;
      /** @description The value after a reset: from the environment, or the default of this version. */
      default: number | boolean;
      /** @description The source of `value`. */
      source: "default" | "environment" | "database";
      /** @description The type of the value. */
      type: "integer" | "boolean";
      /** @description The unit of the value; null if it has none. */
      unit: ("seconds" | "days" | "characters") | null;
      /** @description The minimum of an integer; null for a boolean. */
      minimum: number | null;
      /** @description The maximum of an integer; null for a boolean. */
      maximum: number | null;
      /** @description The group that the setting belongs to. */
      group: string;
      /** @description What the setting does. */
      description: string;
      /** @description The number of the change that set the stored value; 0 if no value is stored. */
      version: number;
      /** @description When the stored value was set. UTC. */
      updated_at: string | null;
      /** @description Who set the stored value: `user:<id>` or `cli:<name>`. */
      updated_by: string | null;
      /** @description Why the stored value is ignored; null if it is in effect, or if no value is stored. */
      ignored: string | null;
    };
    /**
     * SettingHistory
     * @description A page of changes of a setting, newest first.
     */
    SettingHistory: {
      changes: ({
          /** @description The number of the change. It increases with every change of any setting. */
          version: number;
          /** @description The new value; null for a reset to the default. */
          value: number | boolean | null;
          /**
           * Format: date-time
           * @description When the setting was changed. UTC.
           */
          changed_at: string;
          /** @description Who changed the setting: `user:<id>` or `cli:<name>`. */
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
      /** @description The number of the latest change to any setting; 0 if there was none. */
      version: number;
      settings: ({
          /** @description The name of the setting. */
          name: string;
          /** @description The value in effect. */
          value: number | boolean;
          /** @description The value after a reset: from the environment, or the default of this version. */
          default: number | boolean;
          /** @description The source of `value`. */
          source: "default" | "environment" | "database";
          /** @description The type of the value. */
          type: "integer" | "boolean";
          /** @description The unit of the value; null if it has none. */
          unit: ("seconds" | "days" | "characters") | null;
          /** @description The minimum of an integer; null for a boolean. */
          minimum: number | null;
          /** @description The maximum of an integer; null for a boolean. */
          maximum: number | null;
          /** @description The group that the setting belongs to. */
          group: string;
          /** @description What the setting does. */
          description: string;
          /** @description The number of the change that set the stored value; 0 if no value is stored. */
          version: number;
          /** @description When the stored value was set. UTC. */
          updated_at: string | null;
          /** @description Who set the stored value: `user:<id>` or `cli:<name>`. */
          updated_by: string | null;
          /** @description Why the stored value is ignored; null if it is in effect, or if no value is stored. */
          ignored: string | null;
        })[];
    };
    /**
     * SignInRequest
     * @description A sign-in that waits for its code.
     */
    SignInRequest: {
      /** @description Keep it on this device, and send it with the code that the user types in. */
      sign_in_token: string;
      /** @description How long the code and the link are valid, in seconds. */
      expires_in: number;
    };
    /**
     * SignInRequestBody
     * @description The e-mail address of an account.
     */
    SignInRequestBody: {
      /** @description An e-mail address of at most 254 characters. Surrounding white space is removed and letter case is ignored. The part before the @ must be ASCII; an international domain is converted to its IDNA (`xn--`) form. */
      email: string;
    };
    /**
     * SigningKeyList
     * @description All signing keys, oldest first.
     */
    SigningKeyList: {
      keys: ({
          /** @description The id of the key, in the header of the tokens that it signs. */
          kid: string;
          /** @description The JWS algorithm of the key. */
          alg: string;
          /**
           * @description `active`: signs tokens. `next`: is published and will sign after the next rotation. `retired`: no longer signs, but verifies until its last token has expired.
           * @enum {string}
           */
          state: "next" | "active" | "retired";
          /**
           * Format: date-time
           * @description When the key was created and published. UTC.
           */
          created_at: string;
          /** @description When the key became active. UTC. */
          activated_at: string | null;
          /** @description When the key was retired. UTC. */
          retired_at: string | null;
          /** @description For a retired key, when its last token expires and it will be removed. UTC. */
          expires_at: string | null;
        })[];
    };
    /**
     * TokenPair
     * @description An access token and the refresh token that goes with it.
     */
    TokenPair: {
      /** @description A JWT to send as `Authorization: Bearer`. Valid for 30 seconds by default (the live setting `ACCESS_TOKEN_LIFETIME`). */
      access_token: string;
      /**
       * Format: uuid
       * @description A UUID that can be exchanged once for the next token pair. Valid for 30 days by default (the live setting `REFRESH_TOKEN_LIFETIME`).
       */
      refresh_token: string;
    };
    /**
     * UndoEmailChangeBody
     * @description The token from the mail.
     */
    UndoEmailChangeBody: {
      /** @description The token from the mail: the part of the link after `token=`. */
      token: string;
    };
    /**
     * UpdateMeBody
     * @description The fields to change. Omitted fields keep their value.
     */
    UpdateMeBody: {
      /** @description An e-mail address of at most 254 characters. Surrounding white space is removed and letter case is ignored. The part before the @ must be ASCII; an international domain is converted to its IDNA (`xn--`) form. */
      email?: string;
      /** @description A new password of 8 (the live setting `PASSWORD_MIN_LENGTH`) to 256 characters and at most 1024 bytes. All characters except NUL are allowed; the password is normalized to Unicode NFC, and never trimmed or truncated. */
      password?: string;
      /** @description A display name of at most 150 characters. It need not be unique, and is included in access tokens. */
      username?: string;
      /** @description The password, exactly as it was set. */
      current_password?: string;
    };
    /**
     * UpdateRoleBody
     * @description The new description and permissions of the role.
     */
    UpdateRoleBody: {
      /** @description What the role is for; at most 500 characters. */
      description: string;
      /** @description The permissions that the role grants: those of Latchkey, and any that your applications check. */
      permissions: string[];
    };
    /**
     * UpdateUserBody
     * @description The fields to change. Omitted fields keep their value. `roles` replaces all roles, and also requires the permission `roles:write`.
     */
    UpdateUserBody: {
      /** @description An e-mail address of at most 254 characters. Surrounding white space is removed and letter case is ignored. The part before the @ must be ASCII; an international domain is converted to its IDNA (`xn--`) form. */
      email?: string;
      /** @description A display name of at most 150 characters. It need not be unique, and is included in access tokens. */
      username?: string;
      /** @description The names of the roles of the account. */
      roles?: string[];
    };
    /**
     * User
     * @description An account, as operators see it.
     */
    User: {
      /** @description Unique; never reused, even after the account is deleted. */
      id: number;
      /** @description The display name; empty until it is set. */
      username: string;
      /** @description The e-mail address in its canonical form. */
      email: string;
      /** @description Whether the owner of the account has verified the e-mail address. */
      email_verified: boolean;
      /** @description The address that the account gets when the link that was mailed to it is used. */
      pending_email: string | null;
      /** @description The names of the roles of the account. */
      roles: string[];
      disabled_at: string | null;
      /** @description The reason, as entered by the operator who disabled the account. Null while the account is disabled only because its owner is leaving. */
      disabled_reason: string | null;
      /** @description Until then a login of the owner restores the account, unless an operator has disabled it. */
      deletion_due_at: string | null;
      /**
       * Format: date-time
       * @description When the account was created. In UTC.
       */
      created_at: string;
      /**
       * Format: date-time
       * @description When the account was last changed. In UTC.
       */
      updated_at: string;
      /** @description Whether the account has a password to log in with. */
      has_password: boolean;
    };
    /**
     * UserList
     * @description A page of accounts, ordered by id.
     */
    UserList: {
      users: ({
          /** @description Unique; never reused, even after the account is deleted. */
          id: number;
          /** @description The display name; empty until it is set. */
          username: string;
          /** @description The e-mail address in its canonical form. */
          email: string;
          /** @description Whether the owner of the account has verified the e-mail address. */
          email_verified: boolean;
          /** @description The address that the account gets when the link that was mailed to it is used. */
          pending_email: string | null;
          /** @description The names of the roles of the account. */
          roles: string[];
          disabled_at: string | null;
          /** @description The reason, as entered by the operator who disabled the account. Null while the account is disabled only because its owner is leaving. */
          disabled_reason: string | null;
          /** @description Until then a login of the owner restores the account, unless an operator has disabled it. */
          deletion_due_at: string | null;
          /**
           * Format: date-time
           * @description When the account was created. In UTC.
           */
          created_at: string;
          /**
           * Format: date-time
           * @description When the account was last changed. In UTC.
           */
          updated_at: string;
          /** @description Whether the account has a password to log in with. */
          has_password: boolean;
        })[];
      /** @description Pass it as `cursor` to read the next page. `null` on the last page. */
      next_cursor: string | null;
    };
    /**
     * UserSessionList
     * @description The active sessions of an account, most recently refreshed first, at most 100.
     */
    UserSessionList: {
      sessions: ({
          /** @description The id of a session: the `sid` claim of its access tokens. */
          id: string;
          /**
           * Format: date-time
           * @description When the login started the session. In UTC.
           */
          created_at: string;
          /**
           * Format: date-time
           * @description When the session was last refreshed. In UTC.
           */
          refreshed_at: string;
          /**
           * Format: date-time
           * @description When the session ends unless it is refreshed before. In UTC.
           */
          expires_at: string;
          /** @description The IP address of the login. */
          ip: string | null;
          /** @description The `User-Agent` of the login, cut to 512 characters. */
          user_agent: string | null;
        })[];
    };
    /**
     * VerifyEmailBody
     * @description The token from the mail, and the password of the account.
     */
    VerifyEmailBody: {
      /** @description The token from the mail: the part of the link after `token=`. */
      token: string;
      /** @description The password, exactly as it was set. */
      current_password?: string;
    };
    /**
     * VerifySignInBody
     * @description Either `sign_in_token` and `code`, or `token`.
     */
    VerifySignInBody: {
      /** @description The `sign_in_token` that this device got from `POST /api/login/email/`. */
      sign_in_token?: string;
      /** @description The code in the mail: six digits. A space or hyphen in the middle is ignored. */
      code?: string;
      /** @description The token in the link of the mail: its query parameter `token`. */
      token?: string;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: {
    /**
     * @description Identifies this request in the log of the service.
     * @example k3v9x2c1q-1a
     */
    "X-Request-Id": string;
    /**
     * @description The response must not be stored: responses contain credentials and personal data.
     * @example no-store
     */
    "Cache-Control": "no-store";
    /**
     * @description The authentication scheme and, where credentials were sent, the error (RFC 6750).
     * @example Bearer realm="latchkey", error="invalid_token"
     */
    "WWW-Authenticate": string;
    /**
     * @description The number of seconds to wait before the next attempt.
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
   * Get the public keys
   * @description Returns the JSON Web Key Set (RFC 7517) for verifying access tokens: the active key, the next key, and retired keys whose tokens have not all expired. A key is published for `KEY_LEAD_TIME` (2 hours by default) before it starts to sign. The media type is `application/jwk-set+json` if `Accept` names only that type, otherwise `application/json`. For what a verifier must check, see docs/verify-tokens.md.
   */
  getKeySet: {
    parameters: {
      header?: {
        /** @description The `ETag` of the cached response. */
        "if-none-match"?: string;
      };
    };
    responses: {
      /** @description The public keys. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          /** @description How long the response may be cached. */
          "Cache-Control"?: "public, max-age=300";
          /** @description Identifies this version of the response, for `If-None-Match`. */
          ETag?: string;
        };
        content: {
          "application/json": components["schemas"]["KeySet"];
        };
      };
      /** @description The cached response is up to date. */
      304: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          /** @description How long the response may be cached. */
          "Cache-Control"?: "public, max-age=300";
          /** @description Identifies this version of the response, for `If-None-Match`. */
          ETag?: string;
        };
        content: never;
      };
      /**
       * @description Bad Request.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
   * Discover the issuer (RFC 8414)
   * @description Returns the same document as `/.well-known/openid-configuration`.
   */
  getAuthorizationServerMetadata: {
    parameters: {
      header?: {
        /** @description The `ETag` of the cached response. */
        "if-none-match"?: string;
      };
    };
    responses: {
      /** @description The metadata. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          /** @description How long the response may be cached. */
          "Cache-Control"?: "public, max-age=3600";
          /** @description Identifies this version of the response, for `If-None-Match`. */
          ETag?: string;
        };
        content: {
          "application/json": components["schemas"]["Metadata"];
        };
      };
      /** @description The cached response is up to date. */
      304: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          /** @description How long the response may be cached. */
          "Cache-Control"?: "public, max-age=3600";
          /** @description Identifies this version of the response, for `If-None-Match`. */
          ETag?: string;
        };
        content: never;
      };
      /**
       * @description Bad Request.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
   * Discover the issuer (OpenID Connect)
   * @description Returns the issuer and the URL of the key set, for verifiers that are configured with the issuer alone. Latchkey is not an OpenID provider: it has no authorization endpoint and issues no ID tokens. Set `ISSUER` to the public URL of the service; otherwise the URLs in this document work only on the same machine.
   */
  getOpenidConfiguration: {
    parameters: {
      header?: {
        /** @description The `ETag` of the cached response. */
        "if-none-match"?: string;
      };
    };
    responses: {
      /** @description The metadata. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          /** @description How long the response may be cached. */
          "Cache-Control"?: "public, max-age=3600";
          /** @description Identifies this version of the response, for `If-None-Match`. */
          ETag?: string;
        };
        content: {
          "application/json": components["schemas"]["Metadata"];
        };
      };
      /** @description The cached response is up to date. */
      304: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          /** @description How long the response may be cached. */
          "Cache-Control"?: "public, max-age=3600";
          /** @description Identifies this version of the response, for `If-None-Match`. */
          ETag?: string;
        };
        content: never;
      };
      /**
       * @description Bad Request.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
   * @description Returns audit events, newest first. An event must match all filters. Events are recorded in the transaction of the action and contain no password, token or e-mail address. Requires the permission `audit:read`.
   */
  listEvents: {
    parameters: {
      query?: {
        /** @description Only events with this name. */
        event?: "user.registered" | "user.created" | "user.updated" | "user.password_changed" | "user.password_reset" | "user.password_reset_requested" | "user.password_recovered" | "user.email_changed" | "user.email_change_requested" | "user.email_change_undone" | "user.email_verified" | "user.email_disowned" | "user.disabled" | "user.enabled" | "user.deletion_requested" | "user.deletion_cancelled" | "user.deleted" | "user.exported" | "user.roles_changed" | "users.imported" | "users.exported" | "login.succeeded" | "login.failed" | "login.email_requested" | "session.logged_out" | "session.ended" | "sessions.ended" | "session.refresh_token_reused" | "setting.changed" | "setting.reset" | "setting.rolled_back" | "role.created" | "role.changed" | "role.deleted" | "signing_key.rotated" | "signing_key.retired" | "mail.resent";
        /** @description Only events with this user as actor or target. */
        user_id?: string;
        /** @description Only events with a target of this type. */
        target_type?: "user" | "session" | "setting" | "role" | "signing_key" | "mail";
        /** @description Only events with this target id. Combine it with `target_type`. */
        target_id?: string;
        /** @description Only events at or after this time. */
        from?: string;
        /** @description Only events before this time. */
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
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * List the running instances
   * @description Returns the instances that were seen within the last 30 seconds, oldest first, each with the latest setting change that it has applied. A change is in effect everywhere when all instances are `current`. Requires the permission `settings:read`.
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
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Returns all signing keys, oldest first, without the key material. For the public keys, see `/.well-known/jwks.json`. Requires the permission `keys:read`.
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
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Makes the next key the active one, and creates and publishes a new next key. Tokens signed with the previous key stay valid until they expire. Requires the permission `keys:write`.
   */
  rotateKeys: {
    /** @description Options of the rotation. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["RotateKeysBody"];
      };
    };
    responses: {
      /** @description The signing keys after the rotation. */
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
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `key_too_young`: The next signing key was published too recently, so some verifiers may not know it yet. Try again later.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Deletes a key, which invalidates every access token that it has signed. If it was the active key, the next key becomes active. Use this for a key that may be compromised. Other instances apply the change within seconds; other verifiers apply it when they fetch the key set again. Requires the permission `keys:write`.
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
      /** @description The remaining signing keys. */
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
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `key_not_found`: No signing key has this `kid`. List the signing keys again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * List mails
   * @description Lists the mails of the outbox, newest first: those that wait, those that were sent in the last 7 days, and those that were given up in the last 30 days. What a mail says is never returned. A mail must match all filters. Requires the permission `mails:read`.
   */
  listMails: {
    parameters: {
      query?: {
        /** @description Only mails in this state. */
        state?: "waiting" | "sent" | "dead";
        /** @description Only mails of this kind. */
        kind?: "verify_email" | "reset_password" | "confirm_email_change" | "undo_email_change" | "sign_in" | "password_changed" | "email_changed" | "new_sign_in" | "refresh_token_reused" | "deletion_scheduled" | "account_deleted";
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
      /** @description A page of mails. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["MailList"];
        };
      };
      /**
       * @description Bad Request.
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * Send a mail again
   * @description Sends a mail that was given up or waits for its next attempt. It is sent within seconds, and tried as often as a new mail. A mail that was sent, is being sent, or has expired is refused. Requires the permission `mails:write`.
   */
  resendMail: {
    parameters: {
      path: {
        /**
         * @description The id of a mail.
         * @example 1
         */
        id: string;
      };
    };
    responses: {
      /** @description The mail, which waits to be sent. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["Mail"];
        };
      };
      /**
       * @description Bad Request.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `mail_not_found`: No mail has this id. List the mails again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `mail_not_sendable`: The mail has been sent, is being sent at the moment, or has expired. List the mails again; if it has expired, cause a new one.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Lists all roles, and the permissions that Latchkey itself checks. Requires the permission `roles:read`.
   */
  listRoles: {
    responses: {
      /** @description All roles. */
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
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * Create a role
   * @description Creates a role. You cannot give it permissions that you do not have, unless you have every permission of Latchkey itself: then you can give it any. Requires the permission `roles:write`.
   */
  createRole: {
    /** @description The role to create. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["CreateRoleBody"];
      };
    };
    responses: {
      /** @description The new role. */
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
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `role_exists`: A role with this name already exists. Choose another name.
       * - `role_being_removed`: A role with this name was deleted and is still being removed from its holders. Try again later.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * Update a role
   * @description Replaces the description and the permissions of a role. The administrative operations apply the change at once, your applications from the next access token. You cannot add or remove permissions that you do not have. Requires the permission `roles:write`.
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
    /** @description The new description and permissions of the role. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["UpdateRoleBody"];
      };
    };
    responses: {
      /** @description The updated role. */
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
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `role_not_found`: No role has this name. List the roles again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `role_built_in`: This role is built in and can be neither changed nor deleted. Create another role instead.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Deletes a role and takes it away from all accounts. You cannot delete a role with permissions that you do not have. Requires the permission `roles:write`.
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
      /** @description The role is deleted. */
      204: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: never;
      };
      /**
       * @description Bad Request.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `role_not_found`: No role has this name. List the roles again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `role_built_in`: This role is built in and can be neither changed nor deleted. Create another role instead.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Returns every live setting with its value, the source of the value, and its bounds, read from the database. If the stored value is not valid in this version, `ignored` says why, and the last valid value stays in effect. Requires the permission `settings:read`.
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
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Returns one live setting, read from the database. Requires the permission `settings:read`.
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
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `setting_not_found`: No live setting has this name. List the settings again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Changes a live setting. The change is in effect on this instance when the response is sent, and on every instance within 5 seconds, usually within milliseconds. `version` must be the current version of the setting: of two concurrent changes to the same version, the second returns 409. Requires the permission `settings:write`.
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
    /** @description A new value for a setting. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["ChangeSettingBody"];
      };
    };
    responses: {
      /** @description The changed setting. */
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
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `setting_not_found`: No live setting has this name. List the settings again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `setting_changed`: The setting has been changed since you read it. Read it again before you change it.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Resets a live setting to its default: the value from the environment, or the default of this version. `version` must be the current version of the setting, and the reset takes effect like a change. Requires the permission `settings:write`.
   */
  resetSetting: {
    parameters: {
      query: {
        /**
         * @description The current `version` of the setting, as returned by a read; 0 if it has never been changed or was reset.
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
      /** @description The setting with its default value. */
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
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `setting_not_found`: No live setting has this name. List the settings again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `setting_changed`: The setting has been changed since you read it. Read it again before you change it.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Returns every change of the setting, newest first: the new value, when it was set, and by whom. Changes are kept forever, and the setting can be rolled back to any of them. Requires the permission `settings:read`.
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
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `setting_not_found`: No live setting has this name. List the settings again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Restores the value that a live setting had after one of its changes. The rollback is recorded as a new change. `version` must be the current version of the setting, and the rollback takes effect like a change. Requires the permission `settings:write`.
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
    /** @description The change to roll back to. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["RollBackSettingBody"];
      };
    };
    responses: {
      /** @description The setting with the restored value. */
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
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `setting_not_found`: No live setting has this name. List the settings again.
       * - `setting_version_not_found`: This setting has no change with this number. Read its history again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `setting_changed`: The setting has been changed since you read it. Read it again before you change it.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * Create the first administrator
   * @description Creates an account with the role `admin`, if no account has that role yet. The token is in the link that the service prints when it starts on its embedded database without an administrator; the token is valid until that process ends. In all other cases every token gets a 403: create the first administrator with `latchkey users create --role admin`.
   */
  createFirstAdmin: {
    /** @description The setup token, and the e-mail address and password of the new account. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["CreateFirstAdminBody"];
      };
    };
    responses: {
      /** @description The first administrator, who can now log in. */
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
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `setup_closed`: The first administrator cannot be created here, or the setup token is wrong. Use the link that the service printed at its last start, or log in as an administrator.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `email_taken`: An account with this e-mail address already exists. Log in, or use another address.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
       * - `overloaded`: The service is too busy to check passwords at the moment, and has changed nothing. Try again shortly.
       * - `handler_timeout`: The request took too long and was abandoned, and a change may or may not have taken effect. Try again shortly.
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
   * @description Lists accounts, ordered by id. Filters are combined with AND. `email` matches the beginning of the address, ignoring case; there are no wildcards. Requires the permission `users:read`.
   */
  listUsers: {
    parameters: {
      query?: {
        /** @description The beginning of the e-mail address. */
        email?: string;
        /** @description A role that the accounts have. */
        role?: string;
        /** @description `true` for disabled accounts only, `false` for all others. */
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
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * Create an account
   * @description Creates an account with a random password. Only this response contains the password. You cannot grant a role with permissions that you do not have. Requires the permission `users:write`.
   */
  createUser: {
    /** @description The account to create. `roles` also requires the permission `roles:write`. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["CreateUserBody"];
      };
    };
    responses: {
      /** @description The new account and its temporary password. */
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
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `email_taken`: An account with this e-mail address already exists. Log in, or use another address.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
       * - `overloaded`: The service is too busy to check passwords at the moment, and has changed nothing. Try again shortly.
       * - `handler_timeout`: The request took too long and was abandoned, and a change may or may not have taken effect. Try again shortly.
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
   * Get an account
   * @description Returns one account. Requires the permission `users:read`.
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
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `user_not_found`: No account has this id. List the accounts again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * Update an account
   * @description Changes the e-mail address, username or roles of an account; omitted fields keep their value. A new address ends all sessions of the account, and is not verified until its owner follows the link that is mailed to it. The administrative operations apply new roles at once, your applications from the next access token. You cannot grant permissions that you do not have, or change an account that has such permissions. To change your own address, use `PUT /api/me/`. Requires the permission `users:write`.
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
    /** @description The fields to change. Omitted fields keep their value. `roles` replaces all roles, and also requires the permission `roles:write`. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["UpdateUserBody"];
      };
    };
    responses: {
      /** @description The updated account. */
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
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `user_not_found`: No account has this id. List the accounts again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `email_taken`: An account with this e-mail address already exists. Log in, or use another address.
       * - `last_admin`: This account is the last one with the role `admin`, so it can be neither demoted, disabled nor deleted. Give the role to another account first.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Permanently deletes an account, all its sessions, and its personal data in the audit log. To delete your own account, use `DELETE /api/me/`. Requires the permission `users:write`.
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
      /** @description The account is deleted. */
      204: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: never;
      };
      /**
       * @description Bad Request.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `user_not_found`: No account has this id. List the accounts again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `last_admin`: This account is the last one with the role `admin`, so it can be neither demoted, disabled nor deleted. Give the role to another account first.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Ends all sessions of an account and blocks its logins until the account is enabled again. Access tokens that were already issued can read, but not change anything, until they expire. You cannot disable your own account. Requires the permission `users:write`.
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
    /** @description The reason for disabling the account. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["DisableUserBody"];
      };
    };
    responses: {
      /** @description The disabled account. */
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
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `user_not_found`: No account has this id. List the accounts again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `last_admin`: This account is the last one with the role `admin`, so it can be neither demoted, disabled nor deleted. Give the role to another account first.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Allows a disabled account to log in again. Its ended sessions stay ended. Has no effect on an account that is not disabled. Requires the permission `users:write`.
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
    /** @description The reason for enabling the account. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["EnableUserBody"];
      };
    };
    responses: {
      /** @description The enabled account. */
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
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `user_not_found`: No account has this id. List the accounts again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Replaces the password of an account with a random one and ends all its sessions. Only this response contains the new password. To change your own password, use `PUT /api/me/`. Requires the permission `users:write`.
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
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `user_not_found`: No account has this id. List the accounts again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
       * - `overloaded`: The service is too busy to check passwords at the moment, and has changed nothing. Try again shortly.
       * - `handler_timeout`: The request took too long and was abandoned, and a change may or may not have taken effect. Try again shortly.
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
   * Send a reset link
   * @description Sends the owner of an account a mail with a link that sets a new password. Until they use it, the account stays as it is. To lock out a person who knows the password, use `POST /api/admin/users/{id}/reset-password/`. Requires the permission `users:write`.
   */
  sendResetLink: {
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
      /** @description The mail is stored, and is sent within seconds if the mail server is available. */
      204: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: never;
      };
      /**
       * @description Bad Request.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `user_not_found`: No account has this id. List the accounts again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `account_disabled`: This account is disabled. Enable it first.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `mail_unavailable`: This service cannot send e-mail. Ask the operator.
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * List the sessions of an account
   * @description Lists the active sessions of an account, most recently refreshed first, at most 100. Requires the permission `users:read`.
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
      /** @description The active sessions. */
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
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `user_not_found`: No account has this id. List the accounts again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Permanently ends all sessions of an account. Their access tokens can read, but not change anything, until they expire. Requires the permission `users:write`.
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
      /** @description All sessions of the account have ended; none of its refresh tokens is valid. */
      204: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: never;
      };
      /**
       * @description Bad Request.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `user_not_found`: No account has this id. List the accounts again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Permanently ends one session of an account. Its access tokens can read, but not change anything, until they expire. Requires the permission `users:write`.
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
         * @description The id of a session: the `sid` claim of its access tokens.
         * @example 967568594287
         */
        session_id: string;
      };
    };
    responses: {
      /** @description The session has ended; none of its refresh tokens is valid. */
      204: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: never;
      };
      /**
       * @description Bad Request.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `forbidden`: The account does not have the permissions that this operation requires. Ask an operator for a role that grants them.
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
       * - `user_not_found`: No account has this id. List the accounts again.
       * - `session_not_found`: This account has no active session with this id. List its sessions again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * Confirm a new e-mail address
   * @description Completes a change of the e-mail address that `PUT /api/me/` has begun while the live setting `REQUIRE_VERIFIED_EMAIL` is on. The new address is verified, and all sessions of the account end. The old address gets a mail with a link that undoes the change.
   */
  confirmEmailChange: {
    /** @description The token from the mail. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["ConfirmEmailChangeBody"];
      };
    };
    responses: {
      /** @description The account has the new address. */
      204: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: never;
      };
      /**
       * @description Bad Request.
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `invalid_email_token`: The link or code is not valid: it has expired, has been used, or was replaced by a newer one. Request a new one.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `email_taken`: An account with this e-mail address already exists. Log in, or use another address.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * Undo a change of the e-mail address
   * @description Gives an account the address back that it had before a change, within 72 hours (the live setting `EMAIL_CHANGE_UNDO_LIFETIME`). The person who changed the address loses access: all sessions end, the password is removed, and later changes of the address are invalid. The address gets a mail with a link that sets a new password.
   */
  undoEmailChange: {
    /** @description The token from the mail. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["UndoEmailChangeBody"];
      };
    };
    responses: {
      /** @description The account has its old address again, and a mail to set a new password is on its way. */
      204: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: never;
      };
      /**
       * @description Bad Request.
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `invalid_email_token`: The link or code is not valid: it has expired, has been used, or was replaced by a newer one. Request a new one.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `email_taken`: An account with this e-mail address already exists. Log in, or use another address.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * Verify an e-mail address
   * @description Verifies the address of an account. Access tokens that are issued from then on contain `"email_verified": true`. A token works once. If your page asks for the password and sends `current_password`, it must be right, and wrong ones count like failed logins: somebody who gets the mail because a stranger registered their address then cannot confirm the account by mistake. Offer them `POST /api/email/verify/disown/`.
   */
  verifyEmail: {
    /** @description The token from the mail, and the password of the account. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["VerifyEmailBody"];
      };
    };
    responses: {
      /** @description The address is verified. */
      204: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: never;
      };
      /**
       * @description Bad Request.
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `invalid_email_token`: The link or code is not valid: it has expired, has been used, or was replaced by a newer one. Request a new one.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `current_password_wrong`: `current_password` is not the password of this account. Check it and try again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `too_many_attempts`: Too many wrong passwords have been entered in a row. Try again after the number of seconds in `Retry-After`.
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
       * - `overloaded`: The service is too busy to check passwords at the moment, and has changed nothing. Try again shortly.
       * - `handler_timeout`: The request took too long and was abandoned, and a change may or may not have taken effect. Try again shortly.
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
   * Disown an account
   * @description For the owner of an address who did not create the account that has it. Takes the token of the mail that asks to verify the address. Removes the password and ends all sessions, so that whoever created the account can no longer use it. The address stays unverified; its owner can take the account over with `POST /api/password/forgot/`.
   */
  disownAccount: {
    /** @description The token from the mail. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["DisownAccountBody"];
      };
    };
    responses: {
      /** @description Nobody can log in to the account until its password is reset. */
      204: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: never;
      };
      /**
       * @description Bad Request.
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `invalid_email_token`: The link or code is not valid: it has expired, has been used, or was replaced by a newer one. Request a new one.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * Send the verification mail again
   * @description Sends another mail with a link that verifies the address of an account. The response and its time are the same whether or not an account has the address, is verified already, or has been sent too many mails (the live setting `MAILS_PER_ACCOUNT_PER_HOUR`).
   */
  resendVerification: {
    /** @description The e-mail address of an account. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["ResendVerificationBody"];
      };
    };
    responses: {
      /** @description The request is stored. */
      202: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["Accepted"];
        };
      };
      /**
       * @description Bad Request.
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `mail_unavailable`: This service cannot send e-mail. Ask the operator.
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Starts a session and returns its token pair. An unknown address, a wrong password and a disabled account get the same response after the same time. While the live setting `REQUIRE_VERIFIED_EMAIL` is on, the right password of an account whose address is not verified gets a 403. After five wrong passwords in a row (the live setting `LOGIN_FAILURES_BEFORE_DELAY`) the next attempt on the account has to wait 1 second, then 2, 4 and so on; until then even the right password gets a 429.
   */
  login: {
    parameters: {
      header?: {
        /** @description For browsers, if the service is configured with `REFRESH_COOKIE=true`: the response sets the refresh token as an `HttpOnly` cookie instead of returning it in the body. Refresh and logout then need no body. The request must come from a page of the service or of an origin in `CORS_ORIGINS`. `console-cookie` is a separate cookie for the console. Without that configuration the header has no effect. */
        "x-refresh-token-mode"?: "cookie" | "console-cookie";
      };
    };
    /** @description The e-mail address and password of an account. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["LoginBody"];
      };
    };
    responses: {
      /** @description The session has started. */
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
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `invalid_credentials`: The e-mail address or the password is wrong. Check both and try again.
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
       * - `email_not_verified`: The e-mail address of this account has not been verified. Follow the link in the mail, or request a new one.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `too_many_attempts`: Too many wrong passwords have been entered in a row. Try again after the number of seconds in `Retry-After`.
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
       * - `overloaded`: The service is too busy to check passwords at the moment, and has changed nothing. Try again shortly.
       * - `handler_timeout`: The request took too long and was abandoned, and a change may or may not have taken effect. Try again shortly.
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
   * Request a sign-in by mail
   * @description Sends a mail with a link and a six-digit code, if the address belongs to an account. The response is the same if it does not. Keep the `sign_in_token` on the device that asked: `POST /api/login/email/verify/` accepts the code only together with it. Requires the live setting `SIGN_IN_BY_EMAIL`. An account gets at most five such mails per hour (the live setting `MAILS_PER_ACCOUNT_PER_HOUR`).
   */
  requestSignIn: {
    /** @description The e-mail address of an account. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["SignInRequestBody"];
      };
    };
    responses: {
      /** @description The mail is on its way, if the address belongs to an account. */
      202: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["SignInRequest"];
        };
      };
      /**
       * @description Bad Request.
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `sign_in_by_email_disabled`: Signing in by e-mail is switched off. Log in with your password.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `mail_unavailable`: This service cannot send e-mail. Ask the operator.
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * Sign in with a mail
   * @description Starts a session and returns its token pair. Send the code that the user types in with the `sign_in_token` of this device; or, in a page of your own to which `LINK_URL_SIGN_IN` leads, the `token` of the link. One `sign_in_token` allows five codes. A code or link works once, and makes all others of the account invalid. Everything that is not valid gets the same `invalid_email_token`. Signing in verifies the address; if it was not verified before, the account loses its password and its other sessions, because another person may have registered it.
   */
  verifySignIn: {
    parameters: {
      header?: {
        /** @description For browsers, if the service is configured with `REFRESH_COOKIE=true`: the response sets the refresh token as an `HttpOnly` cookie instead of returning it in the body. Refresh and logout then need no body. The request must come from a page of the service or of an origin in `CORS_ORIGINS`. `console-cookie` is a separate cookie for the console. Without that configuration the header has no effect. */
        "x-refresh-token-mode"?: "cookie" | "console-cookie";
      };
    };
    /** @description Either `sign_in_token` and `code`, or `token`. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["VerifySignInBody"];
      };
    };
    responses: {
      /** @description The session has started. */
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
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `invalid_email_token`: The link or code is not valid: it has expired, has been used, or was replaced by a newer one. Request a new one.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `sign_in_by_email_disabled`: Signing in by e-mail is switched off. Log in with your password.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Permanently ends the session of a refresh token. Any refresh token of the session works, even a used one. An unknown token, or one of a session that has ended, gets the same response (RFC 7009), so the request can be repeated safely. Access tokens of the session stay valid until they expire.
   */
  logout: {
    parameters: {
      header?: {
        /** @description For browsers, if the service is configured with `REFRESH_COOKIE=true`: the response sets the refresh token as an `HttpOnly` cookie instead of returning it in the body. Refresh and logout then need no body. The request must come from a page of the service or of an origin in `CORS_ORIGINS`. `console-cookie` is a separate cookie for the console. Without that configuration the header has no effect. */
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
      /** @description The session has ended; none of its refresh tokens is valid. */
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
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Permanently ends all sessions of your account, including the current one. Their access tokens can read, but not change anything, until they expire.
   */
  logoutEverywhere: {
    responses: {
      /** @description All sessions have ended; none of their refresh tokens is valid. */
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
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * Get my account
   * @description Returns the account that the access token was issued for.
   */
  getMe: {
    responses: {
      /** @description Your account. */
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
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * Update my account
   * @description Changes the e-mail address, password or username of your account; omitted fields keep their value. A new e-mail address or password ends all other sessions. While the live setting `REQUIRE_VERIFIED_EMAIL` is on, a new address takes effect when it is confirmed with the link that is mailed to it, and the response still shows the old one. If this service sends mail, the old address gets a link that undoes the change. It requires `current_password` while the live setting `REQUIRE_CURRENT_PASSWORD` is on. If `current_password` is sent, it must be right; wrong ones count like failed logins. The session of the access token must still be active.
   */
  updateMe: {
    /** @description The fields to change. Omitted fields keep their value. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["UpdateMeBody"];
      };
    };
    responses: {
      /** @description The updated account. */
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
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `current_password_required`: Changing the e-mail address or the password requires `current_password`. Send it with the request.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `current_password_wrong`: `current_password` is not the password of this account. Check it and try again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `email_taken`: An account with this e-mail address already exists. Log in, or use another address.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `too_many_attempts`: Too many wrong passwords have been entered in a row. Try again after the number of seconds in `Retry-After`.
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
       * - `overloaded`: The service is too busy to check passwords at the moment, and has changed nothing. Try again shortly.
       * - `handler_timeout`: The request took too long and was abandoned, and a change may or may not have taken effect. Try again shortly.
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
   * @description Permanently deletes your account and all its sessions. The e-mail address can be registered again, as a new account with a new id. If the operator has set `ACCOUNT_DELETION_GRACE`, all sessions end and the account is disabled at once, and it is deleted after that time; a login before restores it.
   */
  deleteMe: {
    /** @description The current password of your account. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["DeleteMeBody"];
      };
    };
    responses: {
      /** @description The account is deleted, or will be when the time to change your mind is over. */
      204: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: never;
      };
      /**
       * @description Bad Request.
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `current_password_wrong`: `current_password` is not the password of this account. Check it and try again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `last_admin`: This account is the last one with the role `admin`, so it can be neither demoted, disabled nor deleted. Give the role to another account first.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `too_many_attempts`: Too many wrong passwords have been entered in a row. Try again after the number of seconds in `Retry-After`.
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
       * - `overloaded`: The service is too busy to check passwords at the moment, and has changed nothing. Try again shortly.
       * - `handler_timeout`: The request took too long and was abandoned, and a change may or may not have taken effect. Try again shortly.
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
   * Get the details of my account
   * @description Returns everything about your account but its history: also whether its address is verified, an address that waits to be confirmed, and its roles.
   */
  getMyAccount: {
    responses: {
      /** @description Your account. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["AccountDetails"];
        };
      };
      /**
       * @description Bad Request.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * Export my data
   * @description Returns everything that is stored about your account as a JSON file: the account, active and ended sessions, the entries of the audit log, known devices, and the links and mails that were sent. It contains no credentials. The response is streamed and can be large. If it breaks off, the JSON is incomplete; request it again. The session of the access token must still be active. One export of an account runs at a time; another one gets a 429.
   */
  exportMyAccount: {
    responses: {
      /** @description Your data. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          /** @description Suggests a name for the file. */
          "Content-Disposition"?: string;
        };
        content: {
          "application/json": components["schemas"]["AccountExport"];
        };
      };
      /**
       * @description Bad Request.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Lists the active sessions of your account, most recently refreshed first, at most 100. `ip` and `user_agent` are those of the login. `expires_at` is when the session ends unless it is refreshed before.
   */
  listSessions: {
    responses: {
      /** @description The active sessions. */
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
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * @description Permanently ends all sessions of your account except the current one. Their access tokens can read, but not change anything, until they expire. To end the current session too, use `POST /api/logout/all/`.
   */
  endOtherSessions: {
    responses: {
      /** @description All other sessions have ended; none of their refresh tokens is valid. */
      204: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: never;
      };
      /**
       * @description Bad Request.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * End one of my sessions
   * @description Permanently ends a session of your account, which may be the current one. Its access tokens can read, but not change anything, until they expire. Any id that does not belong to an active session of your account gets a 404.
   */
  endSession: {
    parameters: {
      path: {
        /**
         * @description The id of a session: the `sid` claim of its access tokens.
         * @example 967568594287
         */
        id: string;
      };
    };
    responses: {
      /** @description The session has ended; none of its refresh tokens is valid. */
      204: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: never;
      };
      /**
       * @description Bad Request.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `session_not_found`: This account has no active session with this id. List its sessions again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * Request a password reset
   * @description Sends a mail with a link that sets a new password; it is valid for 30 minutes (the live setting `PASSWORD_RESET_LIFETIME`). The response and its time are the same whether or not an account has the address, is disabled, or has been sent too many mails (the live setting `MAILS_PER_ACCOUNT_PER_HOUR`).
   */
  forgotPassword: {
    /** @description The e-mail address of an account. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["ForgotPasswordBody"];
      };
    };
    responses: {
      /** @description The request is stored. */
      202: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["Accepted"];
        };
      };
      /**
       * @description Bad Request.
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `mail_unavailable`: This service cannot send e-mail. Ask the operator.
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * Set a new password
   * @description Sets a new password with a token from `POST /api/password/forgot/`. Ends all sessions of the account, verifies its address, and forgets wrong passwords that were entered before. A token works once; it is also invalid after a change of the password or the address. It does not log the user in.
   */
  resetForgottenPassword: {
    /** @description The token from the mail, and the new password. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["ResetForgottenPasswordBody"];
      };
    };
    responses: {
      /** @description The account has the new password. */
      204: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: never;
      };
      /**
       * @description Bad Request.
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `invalid_email_token`: The link or code is not valid: it has expired, has been used, or was replaced by a newer one. Request a new one.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
       * - `overloaded`: The service is too busy to check passwords at the moment, and has changed nothing. Try again shortly.
       * - `handler_timeout`: The request took too long and was abandoned, and a change may or may not have taken effect. Try again shortly.
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
   * Refresh a token pair
   * @description Exchanges a refresh token for a new token pair. The lifetimes of both tokens start again. A refresh token works **once**: of any number of requests with the same token exactly one succeeds.
   *
   * If a response is lost, send the request again with the same `Idempotency-Key`: it returns the same refresh token, even hours later, as long as that token has not been used. Without a key, a used token is refused within 10 seconds of its use (`refresh_token_used`). After that it ends the session (`refresh_token_reused`), because it may have been stolen.
   */
  refresh: {
    parameters: {
      header?: {
        /** @description For browsers, if the service is configured with `REFRESH_COOKIE=true`: the response sets the refresh token as an `HttpOnly` cookie instead of returning it in the body. Refresh and logout then need no body. The request must come from a page of the service or of an origin in `CORS_ORIGINS`. `console-cookie` is a separate cookie for the console. Without that configuration the header has no effect. */
        "x-refresh-token-mode"?: "cookie" | "console-cookie";
        /**
         * @description Makes the request safe to repeat. A random value, such as a UUID, for each refresh token: generate it when you receive the token, store it with the token, and send it with every attempt to use the token.
         * @example 5e1a8f0c-6d5b-4c39-9d8e-0b6f6f1f2a77
         */
        "idempotency-key"?: string;
      };
    };
    /** @description The refresh token of the most recent token pair. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["RefreshBody"];
      };
    };
    responses: {
      /** @description The new token pair. The old refresh token is no longer valid. */
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
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `refresh_token_used`: The refresh token has just been used, and its successor is valid. Use the tokens from that response.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * Register an account
   * @description Creates an account. The response contains the e-mail address in its canonical form. Registration does not log the user in. An address that is already registered gets a 409, in any letter case. While the live setting `REGISTRATION_OPEN` is off, every request gets a 403.
   */
  register: {
    /** @description The e-mail address and password of the new account. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["RegisterBody"];
      };
    };
    responses: {
      /** @description The account is created. */
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
       * - `validation_failed`: The request is not valid. See `errors` for the fields to correct.
       * - `malformed_json`: The request body is not well-formed JSON in UTF-8. Correct the body and send it again.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `registration_closed`: Registration is closed. Ask an operator for an account.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `email_taken`: An account with this e-mail address already exists. Log in, or use another address.
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
       * - `body_too_large`: The request body is larger than 16 KiB. Send a smaller one.
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
       * - `unsupported_media_type`: The request body has an unsupported type. Send it as `Content-Type: application/json`, in UTF-8 and without `Content-Encoding`.
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
       * - `rate_limited`: Too many requests have come from this address or for this session. Try again after the number of seconds in `Retry-After`.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
       * - `overloaded`: The service is too busy to check passwords at the moment, and has changed nothing. Try again shortly.
       * - `handler_timeout`: The request took too long and was abandoned, and a change may or may not have taken effect. Try again shortly.
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
   * @description Verifies the access token of a request, for `auth_request` in nginx and ForwardAuth in Traefik, which forward the headers of the original request. The check does not use the database: after a session has ended, its access token stays valid until it expires.
   */
  verifyToken: {
    responses: {
      /** @description The token is valid. */
      204: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
          /** @description The id of the user, from the `user_id` claim of the token. */
          "X-User-Id"?: number;
          /** @description The roles of the user, comma-separated and each percent-encoded. The header is empty if there are none, so that a proxy that copies it overwrites a header sent by the client. */
          "X-User-Roles"?: string;
        };
        content: never;
      };
      /**
       * @description Bad Request.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `missing_token`: This operation requires an access token. Send `Authorization: Bearer <access_token>`.
       * - `invalid_token`: The access token is malformed or expired, was not issued by this service, or its session has ended. Refresh it and try again.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
   * Check liveness
   * @description Returns 200 as long as the process runs, regardless of the database. Restart the process if it does not respond.
   */
  livez: {
    responses: {
      /** @description The process is alive. */
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
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
   * Check readiness
   * @description Returns 200 if this instance should receive traffic: the database responds and accepts writes, and the process is not shutting down. Otherwise `reason` names what is wrong: `database` (no answer), `read-only` (it accepts no writes), `keys` (none to sign with) or `draining` (the process is about to stop). A 200 with `degraded` names what does not work although the instance serves.
   */
  readyz: {
    responses: {
      /** @description The instance is ready. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["X-Request-Id"];
          "Cache-Control": components["headers"]["Cache-Control"];
        };
        content: {
          "application/json": components["schemas"]["Ready"];
        };
      };
      /**
       * @description Bad Request.
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
       * - `internal_error`: An unexpected error has occurred, and a change may or may not have taken effect. Report `request_id` to the operator if it happens again.
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
       * - `shutting_down`: This instance is shutting down. Send the request to another one.
       * - `database_unavailable`: The database is not available at the moment, and a change may or may not have taken effect. Try again shortly.
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
   * Check startup
   * @description Returns 200 as soon as the instance has started: settings and signing keys are loaded. The port is closed before that, and a start that fails ends the process with one line that says why. Unlike `/readyz` it does not ask the database.
   */
  startupz: {
    responses: {
      /** @description The instance has started. */
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
       * - `malformed_request`: The request is not well-formed HTTP. Check the client, and the proxies between it and the service.
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
       * - `request_timeout`: The request did not arrive completely within the time limit. Send it again.
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
       * - `headers_too_large`: The request line and headers are larger than 16 KiB. Send fewer or shorter headers.
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
}
