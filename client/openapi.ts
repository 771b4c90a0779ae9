// The operations of the service and their bodies, made from docs/openapi.yaml: npm run client:update.


export interface paths {
  "/api/register/": {
    /**
     * Register an account
     * @description Creates an account. Registration does not log the user in. An address that is already registered gets a 409. While the live setting `REGISTRATION_OPEN` is off, every request gets a 403.
     */
    post: operations["register"];
  };
  "/api/login/": {
    /**
     * Log in
     * @description Starts a session and returns its token pair. An unknown address, a wrong password and a disabled account get the same response after the same time. The right password of an account with a second factor gets a 401 `second_factor_required` with a `challenge` for `POST /api/login/second-factor/`, and, while the live setting `REQUIRE_VERIFIED_EMAIL` is on, that of an account whose address is not verified a 403. After five wrong passwords in a row (the live setting `LOGIN_FAILURES_BEFORE_DELAY`) the account has to wait 1 second, then 2, 4 and so on; until then even the right password gets a 429.
     */
    post: operations["login"];
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
  "/api/me/": {
    /**
     * Get my account
     * @description Returns the account that the access token was issued for.
     */
    get: operations["getMe"];
    /**
     * Update my account
     * @description Changes the e-mail address, password or username of your account; omitted fields keep their value. A new e-mail address or password ends all other sessions. If this service sends mail and your address is verified, or the live setting `REQUIRE_VERIFIED_EMAIL` is on, a new address takes effect when the link that is mailed to it is used; until then the response shows the old one. While the live setting `REQUIRE_CURRENT_PASSWORD` is on, both changes require `current_password`; if it is sent, it must be right, and wrong ones count like failed logins.
     */
    put: operations["updateMe"];
    /**
     * Delete my account
     * @description Permanently deletes your account and all its sessions. The e-mail address can be registered again, as a new account with a new id. If the operator has set `ACCOUNT_DELETION_GRACE`, all sessions end and the account is disabled at once; it is deleted after that time, and a login before restores it.
     */
    delete: operations["deleteMe"];
  };
  "/api/logout/": {
    /**
     * Log out
     * @description Permanently ends the session of a refresh token. Any refresh token of the session works, even a used one. An unknown token, or one of an ended session, gets the same response (RFC 7009), so the request can be repeated. Access tokens of the session stay valid until they expire.
     */
    post: operations["logout"];
  };
  "/api/me/account/": {
    /**
     * Get the details of my account
     * @description Returns everything about your account except its history.
     */
    get: operations["getMyAccount"];
  };
  "/api/me/export/": {
    /**
     * Export my data
     * @description Returns everything that is stored about your account, except credentials, as a JSON file. The response is streamed and can be large. If it breaks off, the JSON is incomplete; request it again. One export of an account runs at a time; another one gets a 429.
     */
    get: operations["exportMyAccount"];
  };
  "/api/me/step-up/": {
    /**
     * Prove my identity again
     * @description For `insufficient_user_authentication` (RFC 9470). Send the `current_password`; for an account with a second factor, a `code`, `recovery_code` or `passkey`. The refresh token stays the same.
     */
    post: operations["stepUp"];
  };
  "/api/logout/all/": {
    /**
     * Log out everywhere
     * @description Permanently ends all sessions of your account, including the current one.
     */
    post: operations["logoutEverywhere"];
  };
  "/api/me/sessions/": {
    /**
     * List my sessions
     * @description Lists the active sessions of your account, most recently refreshed first, at most 100.
     */
    get: operations["listSessions"];
    /**
     * End my other sessions
     * @description Permanently ends all sessions of your account except the current one. To end the current session too, use `POST /api/logout/all/`.
     */
    delete: operations["endOtherSessions"];
  };
  "/api/me/sessions/{id}/": {
    /**
     * End one of my sessions
     * @description Permanently ends a session of your account, which may be the current one. Any id that does not belong to an active session of your account gets a 404.
     */
    delete: operations["endSession"];
  };
  "/api/login/email/": {
    /**
     * Request a sign-in by e-mail
     * @description Sends an e-mail with a link and a six-digit code, if the address belongs to an account; the response is the same if it does not. Keep the `sign_in_token`: `POST /api/login/email/verify/` accepts the code only with it. Requires the live setting `SIGN_IN_BY_EMAIL`. An address gets at most five such e-mails at once, and then one every twelve minutes (the live setting `MAILS_PER_ACCOUNT_PER_HOUR`).
     */
    post: operations["requestSignIn"];
  };
  "/api/login/email/verify/": {
    /**
     * Sign in by e-mail
     * @description Starts a session and returns its token pair. Send the code that the user types in with the `sign_in_token` of this device; or, in a page of your own to which `LINK_URL_SIGN_IN` leads, the `token` of the link. One `sign_in_token` allows five codes. A code or link works once, and makes all others of the account invalid. An account with a second factor gets a 401 with a `challenge` for `POST /api/login/second-factor/`. Signing in verifies the address; if it was not verified before, the account loses its password, second factors and other sessions, because another person may have registered it.
     */
    post: operations["verifySignIn"];
  };
  "/api/login/passkey/": {
    /**
     * Log in with a passkey
     * @description Starts a session and returns its token pair. Needs neither address, password nor second factor. Whatever is wrong, the response is the same.
     */
    post: operations["logInWithPasskey"];
  };
  "/api/login/passkey/options/": {
    /**
     * Request a passkey challenge
     * @description Returns the options of `navigator.credentials.get()`: for one login, second factor or step-up within five minutes.
     */
    post: operations["createPasskeyChallenge"];
  };
  "/api/login/second-factor/": {
    /**
     * Log in with a second factor
     * @description Starts the session of a login that got `second_factor_required`, and returns its token pair. A code works once; those of 30 seconds before and after are accepted. One challenge allows five codes, and after five wrong ones in a row for an account the next has to wait.
     */
    post: operations["completeLogin"];
  };
  "/api/me/factors/": {
    /**
     * List my second factors
     * @description Lists the confirmed second factors of your account, and how many recovery codes are left.
     */
    get: operations["listFactors"];
  };
  "/api/me/factors/passkeys/": {
    /**
     * Add a passkey
     * @description Adds a passkey. It logs in without address and password, and is a second factor after a password; the first factor ends your other sessions.
     */
    post: operations["addPasskey"];
  };
  "/api/me/factors/passkeys/options/": {
    /**
     * Request passkey options
     * @description Returns the options of `navigator.credentials.create()`, for five minutes and this session. An account can have five second factors. While this service sends mail, your address must be verified.
     */
    post: operations["createPasskeyOptions"];
  };
  "/api/me/factors/recovery-codes/": {
    /**
     * Make recovery codes
     * @description Makes ten recovery codes, each of which takes the place of a second factor once, and makes all older ones invalid. Only this response contains them.
     */
    post: operations["createRecoveryCodes"];
  };
  "/api/me/factors/totp/": {
    /**
     * Add an authenticator app
     * @description Begins to add an authenticator app (TOTP, RFC 6238); confirm it with the first code. A new request replaces one that was not confirmed. An account can have five second factors. While this service sends mail, your address must be verified.
     */
    post: operations["enrolTotp"];
  };
  "/api/me/factors/totp/{id}/confirm/": {
    /**
     * Confirm an authenticator app
     * @description Confirms an authenticator app with its first code, within an hour. From then on a login asks for one. The first second factor ends your other sessions. Make recovery codes next. The code of another time gets `factor_clock_off`.
     */
    post: operations["confirmTotp"];
  };
  "/api/me/factors/{id}/": {
    /**
     * Rename a second factor
     * @description Changes what you call a second factor.
     */
    put: operations["renameFactor"];
    /**
     * Remove a second factor
     * @description Removes a second factor and ends your other sessions. Removing the last one also removes the recovery codes; a login then needs only the password.
     */
    delete: operations["removeFactor"];
  };
  "/api/password/forgot/": {
    /**
     * Request a password reset
     * @description Sends an e-mail with a link that sets a new password; it is valid for 30 minutes (the live setting `PASSWORD_RESET_LIFETIME`). The response and its time are the same whether or not an account has the address, is disabled, or has been sent too many e-mails (the live setting `MAILS_PER_ACCOUNT_PER_HOUR`).
     */
    post: operations["forgotPassword"];
  };
  "/api/password/reset/": {
    /**
     * Set a new password
     * @description Sets a new password with a token from `POST /api/password/forgot/`. Ends all sessions of the account and verifies its address. A token works once; a change of the password or the address makes it invalid. It does not log the user in.
     */
    post: operations["resetForgottenPassword"];
  };
  "/api/email/change/cancel/": {
    /**
     * Cancel a change of the e-mail address
     * @description For the owner of an address that was entered for the account of another person. Takes the token of the e-mail that asks to confirm the address. The account keeps its address, password and sessions.
     */
    post: operations["cancelEmailChange"];
  };
  "/api/email/change/confirm/": {
    /**
     * Confirm a new e-mail address
     * @description Completes a change of the e-mail address that `PUT /api/me/` has begun, verifies the new address, and ends all sessions. The password shows that the e-mail did not reach a stranger; wrong ones count like failed logins. Offer such a reader `POST /api/email/change/cancel/`. An account without a password sets one first, with `POST /api/password/forgot/`. If the old address was verified, it gets a link that undoes the change. An account that was registered with the new address meanwhile is deleted, unless it has verified it (`email_taken`).
     */
    post: operations["confirmEmailChange"];
  };
  "/api/email/change/undo/": {
    /**
     * Undo a change of the e-mail address
     * @description Gives an account the verified address back that it had before a change, within 72 hours (the live setting `EMAIL_CHANGE_UNDO_LIFETIME`). All sessions end, the password is removed, and later changes of the address are invalid. The address gets a link that sets a new password. An account that was registered with the old address meanwhile is deleted, unless it has verified it (`email_taken`).
     */
    post: operations["undoEmailChange"];
  };
  "/api/email/verify/": {
    /**
     * Verify an e-mail address
     * @description Verifies the address of an account. Access tokens that are issued from then on contain `"email_verified": true`. A token works once. If your page asks for `current_password`, it must be right, and wrong ones count like failed logins, so that no reader confirms by mistake an account that a stranger registered with their address. Offer such a reader `POST /api/email/verify/disown/`.
     */
    post: operations["verifyEmail"];
  };
  "/api/email/verify/disown/": {
    /**
     * Disown an account
     * @description For the owner of an address who did not create the account that has it. Takes the token of the e-mail that asks to verify the address, removes the password and ends all sessions. The address stays unverified; its owner can take the account over with `POST /api/password/forgot/`.
     */
    post: operations["disownAccount"];
  };
  "/api/email/verify/resend/": {
    /**
     * Send the verification e-mail again
     * @description Sends another e-mail with a link that verifies the address of an account. The response and its time are the same whether or not an account has the address, is verified already, or has been sent too many e-mails (the live setting `MAILS_PER_ACCOUNT_PER_HOUR`).
     */
    post: operations["resendVerification"];
  };
  "/.well-known/jwks.json": {
    /**
     * Get the public keys
     * @description Returns the JSON Web Key Set (RFC 7517) for verifying access tokens: the active key, the next key, and retired keys whose tokens have not all expired. A key is published for `KEY_LEAD_TIME` (2 hours by default) before it starts to sign. Its media type is `application/jwk-set+json` if `Accept` names only that. What a verifier must check is in docs/verify-tokens.md.
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
     * @description Returns the issuer and the URL of the key set, for verifiers that are configured with the issuer alone. Latchkey is not an OpenID provider and issues no ID tokens. The URLs work from elsewhere only if `ISSUER` is the public URL of the service.
     */
    get: operations["getOpenidConfiguration"];
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
     * @description Returns 200 if this instance should receive traffic. Otherwise `reason` names what is wrong: `database` (no answer), `read-only` (it accepts no writes), `keys` (none to sign with) or `draining` (the process is about to stop). A 200 with `degraded` names what does not work although the instance serves.
     */
    get: operations["readyz"];
  };
  "/startupz": {
    /**
     * Check startup
     * @description Returns 200 as soon as settings and signing keys are loaded; before that the port is closed. Unlike `/readyz` it does not ask the database.
     */
    get: operations["startupz"];
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
     * @description Ends all sessions of an account and blocks its logins until it is enabled again. You cannot disable your own account. Requires the permission `users:write`.
     */
    post: operations["disableUser"];
  };
  "/api/admin/users/{id}/enable/": {
    /**
     * Enable an account
     * @description Allows a disabled account to log in again. Its ended sessions stay ended. Requires the permission `users:write`.
     */
    post: operations["enableUser"];
  };
  "/api/admin/users/{id}/factors/": {
    /**
     * Reset a user's second factors
     * @description Removes all second factors of an account and ends its sessions. The owner gets an e-mail. First make sure that the request comes from the owner. To remove your own, use `DELETE /api/me/factors/{id}/`. Requires the permission `users:write`.
     */
    delete: operations["resetUserFactors"];
  };
  "/api/admin/users/{id}/login-delay/": {
    /**
     * Get the login delay of an account
     * @description Returns how long the account has to wait before it can log in, because wrong passwords or codes were entered for it. `unblockUser` ends the delay. Requires the permission `users:read`.
     */
    get: operations["getLoginDelay"];
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
     * @description Sends the owner of an account an e-mail with a link that sets a new password. Until it is used, the account stays as it is. To lock out a person who knows the password, use `POST /api/admin/users/{id}/reset-password/`. Requires the permission `users:write`.
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
     * @description Permanently ends all sessions of an account. Requires the permission `users:write`.
     */
    delete: operations["endUserSessions"];
  };
  "/api/admin/users/{id}/sessions/{session_id}/": {
    /**
     * End a session of an account
     * @description Permanently ends one session of an account. Requires the permission `users:write`.
     */
    delete: operations["endUserSession"];
  };
  "/api/admin/users/{id}/unblock/": {
    /**
     * Unblock an account
     * @description Forgets the wrong passwords and codes that were entered for an account, so that its next login need not wait. Does not enable a disabled account. Requires the permission `users:write`.
     */
    post: operations["unblockUser"];
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
     * @description Returns every live setting, read from the database. If a stored value is not valid in this version, `ignored` says why, and the last valid value stays in effect. Requires the permission `settings:read`.
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
     * @description Changes a live setting. The change is in effect on this instance when the response is sent, and on every instance within 5 seconds. Of two changes to the same `version`, the second returns 409. Requires the permission `settings:write`.
     */
    put: operations["changeSetting"];
    /**
     * Reset a live setting
     * @description Resets a live setting to its default: the value from the environment, or the default of this version. Takes effect like a change. Requires the permission `settings:write`.
     */
    delete: operations["resetSetting"];
  };
  "/api/admin/settings/{name}/history/": {
    /**
     * List the changes of a live setting
     * @description Returns every change of the setting, newest first. Changes are kept forever, and the setting can be rolled back to any of them. Requires the permission `settings:read`.
     */
    get: operations["listSettingChanges"];
  };
  "/api/admin/settings/{name}/rollback/": {
    /**
     * Roll a live setting back
     * @description Restores the value that a live setting had after one of its changes. This is recorded and takes effect like any other change. Requires the permission `settings:write`.
     */
    post: operations["rollBackSetting"];
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
     * @description Deletes a key, which invalidates every access token that it has signed. If it was the active key, the next key becomes active. Use this for a key that may be compromised. Other instances follow within seconds, other verifiers when they fetch the key set again. Requires the permission `keys:write`.
     */
    post: operations["retireKey"];
  };
  "/api/admin/audit/": {
    /**
     * Read the audit log
     * @description Returns audit events, newest first. An event must match all filters. Events contain no password, token or e-mail address. Requires the permission `audit:read`.
     */
    get: operations["listEvents"];
  };
  "/api/admin/mails/": {
    /**
     * List e-mails
     * @description Lists the e-mails that wait, were sent in the last 7 days, or were given up in the last 30 days, newest first, without their content. An e-mail must match all filters. Requires the permission `mails:read`.
     */
    get: operations["listMails"];
  };
  "/api/admin/mails/{id}/resend/": {
    /**
     * Send an e-mail again
     * @description Sends an e-mail that was given up or waits for its next attempt. It is tried as often as a new one. An e-mail that was sent, is being sent, or has expired is refused. Requires the permission `mails:write`.
     */
    post: operations["resendMail"];
  };
  "/api/admin/instances/": {
    /**
     * List the running instances
     * @description Returns the instances that were seen within the last 30 seconds, oldest first. A change of a setting is in effect everywhere when all are `current`. Requires the permission `settings:read`.
     */
    get: operations["listInstances"];
  };
  "/api/admin/overview/": {
    /**
     * Get the state of the service
     * @description Counts of the last 48 hours, sizes and findings, at most five seconds old. Counts of other processes follow within half a minute. Requires the permission `settings:read`.
     */
    get: operations["getOverview"];
  };
  "/api/admin/setup/": {
    /**
     * Create the first administrator
     * @description Creates an account with the role `admin`, if no account has that role yet. The token is in the link that the service prints when it starts on its embedded database without an administrator, and is valid until that process ends. In all other cases use `latchkey users create --role admin`.
     */
    post: operations["createFirstAdmin"];
  };
}

export type webhooks = Record<string, never>;

export interface components {
  schemas: {
    Accepted: {
      /** @description A sentence that you can show to the user. */
      message: string;
    };
    AccessToken: {
      access_token: string;
    };
    /** @description Everything about an account except its history. */
    AccountDetails: {
      id: components["schemas"]["AccountId"];
      /** @description The display name; empty until it is set. */
      username: string;
      /** @description The e-mail address in its canonical form. */
      email: string;
      email_verified: boolean;
      /** @description The address that the account gets when you confirm it. */
      pending_email: string | null;
      has_password: boolean;
      /** @description Whether a login asks for a second factor. */
      has_second_factor: boolean;
      roles: string[];
      /** @description The language of e-mails to you, as a BCP 47 tag. */
      locale: string | null;
      /** @description Your active sessions; at most 100 are counted. */
      sessions: number;
      /** Format: date-time */
      created_at: string;
      /** Format: date-time */
      updated_at: string;
      /**
       * Format: date-time
       * @description When the account will be deleted, because you asked for it.
       */
      deletion_due_at: string | null;
    };
    /** @description Everything that is stored about an account, except credentials. */
    AccountExport: {
      /** Format: date-time */
      exported_at: string;
      account: components["schemas"]["AccountDetails"];
      /** @description Active and ended sessions, unordered. */
      sessions: {
          [key: string]: unknown;
        }[];
      /** @description The audit log: first what you did, then what others did with the account. */
      events: ({
          /** Format: date-time */
          at: string;
          event: string;
          /**
           * @description Who acted. `anonymous`: a client that was not logged in.
           * @enum {string}
           */
          by: "you" | "operator" | "service" | "anonymous";
          session_id: string | null;
          ip: string | null;
          user_agent: string | null;
          details: {
            [key: string]: unknown;
          };
        })[];
      /** @description When devices that you logged in from were last used. */
      known_devices: {
          /** Format: date-time */
          seen_at: string;
        }[];
      /** @description Links and codes sent by e-mail, and logins that asked for a second factor. */
      email_tokens: {
          [key: string]: unknown;
        }[];
      second_factors: {
          [key: string]: unknown;
        }[];
      passkeys: {
          [key: string]: unknown;
        }[];
      recovery_codes: {
          [key: string]: unknown;
        }[];
      mails: {
          [key: string]: unknown;
        }[];
    };
    /** @description Unique; never reused, even after the account is deleted. */
    AccountId: number;
    AddPasskeyBody: {
      name?: components["schemas"]["FactorName"];
      credential: components["schemas"]["PasskeyRegistration"];
    };
    CancelEmailChangeBody: {
      token: components["schemas"]["EmailToken"];
    };
    ChangeSettingBody: {
      /** @description The new value: an integer or a boolean, depending on the setting. */
      value: unknown;
      /** @description The current `version` of the setting; 0 if it has never been changed or was reset. */
      version: number;
    };
    ConfirmEmailChangeBody: {
      token: components["schemas"]["EmailToken"];
      current_password: components["schemas"]["Password"];
    };
    ConfirmTotpBody: {
      code: components["schemas"]["TotpCode"];
    };
    CreateFirstAdminBody: {
      /** @description The part of the setup link after `#setup=`. */
      token: string;
      email: components["schemas"]["Email"];
      password: components["schemas"]["NewPassword"];
    };
    CreateRoleBody: {
      /** @description The name of the role, as it appears in access tokens. */
      name: string;
      description?: components["schemas"]["RoleDescription"];
      permissions: components["schemas"]["Permissions"];
    };
    /** @description `roles` also requires the permission `roles:write`. */
    CreateUserBody: {
      email: components["schemas"]["Email"];
      username?: components["schemas"]["Username"];
      roles?: components["schemas"]["RoleNames"];
    };
    CurrentPasswordBody: {
      /** @description Required if the account has one. */
      current_password?: components["schemas"]["Password"];
    };
    DisableUserBody: {
      reason: components["schemas"]["Reason"];
    };
    DisownAccountBody: {
      token: components["schemas"]["EmailToken"];
    };
    /** @description At most 254 characters, ASCII before the @. Surrounding white space is removed, letter case is ignored, and an international domain is converted to IDNA (`xn--`). */
    Email: string;
    /** @description The token from the e-mail: the part of the link after `token=`. */
    EmailToken: string;
    EnableUserBody: {
      reason: components["schemas"]["Reason"];
    };
    EnrolTotpBody: {
      /** @description Required if the account has one. */
      current_password?: components["schemas"]["Password"];
      name?: components["schemas"]["FactorName"];
    };
    /** @description An entry of the audit log. */
    Event: {
      /** @description Newer events have greater ids. */
      id: number;
      /** Format: date-time */
      at: string;
      event: string;
      /** @description Who performed the action. */
      actor: {
        /** @description `user`, `cli` (an operator at the command line), `system` (the service) or `anonymous` (a client that was not logged in). */
        type: string;
        /** @description Set if `type` is `user`. */
        user_id: number | null;
        /** @description The operating system account, if `type` is `cli`. */
        name: string | null;
      };
      /** @description What the action affected; null if there is no specific target. */
      target: {
        type: string;
        /** @description The id or the name of the target. */
        id: string;
      } | null;
      /** @description The session of the actor. */
      session_id: string | null;
      ip: string | null;
      /** @description At most 512 characters. */
      user_agent: string | null;
      /** @description The id of the request in the log of the service. */
      request_id: string | null;
      /** @description Depends on the event. */
      details: {
        [key: string]: unknown;
      };
    };
    EventList: {
      events: components["schemas"]["Event"][];
      next_cursor: components["schemas"]["NextCursor"];
    };
    Factor: {
      id: number;
      /**
       * @description `totp`: an authenticator app.
       * @enum {string}
       */
      type: "totp" | "passkey";
      /** @description May be empty. */
      name: string;
      /** Format: date-time */
      created_at: string;
      /** Format: date-time */
      last_used_at: string | null;
      /** @description For a passkey: whether it has a copy outside its device. */
      backed_up?: boolean;
    };
    FactorList: {
      /** @description Oldest first. */
      factors: components["schemas"]["Factor"][];
      /** @description Unused recovery codes. */
      recovery_codes_left: number;
      /**
       * Format: date-time
       * @description When your account must have a second factor; null if it has one or needs none.
       */
      required_from: string | null;
    };
    /** @description What you call the factor, such as its device; at most 100 characters. */
    FactorName: string;
    ForgotPasswordBody: {
      email: components["schemas"]["Email"];
    };
    Healthy: {
      /** @enum {string} */
      status: "ok";
    };
    /** @description A running process of the service. */
    Instance: {
      /**
       * Format: uuid
       * @description Unique for each start of the process.
       */
      id: string;
      host: string;
      version: string;
      /** Format: date-time */
      started_at: string;
      /**
       * Format: date-time
       * @description The last report of the instance, which reports about every five seconds.
       */
      seen_at: string;
      /** @description The latest setting change that the instance has applied. */
      settings_version: number;
      /** @description Whether the instance has applied the latest setting change. */
      current: boolean;
    };
    InstanceList: {
      /** @description The number of the latest change to any setting; 0 if there was none. */
      settings_version: number;
      instances: components["schemas"]["Instance"][];
    };
    KeySet: {
      keys: components["schemas"]["PublicKey"][];
    };
    LoggedOut: {
      /** @enum {string} */
      success: "User logged out.";
    };
    LoggedOutEverywhere: {
      /** @enum {string} */
      success: "User logged out everywhere.";
    };
    LoginBody: {
      email: components["schemas"]["Email"];
      password: components["schemas"]["Password"];
    };
    LoginDelay: {
      /** @description How long the next login has to wait at most. */
      seconds: number;
    };
    /** @description Any refresh token of the session. */
    LogoutBody: {
      refresh_token: components["schemas"]["RefreshToken"];
    };
    /** @description An e-mail to a user, without its content. */
    Mail: {
      /** @description Newer e-mails have greater ids. */
      id: number;
      /** @description The name of its template. */
      kind: string;
      /**
       * @description `waiting`: will be sent at `next_attempt_at`. `sent`: was accepted by the mail server. `dead`: given up.
       * @enum {string}
       */
      state: "waiting" | "sent" | "dead";
      /** @description The account that it is about, which may have been deleted since. */
      user_id: number | null;
      to: string;
      /** @description Null: the default language. */
      locale: string | null;
      /** @description How many attempts to send it have begun. */
      attempts: number;
      /** @description Usually the answer of the mail server. */
      last_error: string | null;
      /** Format: date-time */
      created_at: string;
      /**
       * Format: date-time
       * @description The earliest time of the next attempt, if it waits.
       */
      next_attempt_at: string | null;
      /** Format: date-time */
      sent_at: string | null;
      /**
       * Format: date-time
       * @description The e-mail is not sent after this time.
       */
      expires_at: string | null;
    };
    MailList: {
      mails: components["schemas"]["Mail"][];
      next_cursor: components["schemas"]["NextCursor"];
    };
    Metadata: {
      /** @description The `iss` claim of access tokens, configured with `ISSUER`. */
      issuer: string;
      jwks_uri: string;
      service_documentation: string;
    };
    /** @description A new password of 8 (the live setting `PASSWORD_MIN_LENGTH`) to 256 characters and at most 1024 bytes. All characters except NUL are allowed. It is normalized to Unicode NFC, never trimmed or truncated. */
    NewPassword: string;
    NewUser: {
      user: components["schemas"]["User"];
      /** @description Returned only in this response. The owner of the account should replace it with `PUT /api/me/`. */
      temporary_password: string;
    };
    /** @description Pass it as `cursor` to read the next page; null on the last one. */
    NextCursor: string | null;
    Overview: {
      /** Format: date-time */
      at: string;
      /** @description Oldest first. */
      hours: {
          /** Format: date-time */
          hour: string;
          logins: number;
          failed_logins: number;
          /** @description Refused with `too_many_attempts`. */
          delayed_logins: number;
          refreshes: number;
          registrations: number;
          reused_tokens: number;
        }[];
      accounts: {
        count: number;
        /** @description Above 10,000. */
        estimated: boolean;
      };
      sessions: {
        count: number;
        /** @description Above 10,000. */
        estimated: boolean;
      };
      mails: {
        waiting: number;
        overdue: number;
        dead: number;
      };
      /** @description As from `latchkey doctor`. */
      findings: ({
          check: string;
          /** @enum {string} */
          status: "ok" | "warn" | "fail";
          message: string;
        })[];
    };
    /** @description What `navigator.credentials.get()` returns, by its `toJSON()`. */
    PasskeyAssertion: {
      id: string;
      response: {
        clientDataJSON: string;
        authenticatorData: string;
        signature: string;
        userHandle?: string | null;
      };
    };
    /** @description For `PublicKeyCredential.parseCreationOptionsFromJSON()`. */
    PasskeyCreationOptions: {
      rp: {
        [key: string]: unknown;
      };
      user: {
        [key: string]: unknown;
      };
      challenge: string;
      pubKeyCredParams: {
          [key: string]: unknown;
        }[];
      timeout: number;
      excludeCredentials: {
          [key: string]: unknown;
        }[];
      authenticatorSelection: {
        [key: string]: unknown;
      };
      attestation: string;
    };
    PasskeyLoginBody: {
      credential: components["schemas"]["PasskeyAssertion"];
    };
    /** @description What `navigator.credentials.create()` returns, by its `toJSON()`. */
    PasskeyRegistration: {
      id: string;
      response: {
        clientDataJSON: string;
        attestationObject: string;
        transports?: string[];
      };
    };
    /** @description For `PublicKeyCredential.parseRequestOptionsFromJSON()`. */
    PasskeyRequestOptions: {
      challenge: string;
      rpId: string;
      timeout: number;
      userVerification: string;
    };
    /** @description The password, exactly as it was set. */
    Password: string;
    /** @description Permissions of Latchkey, and any that your applications check. */
    Permissions: string[];
    /** @description An error response (RFC 9457). */
    Problem: {
      /** @description The problem type: `urn:latchkey:problem:<code>`. */
      type: string;
      /** @description The reason phrase of the HTTP status. */
      title: string;
      status: number;
      /** @description What happened and what to do next, for people. The text may change. */
      detail: string;
      /** @description The error code, for programs. Stable. */
      code: string;
      /** @description The invalid fields, at most ten. Present with `validation_failed` only. */
      errors?: {
          /** @description A JSON Pointer to the invalid field in the body; `/headers/<name>` for a header, `/query/<name>` for a query parameter. */
          path: string;
          message: string;
        }[];
      /** @description With `second_factor_required` only: what `POST /api/login/second-factor/` needs besides a proof. Works once. */
      challenge?: string;
      /** @description Seconds for which `challenge` is valid. */
      expires_in?: number;
      /** @description With `challenge` and `max_age`: what can be sent as a proof: `password`, `totp`, `recovery_code`, `passkey`. */
      factors?: string[];
      /** @description With `insufficient_user_authentication` only: how many seconds old a proof may be. */
      max_age?: number;
      /** @description What is wrong with this instance, in one word. Present in the responses of probes only. */
      reason?: string;
      /** @description Identifies this request in the log of the service; the same as `X-Request-Id`. */
      request_id: string;
    };
    /** @description An account, as its owner sees it. */
    Profile: {
      id: components["schemas"]["AccountId"];
      /** @description The display name; empty until it is set. */
      username: string;
      /** @description The e-mail address in its canonical form. */
      email: string;
    };
    PublicKey: {
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
      /** @description The id in the header of the tokens that the key signs: its RFC 7638 thumbprint. */
      kid: string;
    };
    /** @description The instance should receive traffic. */
    Ready: {
      /** @enum {string} */
      status: "ok";
      /** @description What does not work: `settings` have not been read for a minute, so that changes do not take effect; some signing `keys` cannot be read; `overload`: passwords are not hashed. */
      degraded?: ("settings" | "keys" | "overload")[];
    };
    /** @description The reason, for the audit log; at most 500 characters. */
    Reason: string;
    /** @description A recovery code. Letter case, hyphens and spaces are ignored. */
    RecoveryCode: string;
    RecoveryCodeSet: {
      /** @description Each works once. Only this response contains them. */
      recovery_codes: string[];
    };
    /** @description The refresh token of the most recent token pair. */
    RefreshBody: {
      refresh_token: components["schemas"]["RefreshToken"];
    };
    /** @description A refresh token: an opaque UUID. */
    RefreshToken: string;
    RegisterBody: {
      email: components["schemas"]["Email"];
      password: components["schemas"]["NewPassword"];
    };
    RegisteredUser: {
      id: components["schemas"]["AccountId"];
      /** @description The e-mail address in its canonical form. */
      email: string;
    };
    RenameFactorBody: {
      name: components["schemas"]["FactorName"];
    };
    ResendVerificationBody: {
      email: components["schemas"]["Email"];
    };
    ResetForgottenPasswordBody: {
      token: components["schemas"]["EmailToken"];
      password: components["schemas"]["NewPassword"];
    };
    ResetPassword: {
      /** @description Returned only in this response. The owner of the account should replace it with `PUT /api/me/`. */
      temporary_password: string;
    };
    /** @description A named set of permissions. */
    Role: {
      /** @description The name of the role, as it appears in access tokens. */
      name: string;
      description: components["schemas"]["RoleDescription"];
      permissions: components["schemas"]["Permissions"];
      /** @description A built-in role cannot be changed or deleted. */
      built_in: boolean;
    };
    /** @description At most 500 characters. */
    RoleDescription: string;
    RoleList: {
      roles: components["schemas"]["Role"][];
      /** @description The permissions that Latchkey checks, and what each allows. */
      own_permissions: {
        [key: string]: string;
      };
    };
    /** @description Names of roles. */
    RoleNames: string[];
    RollBackSettingBody: {
      /** @description The `version` of a change in the history of the setting; 0 for the default. */
      to: number;
      /** @description The current `version` of the setting; 0 if it has never been changed or was reset. */
      version: number;
    };
    RotateKeysBody: {
      /** @description Rotate even if the next key has not been published for `KEY_LEAD_TIME`. Verifiers with a cached key set then reject its tokens until they fetch the set again. */
      now?: boolean;
    };
    /** @description The `challenge`, and one of the others. */
    SecondFactorBody: {
      /** @description The `challenge` of the `second_factor_required`. */
      challenge: string;
      code?: components["schemas"]["TotpCode"];
      recovery_code?: components["schemas"]["RecoveryCode"];
      passkey?: components["schemas"]["PasskeyAssertion"];
    };
    Session: {
      /** @description The id of a session: the `sid` claim of its access tokens. */
      id: string;
      /** Format: date-time */
      created_at: string;
      /** Format: date-time */
      refreshed_at: string;
      /**
       * Format: date-time
       * @description When the session ends unless it is refreshed before.
       */
      expires_at: string;
      /** @description The IP address of the login. */
      ip: string | null;
      /** @description The `User-Agent` of the login, cut to 512 characters. */
      user_agent: string | null;
      /** @description Whether this is the session of the access token in the request. */
      current: boolean;
    };
    SessionList: {
      sessions: components["schemas"]["Session"][];
    };
    Setting: {
      name: string;
      /** @description The value in effect. */
      value: number | boolean;
      /** @description The value after a reset. */
      default: number | boolean;
      /**
       * @description Where `value` is from.
       * @enum {string}
       */
      source: "default" | "environment" | "database";
      /** @enum {string} */
      type: "integer" | "boolean";
      /** @description Null if the value has none. */
      unit: ("seconds" | "days" | "characters") | null;
      /** @description Null for a boolean. */
      minimum: number | null;
      /** @description Null for a boolean. */
      maximum: number | null;
      group: string;
      description: string;
      /** @description The number of the change that set the stored value; 0 if no value is stored. */
      version: number;
      /**
       * Format: date-time
       * @description When the stored value was set.
       */
      updated_at: string | null;
      /** @description `user:<id>` or `cli:<name>`. */
      updated_by: string | null;
      /** @description Why a stored value is not in effect. */
      ignored: string | null;
    };
    SettingHistory: {
      changes: ({
          /** @description Increases with every change of any setting. */
          version: number;
          /** @description The new value; null for a reset to the default. */
          value: number | boolean | null;
          /** Format: date-time */
          changed_at: string;
          /** @description `user:<id>` or `cli:<name>`. */
          changed_by: string;
        })[];
      next_cursor: components["schemas"]["NextCursor"];
    };
    SettingList: {
      /** @description The number of the latest change to any setting; 0 if there was none. */
      version: number;
      settings: components["schemas"]["Setting"][];
    };
    /** @description A sign-in that waits for its code. */
    SignInRequest: {
      /** @description Keep it on this device, and send it with the code that the user types in. */
      sign_in_token: string;
      /** @description Seconds for which the code and the link are valid. */
      expires_in: number;
    };
    SignInRequestBody: {
      email: components["schemas"]["Email"];
    };
    /** @description A signing key of access tokens, without the key material. */
    SigningKey: {
      /** @description In the header of the tokens that the key signs. */
      kid: string;
      /** @description The JWS algorithm. */
      alg: string;
      /**
       * @description `active`: signs tokens. `next`: is published, and signs after the next rotation. `retired`: only verifies, until its last token has expired.
       * @enum {string}
       */
      state: "next" | "active" | "retired";
      /**
       * Format: date-time
       * @description When the key was created and published.
       */
      created_at: string;
      /** Format: date-time */
      activated_at: string | null;
      /** Format: date-time */
      retired_at: string | null;
      /**
       * Format: date-time
       * @description When the last token of a retired key expires, and the key is removed.
       */
      expires_at: string | null;
    };
    SigningKeyList: {
      keys: components["schemas"]["SigningKey"][];
    };
    StepUpBody: {
      current_password?: components["schemas"]["Password"];
      code?: components["schemas"]["TotpCode"];
      recovery_code?: components["schemas"]["RecoveryCode"];
      passkey?: components["schemas"]["PasskeyAssertion"];
    };
    TokenPair: {
      /** @description A JWT to send as `Authorization: Bearer`. Valid for 30 seconds by default (the live setting `ACCESS_TOKEN_LIFETIME`). */
      access_token: string;
      /**
       * Format: uuid
       * @description A UUID that can be exchanged once for the next token pair. Valid for 30 days by default (the live setting `REFRESH_TOKEN_LIFETIME`).
       */
      refresh_token: string;
    };
    /** @description Six digits. A space or hyphen in the middle is ignored. */
    TotpCode: string;
    /** @description An authenticator app that waits for its first code. Only this response contains the secret. */
    TotpEnrolment: {
      id: number;
      /** @enum {string} */
      type: "totp";
      name: string;
      /** @description The secret in Base32, to be typed into the app. */
      secret: string;
      /** @description The secret as an `otpauth:` URI, which opens an app on the same device. */
      uri: string;
      /** @description The URI as a QR code: an SVG document. */
      qr_svg: string;
    };
    UndoEmailChangeBody: {
      token: components["schemas"]["EmailToken"];
    };
    /** @description The fields to change. Omitted fields keep their value. */
    UpdateMeBody: {
      email?: components["schemas"]["Email"];
      password?: components["schemas"]["NewPassword"];
      username?: components["schemas"]["Username"];
      current_password?: components["schemas"]["Password"];
    };
    UpdateRoleBody: {
      description: components["schemas"]["RoleDescription"];
      permissions: components["schemas"]["Permissions"];
    };
    /** @description `roles` replaces all roles, and also requires the permission `roles:write`. */
    UpdateUserBody: {
      email?: components["schemas"]["Email"];
      username?: components["schemas"]["Username"];
      roles?: components["schemas"]["RoleNames"];
    };
    /** @description An account, as operators see it. */
    User: {
      id: components["schemas"]["AccountId"];
      /** @description The display name; empty until it is set. */
      username: string;
      /** @description The e-mail address in its canonical form. */
      email: string;
      email_verified: boolean;
      /** @description The address that the account gets when its owner confirms it. */
      pending_email: string | null;
      roles: components["schemas"]["RoleNames"];
      /** Format: date-time */
      disabled_at: string | null;
      /** @description Null while the account is disabled only because its owner is leaving. */
      disabled_reason: string | null;
      /**
       * Format: date-time
       * @description When the account will be deleted, because its owner asked for it. A login before restores it, unless an operator has disabled it.
       */
      deletion_due_at: string | null;
      /** Format: date-time */
      created_at: string;
      /** Format: date-time */
      updated_at: string;
      has_password: boolean;
      /** @description Whether a login asks for a second factor. */
      has_second_factor: boolean;
    };
    UserList: {
      users: components["schemas"]["User"][];
      next_cursor: components["schemas"]["NextCursor"];
    };
    UserSession: {
      /** @description The id of a session: the `sid` claim of its access tokens. */
      id: string;
      /** Format: date-time */
      created_at: string;
      /** Format: date-time */
      refreshed_at: string;
      /**
       * Format: date-time
       * @description When the session ends unless it is refreshed before.
       */
      expires_at: string;
      /** @description The IP address of the login. */
      ip: string | null;
      /** @description The `User-Agent` of the login, cut to 512 characters. */
      user_agent: string | null;
    };
    UserSessionList: {
      sessions: components["schemas"]["UserSession"][];
    };
    /** @description A display name of at most 150 characters, not unique. Access tokens contain it. */
    Username: string;
    VerifyEmailBody: {
      token: components["schemas"]["EmailToken"];
      current_password?: components["schemas"]["Password"];
    };
    /** @description Either `sign_in_token` and `code`, or `token`. */
    VerifySignInBody: {
      /** @description The `sign_in_token` that this device got from `POST /api/login/email/`. */
      sign_in_token?: string;
      /** @description Six digits. A space or hyphen in the middle is ignored. */
      code?: string;
      /** @description The token in the link of the e-mail: its query parameter `token`. */
      token?: string;
    };
  };
  responses: {
    /** @description Forbidden: `current_password_wrong`. */
    CurrentPasswordWrong: {
      content: {
        "application/problem+json": components["schemas"]["Problem"];
      };
    };
    /** @description Forbidden: `email_not_verified`. */
    EmailNotVerified: {
      content: {
        "application/problem+json": components["schemas"]["Problem"];
      };
    };
    /** @description Conflict: `email_taken`. */
    EmailTaken: {
      content: {
        "application/problem+json": components["schemas"]["Problem"];
      };
    };
    /** @description One of the common errors: 400 `validation_failed`, 400 `malformed_request`, 408 `request_timeout`, 431 `headers_too_large`, 400 `malformed_json`, 413 `body_too_large`, 415 `unsupported_media_type`, 401 `insufficient_user_authentication`, 403 `second_factor_enrolment_required`, 429 `rate_limited`, 500 `internal_error`, 503 `database_unavailable`, 503 `overloaded`, 503 `handler_timeout`, 503 `passkeys_unavailable`, 503 `mail_unavailable`. */
    Error: {
      content: {
        "application/problem+json": components["schemas"]["Problem"];
      };
    };
    /** @description Not Found: `factor_not_found`. */
    FactorNotFound: {
      content: {
        "application/problem+json": components["schemas"]["Problem"];
      };
    };
    /** @description Bad Request: `invalid_email_token`. */
    InvalidEmailToken: {
      content: {
        "application/problem+json": components["schemas"]["Problem"];
      };
    };
    /** @description Conflict: `last_admin`. */
    LastAdmin: {
      content: {
        "application/problem+json": components["schemas"]["Problem"];
      };
    };
    /** @description Unauthorized: `missing_token`, `invalid_token`. */
    MissingTokenOrInvalidToken: {
      headers: {
        "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
      };
      content: {
        "application/problem+json": components["schemas"]["Problem"];
      };
    };
    /** @description The cached response is up to date. */
    NotModified: {
      headers: {
        /** @description How long the response may be cached. */
        "Cache-Control"?: "public, max-age=3600";
        ETag: components["headers"]["ETag"];
      };
      content: never;
    };
    /** @description An `Error`, or 401 `missing_token`, 401 `invalid_token`, 403 `forbidden`. */
    OperatorError: {
      content: {
        "application/problem+json": components["schemas"]["Problem"];
      };
    };
    /** @description Conflict: `role_built_in`. */
    RoleBuiltIn: {
      content: {
        "application/problem+json": components["schemas"]["Problem"];
      };
    };
    /** @description Not Found: `role_not_found`. */
    RoleNotFound: {
      content: {
        "application/problem+json": components["schemas"]["Problem"];
      };
    };
    /** @description Conflict: `second_factor_missing`. */
    SecondFactorMissing: {
      content: {
        "application/problem+json": components["schemas"]["Problem"];
      };
    };
    /** @description Conflict: `setting_changed`. */
    SettingChanged: {
      content: {
        "application/problem+json": components["schemas"]["Problem"];
      };
    };
    /** @description Not Found: `setting_not_found`. */
    SettingNotFound: {
      content: {
        "application/problem+json": components["schemas"]["Problem"];
      };
    };
    /** @description Forbidden: `sign_in_by_email_disabled`. */
    SignInByEmailDisabled: {
      content: {
        "application/problem+json": components["schemas"]["Problem"];
      };
    };
    /** @description Too Many Requests: `too_many_attempts`. */
    TooManyAttempts: {
      headers: {
        "Retry-After": components["headers"]["Retry-After"];
      };
      content: {
        "application/problem+json": components["schemas"]["Problem"];
      };
    };
    /** @description Too Many Requests: `too_many_attempts`, `rate_limited`. */
    TooManyAttemptsOrRateLimited: {
      headers: {
        "Retry-After": components["headers"]["Retry-After"];
      };
      content: {
        "application/problem+json": components["schemas"]["Problem"];
      };
    };
    /** @description Conflict: `too_many_factors`. */
    TooManyFactors: {
      content: {
        "application/problem+json": components["schemas"]["Problem"];
      };
    };
    /** @description An `Error`, or 401 `missing_token`, 401 `invalid_token`. */
    UserError: {
      content: {
        "application/problem+json": components["schemas"]["Problem"];
      };
    };
    /** @description Not Found: `user_not_found`. */
    UserNotFound: {
      content: {
        "application/problem+json": components["schemas"]["Problem"];
      };
    };
    /** @description Bad Request: `validation_failed`. */
    ValidationFailed: {
      content: {
        "application/problem+json": components["schemas"]["Problem"];
      };
    };
  };
  parameters: {
    /** @description `next_cursor` of the previous page, unchanged. The filters must be the same. */
    Cursor?: string;
    /** @description The `ETag` of the cached response. */
    IfNoneMatch?: string;
    /**
     * @description Maximum number of entries, 1 to 100. Default: 50.
     * @example 50
     */
    Limit?: string;
    /**
     * @description The name of a role.
     * @example support
     */
    RolesName: string;
    /**
     * @description The name of the setting.
     * @example ACCESS_TOKEN_LIFETIME
     */
    SettingsName: string;
    /**
     * @description The id of a second factor.
     * @example 1
     */
    TotpId: string;
    /**
     * @description The id of an account.
     * @example 1
     */
    UsersId: string;
    /** @description For browsers, if the service has `REFRESH_COOKIE=true` (otherwise without effect): the response sets the refresh token as an `HttpOnly` cookie instead of returning it in the body. Refresh and logout then need no body. Only pages of the service or of an origin in `CORS_ORIGINS` may use it. `console-cookie` is for the console only. */
    XRefreshTokenMode?: "cookie" | "console-cookie";
  };
  requestBodies: {
    CurrentPasswordBody: {
      content: {
        "application/json": components["schemas"]["CurrentPasswordBody"];
      };
    };
  };
  headers: {
    /** @description How long the response may be cached. */
    "Cache-Control": "public, max-age=300";
    /** @description Identifies this version of the response, for `If-None-Match`. */
    ETag: string;
    /**
     * @description The number of seconds to wait before the next attempt.
     * @example 1
     */
    "Retry-After": number;
    /**
     * @description The authentication scheme and, where credentials were sent, the error (RFC 6750, RFC 9470).
     * @example Bearer realm="latchkey", error="invalid_token"
     */
    "WWW-Authenticate": string;
  };
  pathItems: never;
}

export type $defs = Record<string, never>;

export type external = Record<string, never>;

export interface operations {

  /**
   * Register an account
   * @description Creates an account. Registration does not log the user in. An address that is already registered gets a 409. While the live setting `REGISTRATION_OPEN` is off, every request gets a 403.
   */
  register: {
    requestBody: {
      content: {
        "application/json": components["schemas"]["RegisterBody"];
      };
    };
    responses: {
      /** @description The account is created. */
      201: {
        content: {
          "application/json": components["schemas"]["RegisteredUser"];
        };
      };
      400: components["responses"]["ValidationFailed"];
      /** @description Forbidden: `registration_closed`. */
      403: {
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      409: components["responses"]["EmailTaken"];
      default: components["responses"]["Error"];
    };
  };
  /**
   * Log in
   * @description Starts a session and returns its token pair. An unknown address, a wrong password and a disabled account get the same response after the same time. The right password of an account with a second factor gets a 401 `second_factor_required` with a `challenge` for `POST /api/login/second-factor/`, and, while the live setting `REQUIRE_VERIFIED_EMAIL` is on, that of an account whose address is not verified a 403. After five wrong passwords in a row (the live setting `LOGIN_FAILURES_BEFORE_DELAY`) the account has to wait 1 second, then 2, 4 and so on; until then even the right password gets a 429.
   */
  login: {
    parameters: {
      header?: {
        "x-refresh-token-mode"?: components["parameters"]["XRefreshTokenMode"];
      };
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["LoginBody"];
      };
    };
    responses: {
      /** @description The session has started. */
      200: {
        content: {
          "application/json": components["schemas"]["TokenPair"];
        };
      };
      400: components["responses"]["ValidationFailed"];
      /** @description Unauthorized: `invalid_credentials`, `second_factor_required`. */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      403: components["responses"]["EmailNotVerified"];
      429: components["responses"]["TooManyAttemptsOrRateLimited"];
      default: components["responses"]["Error"];
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
        "x-refresh-token-mode"?: components["parameters"]["XRefreshTokenMode"];
        /**
         * @description Makes the request safe to repeat. A random value for each refresh token, such as a UUID: generate it when you receive the token, store both together, and send it with every attempt to use the token.
         * @example 5e1a8f0c-6d5b-4c39-9d8e-0b6f6f1f2a77
         */
        "idempotency-key"?: string;
      };
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["RefreshBody"];
      };
    };
    responses: {
      /** @description The new token pair. The old refresh token is no longer valid. */
      200: {
        content: {
          "application/json": components["schemas"]["TokenPair"];
        };
      };
      400: components["responses"]["ValidationFailed"];
      /** @description Unauthorized: `invalid_refresh_token`, `refresh_token_used`, `refresh_token_reused`. */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      default: components["responses"]["Error"];
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
        content: {
          "application/json": components["schemas"]["Profile"];
        };
      };
      401: components["responses"]["MissingTokenOrInvalidToken"];
      default: components["responses"]["Error"];
    };
  };
  /**
   * Update my account
   * @description Changes the e-mail address, password or username of your account; omitted fields keep their value. A new e-mail address or password ends all other sessions. If this service sends mail and your address is verified, or the live setting `REQUIRE_VERIFIED_EMAIL` is on, a new address takes effect when the link that is mailed to it is used; until then the response shows the old one. While the live setting `REQUIRE_CURRENT_PASSWORD` is on, both changes require `current_password`; if it is sent, it must be right, and wrong ones count like failed logins.
   */
  updateMe: {
    requestBody: {
      content: {
        "application/json": components["schemas"]["UpdateMeBody"];
      };
    };
    responses: {
      /** @description The updated account. */
      200: {
        content: {
          "application/json": components["schemas"]["Profile"];
        };
      };
      /** @description Bad Request: `validation_failed`, `current_password_required`. */
      400: {
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      401: components["responses"]["MissingTokenOrInvalidToken"];
      403: components["responses"]["CurrentPasswordWrong"];
      409: components["responses"]["EmailTaken"];
      429: components["responses"]["TooManyAttemptsOrRateLimited"];
      default: components["responses"]["Error"];
    };
  };
  /**
   * Delete my account
   * @description Permanently deletes your account and all its sessions. The e-mail address can be registered again, as a new account with a new id. If the operator has set `ACCOUNT_DELETION_GRACE`, all sessions end and the account is disabled at once; it is deleted after that time, and a login before restores it.
   */
  deleteMe: {
    requestBody: components["requestBodies"]["CurrentPasswordBody"];
    responses: {
      /** @description The account is deleted, or will be after `ACCOUNT_DELETION_GRACE`. */
      204: {
        content: never;
      };
      403: components["responses"]["CurrentPasswordWrong"];
      409: components["responses"]["LastAdmin"];
      429: components["responses"]["TooManyAttempts"];
      default: components["responses"]["UserError"];
    };
  };
  /**
   * Log out
   * @description Permanently ends the session of a refresh token. Any refresh token of the session works, even a used one. An unknown token, or one of an ended session, gets the same response (RFC 7009), so the request can be repeated. Access tokens of the session stay valid until they expire.
   */
  logout: {
    parameters: {
      header?: {
        "x-refresh-token-mode"?: components["parameters"]["XRefreshTokenMode"];
      };
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["LogoutBody"];
      };
    };
    responses: {
      /** @description The session has ended; none of its refresh tokens is valid. */
      200: {
        content: {
          "application/json": components["schemas"]["LoggedOut"];
        };
      };
      400: components["responses"]["ValidationFailed"];
      default: components["responses"]["Error"];
    };
  };
  /**
   * Get the details of my account
   * @description Returns everything about your account except its history.
   */
  getMyAccount: {
    responses: {
      /** @description Your account. */
      200: {
        content: {
          "application/json": components["schemas"]["AccountDetails"];
        };
      };
      default: components["responses"]["UserError"];
    };
  };
  /**
   * Export my data
   * @description Returns everything that is stored about your account, except credentials, as a JSON file. The response is streamed and can be large. If it breaks off, the JSON is incomplete; request it again. One export of an account runs at a time; another one gets a 429.
   */
  exportMyAccount: {
    responses: {
      /** @description Your data. */
      200: {
        headers: {
          /** @description Suggests a name for the file. */
          "Content-Disposition"?: string;
        };
        content: {
          "application/json": components["schemas"]["AccountExport"];
        };
      };
      default: components["responses"]["UserError"];
    };
  };
  /**
   * Prove my identity again
   * @description For `insufficient_user_authentication` (RFC 9470). Send the `current_password`; for an account with a second factor, a `code`, `recovery_code` or `passkey`. The refresh token stays the same.
   */
  stepUp: {
    requestBody: {
      content: {
        "application/json": components["schemas"]["StepUpBody"];
      };
    };
    responses: {
      /** @description The identity is proved. */
      200: {
        content: {
          "application/json": components["schemas"]["AccessToken"];
        };
      };
      /** @description Forbidden: `current_password_wrong`, `factor_code_wrong`, `factor_passkey_refused`. */
      403: {
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      429: components["responses"]["TooManyAttempts"];
      default: components["responses"]["UserError"];
    };
  };
  /**
   * Log out everywhere
   * @description Permanently ends all sessions of your account, including the current one.
   */
  logoutEverywhere: {
    responses: {
      /** @description All sessions have ended. */
      200: {
        content: {
          "application/json": components["schemas"]["LoggedOutEverywhere"];
        };
      };
      default: components["responses"]["UserError"];
    };
  };
  /**
   * List my sessions
   * @description Lists the active sessions of your account, most recently refreshed first, at most 100.
   */
  listSessions: {
    responses: {
      /** @description The active sessions. */
      200: {
        content: {
          "application/json": components["schemas"]["SessionList"];
        };
      };
      default: components["responses"]["UserError"];
    };
  };
  /**
   * End my other sessions
   * @description Permanently ends all sessions of your account except the current one. To end the current session too, use `POST /api/logout/all/`.
   */
  endOtherSessions: {
    responses: {
      /** @description All other sessions have ended. */
      204: {
        content: never;
      };
      default: components["responses"]["UserError"];
    };
  };
  /**
   * End one of my sessions
   * @description Permanently ends a session of your account, which may be the current one. Any id that does not belong to an active session of your account gets a 404.
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
        content: never;
      };
      /** @description Not Found: `session_not_found`. */
      404: {
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      default: components["responses"]["UserError"];
    };
  };
  /**
   * Request a sign-in by e-mail
   * @description Sends an e-mail with a link and a six-digit code, if the address belongs to an account; the response is the same if it does not. Keep the `sign_in_token`: `POST /api/login/email/verify/` accepts the code only with it. Requires the live setting `SIGN_IN_BY_EMAIL`. An address gets at most five such e-mails at once, and then one every twelve minutes (the live setting `MAILS_PER_ACCOUNT_PER_HOUR`).
   */
  requestSignIn: {
    requestBody: {
      content: {
        "application/json": components["schemas"]["SignInRequestBody"];
      };
    };
    responses: {
      /** @description The e-mail is on its way, if the address belongs to an account. */
      202: {
        content: {
          "application/json": components["schemas"]["SignInRequest"];
        };
      };
      403: components["responses"]["SignInByEmailDisabled"];
      default: components["responses"]["Error"];
    };
  };
  /**
   * Sign in by e-mail
   * @description Starts a session and returns its token pair. Send the code that the user types in with the `sign_in_token` of this device; or, in a page of your own to which `LINK_URL_SIGN_IN` leads, the `token` of the link. One `sign_in_token` allows five codes. A code or link works once, and makes all others of the account invalid. An account with a second factor gets a 401 with a `challenge` for `POST /api/login/second-factor/`. Signing in verifies the address; if it was not verified before, the account loses its password, second factors and other sessions, because another person may have registered it.
   */
  verifySignIn: {
    parameters: {
      header?: {
        "x-refresh-token-mode"?: components["parameters"]["XRefreshTokenMode"];
      };
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["VerifySignInBody"];
      };
    };
    responses: {
      /** @description The session has started. */
      200: {
        content: {
          "application/json": components["schemas"]["TokenPair"];
        };
      };
      400: components["responses"]["InvalidEmailToken"];
      /** @description Unauthorized: `second_factor_required`. */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      403: components["responses"]["SignInByEmailDisabled"];
      default: components["responses"]["Error"];
    };
  };
  /**
   * Log in with a passkey
   * @description Starts a session and returns its token pair. Needs neither address, password nor second factor. Whatever is wrong, the response is the same.
   */
  logInWithPasskey: {
    parameters: {
      header?: {
        "x-refresh-token-mode"?: components["parameters"]["XRefreshTokenMode"];
      };
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["PasskeyLoginBody"];
      };
    };
    responses: {
      /** @description The session has started. */
      200: {
        content: {
          "application/json": components["schemas"]["TokenPair"];
        };
      };
      /** @description Unauthorized: `passkey_refused`. */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      403: components["responses"]["EmailNotVerified"];
      429: components["responses"]["TooManyAttempts"];
      default: components["responses"]["Error"];
    };
  };
  /**
   * Request a passkey challenge
   * @description Returns the options of `navigator.credentials.get()`: for one login, second factor or step-up within five minutes.
   */
  createPasskeyChallenge: {
    responses: {
      /** @description The options. */
      200: {
        content: {
          "application/json": components["schemas"]["PasskeyRequestOptions"];
        };
      };
      default: components["responses"]["Error"];
    };
  };
  /**
   * Log in with a second factor
   * @description Starts the session of a login that got `second_factor_required`, and returns its token pair. A code works once; those of 30 seconds before and after are accepted. One challenge allows five codes, and after five wrong ones in a row for an account the next has to wait.
   */
  completeLogin: {
    parameters: {
      header?: {
        "x-refresh-token-mode"?: components["parameters"]["XRefreshTokenMode"];
      };
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["SecondFactorBody"];
      };
    };
    responses: {
      /** @description The session has started. */
      200: {
        content: {
          "application/json": components["schemas"]["TokenPair"];
        };
      };
      /** @description Unauthorized: `second_factor_wrong`, `passkey_refused`, `invalid_challenge`. */
      401: {
        headers: {
          "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      429: components["responses"]["TooManyAttempts"];
      default: components["responses"]["Error"];
    };
  };
  /**
   * List my second factors
   * @description Lists the confirmed second factors of your account, and how many recovery codes are left.
   */
  listFactors: {
    responses: {
      /** @description The second factors. */
      200: {
        content: {
          "application/json": components["schemas"]["FactorList"];
        };
      };
      default: components["responses"]["UserError"];
    };
  };
  /**
   * Add a passkey
   * @description Adds a passkey. It logs in without address and password, and is a second factor after a password; the first factor ends your other sessions.
   */
  addPasskey: {
    requestBody: {
      content: {
        "application/json": components["schemas"]["AddPasskeyBody"];
      };
    };
    responses: {
      /** @description The passkey can be used. */
      201: {
        content: {
          "application/json": components["schemas"]["Factor"];
        };
      };
      /** @description Forbidden: `factor_passkey_refused`. */
      403: {
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      409: components["responses"]["TooManyFactors"];
      default: components["responses"]["UserError"];
    };
  };
  /**
   * Request passkey options
   * @description Returns the options of `navigator.credentials.create()`, for five minutes and this session. An account can have five second factors. While this service sends mail, your address must be verified.
   */
  createPasskeyOptions: {
    requestBody: components["requestBodies"]["CurrentPasswordBody"];
    responses: {
      /** @description The options. */
      200: {
        content: {
          "application/json": components["schemas"]["PasskeyCreationOptions"];
        };
      };
      /** @description Forbidden: `current_password_wrong`, `email_not_verified`. */
      403: {
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      409: components["responses"]["TooManyFactors"];
      429: components["responses"]["TooManyAttempts"];
      default: components["responses"]["UserError"];
    };
  };
  /**
   * Make recovery codes
   * @description Makes ten recovery codes, each of which takes the place of a second factor once, and makes all older ones invalid. Only this response contains them.
   */
  createRecoveryCodes: {
    requestBody: components["requestBodies"]["CurrentPasswordBody"];
    responses: {
      /** @description The new codes. */
      201: {
        content: {
          "application/json": components["schemas"]["RecoveryCodeSet"];
        };
      };
      403: components["responses"]["CurrentPasswordWrong"];
      409: components["responses"]["SecondFactorMissing"];
      429: components["responses"]["TooManyAttempts"];
      default: components["responses"]["UserError"];
    };
  };
  /**
   * Add an authenticator app
   * @description Begins to add an authenticator app (TOTP, RFC 6238); confirm it with the first code. A new request replaces one that was not confirmed. An account can have five second factors. While this service sends mail, your address must be verified.
   */
  enrolTotp: {
    requestBody: {
      content: {
        "application/json": components["schemas"]["EnrolTotpBody"];
      };
    };
    responses: {
      /** @description The app waits for its first code. */
      201: {
        content: {
          "application/json": components["schemas"]["TotpEnrolment"];
        };
      };
      /** @description Forbidden: `current_password_wrong`, `email_not_verified`. */
      403: {
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      409: components["responses"]["TooManyFactors"];
      429: components["responses"]["TooManyAttempts"];
      default: components["responses"]["UserError"];
    };
  };
  /**
   * Confirm an authenticator app
   * @description Confirms an authenticator app with its first code, within an hour. From then on a login asks for one. The first second factor ends your other sessions. Make recovery codes next. The code of another time gets `factor_clock_off`.
   */
  confirmTotp: {
    parameters: {
      path: {
        id: components["parameters"]["TotpId"];
      };
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ConfirmTotpBody"];
      };
    };
    responses: {
      /** @description Logins need the app from now on. */
      200: {
        content: {
          "application/json": components["schemas"]["Factor"];
        };
      };
      /** @description Forbidden: `factor_code_wrong`, `factor_clock_off`. */
      403: {
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      404: components["responses"]["FactorNotFound"];
      409: components["responses"]["TooManyFactors"];
      429: components["responses"]["TooManyAttempts"];
      default: components["responses"]["UserError"];
    };
  };
  /**
   * Rename a second factor
   * @description Changes what you call a second factor.
   */
  renameFactor: {
    parameters: {
      path: {
        id: components["parameters"]["TotpId"];
      };
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["RenameFactorBody"];
      };
    };
    responses: {
      /** @description The factor with its new name. */
      200: {
        content: {
          "application/json": components["schemas"]["Factor"];
        };
      };
      404: components["responses"]["FactorNotFound"];
      default: components["responses"]["UserError"];
    };
  };
  /**
   * Remove a second factor
   * @description Removes a second factor and ends your other sessions. Removing the last one also removes the recovery codes; a login then needs only the password.
   */
  removeFactor: {
    parameters: {
      path: {
        id: components["parameters"]["TotpId"];
      };
    };
    requestBody: components["requestBodies"]["CurrentPasswordBody"];
    responses: {
      /** @description The factor is removed. */
      204: {
        content: never;
      };
      403: components["responses"]["CurrentPasswordWrong"];
      404: components["responses"]["FactorNotFound"];
      429: components["responses"]["TooManyAttempts"];
      default: components["responses"]["UserError"];
    };
  };
  /**
   * Request a password reset
   * @description Sends an e-mail with a link that sets a new password; it is valid for 30 minutes (the live setting `PASSWORD_RESET_LIFETIME`). The response and its time are the same whether or not an account has the address, is disabled, or has been sent too many e-mails (the live setting `MAILS_PER_ACCOUNT_PER_HOUR`).
   */
  forgotPassword: {
    requestBody: {
      content: {
        "application/json": components["schemas"]["ForgotPasswordBody"];
      };
    };
    responses: {
      /** @description The request is stored. */
      202: {
        content: {
          "application/json": components["schemas"]["Accepted"];
        };
      };
      default: components["responses"]["Error"];
    };
  };
  /**
   * Set a new password
   * @description Sets a new password with a token from `POST /api/password/forgot/`. Ends all sessions of the account and verifies its address. A token works once; a change of the password or the address makes it invalid. It does not log the user in.
   */
  resetForgottenPassword: {
    requestBody: {
      content: {
        "application/json": components["schemas"]["ResetForgottenPasswordBody"];
      };
    };
    responses: {
      /** @description The account has the new password. */
      204: {
        content: never;
      };
      400: components["responses"]["InvalidEmailToken"];
      default: components["responses"]["Error"];
    };
  };
  /**
   * Cancel a change of the e-mail address
   * @description For the owner of an address that was entered for the account of another person. Takes the token of the e-mail that asks to confirm the address. The account keeps its address, password and sessions.
   */
  cancelEmailChange: {
    requestBody: {
      content: {
        "application/json": components["schemas"]["CancelEmailChangeBody"];
      };
    };
    responses: {
      /** @description The account does not get the address. */
      204: {
        content: never;
      };
      400: components["responses"]["InvalidEmailToken"];
      default: components["responses"]["Error"];
    };
  };
  /**
   * Confirm a new e-mail address
   * @description Completes a change of the e-mail address that `PUT /api/me/` has begun, verifies the new address, and ends all sessions. The password shows that the e-mail did not reach a stranger; wrong ones count like failed logins. Offer such a reader `POST /api/email/change/cancel/`. An account without a password sets one first, with `POST /api/password/forgot/`. If the old address was verified, it gets a link that undoes the change. An account that was registered with the new address meanwhile is deleted, unless it has verified it (`email_taken`).
   */
  confirmEmailChange: {
    requestBody: {
      content: {
        "application/json": components["schemas"]["ConfirmEmailChangeBody"];
      };
    };
    responses: {
      /** @description The account has the new address. */
      204: {
        content: never;
      };
      400: components["responses"]["InvalidEmailToken"];
      403: components["responses"]["CurrentPasswordWrong"];
      409: components["responses"]["EmailTaken"];
      429: components["responses"]["TooManyAttempts"];
      default: components["responses"]["Error"];
    };
  };
  /**
   * Undo a change of the e-mail address
   * @description Gives an account the verified address back that it had before a change, within 72 hours (the live setting `EMAIL_CHANGE_UNDO_LIFETIME`). All sessions end, the password is removed, and later changes of the address are invalid. The address gets a link that sets a new password. An account that was registered with the old address meanwhile is deleted, unless it has verified it (`email_taken`).
   */
  undoEmailChange: {
    requestBody: {
      content: {
        "application/json": components["schemas"]["UndoEmailChangeBody"];
      };
    };
    responses: {
      /** @description The account has its old address again. */
      204: {
        content: never;
      };
      400: components["responses"]["InvalidEmailToken"];
      409: components["responses"]["EmailTaken"];
      default: components["responses"]["Error"];
    };
  };
  /**
   * Verify an e-mail address
   * @description Verifies the address of an account. Access tokens that are issued from then on contain `"email_verified": true`. A token works once. If your page asks for `current_password`, it must be right, and wrong ones count like failed logins, so that no reader confirms by mistake an account that a stranger registered with their address. Offer such a reader `POST /api/email/verify/disown/`.
   */
  verifyEmail: {
    requestBody: {
      content: {
        "application/json": components["schemas"]["VerifyEmailBody"];
      };
    };
    responses: {
      /** @description The address is verified. */
      204: {
        content: never;
      };
      400: components["responses"]["InvalidEmailToken"];
      403: components["responses"]["CurrentPasswordWrong"];
      429: components["responses"]["TooManyAttempts"];
      default: components["responses"]["Error"];
    };
  };
  /**
   * Disown an account
   * @description For the owner of an address who did not create the account that has it. Takes the token of the e-mail that asks to verify the address, removes the password and ends all sessions. The address stays unverified; its owner can take the account over with `POST /api/password/forgot/`.
   */
  disownAccount: {
    requestBody: {
      content: {
        "application/json": components["schemas"]["DisownAccountBody"];
      };
    };
    responses: {
      /** @description Nobody can log in to the account until its password is reset. */
      204: {
        content: never;
      };
      400: components["responses"]["InvalidEmailToken"];
      default: components["responses"]["Error"];
    };
  };
  /**
   * Send the verification e-mail again
   * @description Sends another e-mail with a link that verifies the address of an account. The response and its time are the same whether or not an account has the address, is verified already, or has been sent too many e-mails (the live setting `MAILS_PER_ACCOUNT_PER_HOUR`).
   */
  resendVerification: {
    requestBody: {
      content: {
        "application/json": components["schemas"]["ResendVerificationBody"];
      };
    };
    responses: {
      /** @description The request is stored. */
      202: {
        content: {
          "application/json": components["schemas"]["Accepted"];
        };
      };
      default: components["responses"]["Error"];
    };
  };
  /**
   * Get the public keys
   * @description Returns the JSON Web Key Set (RFC 7517) for verifying access tokens: the active key, the next key, and retired keys whose tokens have not all expired. A key is published for `KEY_LEAD_TIME` (2 hours by default) before it starts to sign. Its media type is `application/jwk-set+json` if `Accept` names only that. What a verifier must check is in docs/verify-tokens.md.
   */
  getKeySet: {
    parameters: {
      header?: {
        "if-none-match"?: components["parameters"]["IfNoneMatch"];
      };
    };
    responses: {
      /** @description The public keys. */
      200: {
        headers: {
          "Cache-Control": components["headers"]["Cache-Control"];
          ETag: components["headers"]["ETag"];
        };
        content: {
          "application/json": components["schemas"]["KeySet"];
        };
      };
      /** @description The cached response is up to date. */
      304: {
        headers: {
          "Cache-Control": components["headers"]["Cache-Control"];
          ETag: components["headers"]["ETag"];
        };
        content: never;
      };
      default: components["responses"]["Error"];
    };
  };
  /**
   * Discover the issuer (RFC 8414)
   * @description Returns the same document as `/.well-known/openid-configuration`.
   */
  getAuthorizationServerMetadata: {
    parameters: {
      header?: {
        "if-none-match"?: components["parameters"]["IfNoneMatch"];
      };
    };
    responses: {
      /** @description The metadata. */
      200: {
        headers: {
          /** @description How long the response may be cached. */
          "Cache-Control"?: "public, max-age=3600";
          ETag: components["headers"]["ETag"];
        };
        content: {
          "application/json": components["schemas"]["Metadata"];
        };
      };
      304: components["responses"]["NotModified"];
      default: components["responses"]["Error"];
    };
  };
  /**
   * Discover the issuer (OpenID Connect)
   * @description Returns the issuer and the URL of the key set, for verifiers that are configured with the issuer alone. Latchkey is not an OpenID provider and issues no ID tokens. The URLs work from elsewhere only if `ISSUER` is the public URL of the service.
   */
  getOpenidConfiguration: {
    parameters: {
      header?: {
        "if-none-match"?: components["parameters"]["IfNoneMatch"];
      };
    };
    responses: {
      /** @description The metadata. */
      200: {
        headers: {
          /** @description How long the response may be cached. */
          "Cache-Control"?: "public, max-age=3600";
          ETag: components["headers"]["ETag"];
        };
        content: {
          "application/json": components["schemas"]["Metadata"];
        };
      };
      304: components["responses"]["NotModified"];
      default: components["responses"]["Error"];
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
          /** @description The id of the user, from the `user_id` claim of the token. */
          "X-User-Id"?: number;
          /** @description Comma-separated, each role percent-encoded. Empty if there are none, so that a proxy that copies the header overwrites one sent by the client. */
          "X-User-Roles"?: string;
        };
        content: never;
      };
      default: components["responses"]["UserError"];
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
        content: {
          "application/json": components["schemas"]["Healthy"];
        };
      };
      default: components["responses"]["Error"];
    };
  };
  /**
   * Check readiness
   * @description Returns 200 if this instance should receive traffic. Otherwise `reason` names what is wrong: `database` (no answer), `read-only` (it accepts no writes), `keys` (none to sign with) or `draining` (the process is about to stop). A 200 with `degraded` names what does not work although the instance serves.
   */
  readyz: {
    responses: {
      /** @description The instance is ready. */
      200: {
        content: {
          "application/json": components["schemas"]["Ready"];
        };
      };
      /** @description Service Unavailable: `shutting_down`. */
      503: {
        headers: {
          "Retry-After": components["headers"]["Retry-After"];
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      default: components["responses"]["Error"];
    };
  };
  /**
   * Check startup
   * @description Returns 200 as soon as settings and signing keys are loaded; before that the port is closed. Unlike `/readyz` it does not ask the database.
   */
  startupz: {
    responses: {
      /** @description The instance has started. */
      200: {
        content: {
          "application/json": components["schemas"]["Healthy"];
        };
      };
      default: components["responses"]["Error"];
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
        /** @description A part of the e-mail address or username, ignoring case. */
        search?: string;
        /** @description A role that the accounts have. */
        role?: string;
        /** @description `true` for disabled accounts only, `false` for all others. */
        disabled?: "true" | "false";
        limit?: components["parameters"]["Limit"];
        cursor?: components["parameters"]["Cursor"];
      };
    };
    responses: {
      /** @description A page of accounts. */
      200: {
        content: {
          "application/json": components["schemas"]["UserList"];
        };
      };
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Create an account
   * @description Creates an account with a random password. Only this response contains the password. You cannot grant a role with permissions that you do not have. Requires the permission `users:write`.
   */
  createUser: {
    requestBody: {
      content: {
        "application/json": components["schemas"]["CreateUserBody"];
      };
    };
    responses: {
      /** @description The new account and its temporary password. */
      201: {
        content: {
          "application/json": components["schemas"]["NewUser"];
        };
      };
      409: components["responses"]["EmailTaken"];
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Get an account
   * @description Returns one account. Requires the permission `users:read`.
   */
  getUser: {
    parameters: {
      path: {
        id: components["parameters"]["UsersId"];
      };
    };
    responses: {
      /** @description The account. */
      200: {
        content: {
          "application/json": components["schemas"]["User"];
        };
      };
      404: components["responses"]["UserNotFound"];
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Update an account
   * @description Changes the e-mail address, username or roles of an account; omitted fields keep their value. A new address ends all sessions of the account, and is not verified until its owner follows the link that is mailed to it. The administrative operations apply new roles at once, your applications from the next access token. You cannot grant permissions that you do not have, or change an account that has such permissions. To change your own address, use `PUT /api/me/`. Requires the permission `users:write`.
   */
  updateUser: {
    parameters: {
      path: {
        id: components["parameters"]["UsersId"];
      };
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["UpdateUserBody"];
      };
    };
    responses: {
      /** @description The updated account. */
      200: {
        content: {
          "application/json": components["schemas"]["User"];
        };
      };
      404: components["responses"]["UserNotFound"];
      /** @description Conflict: `email_taken`, `last_admin`. */
      409: {
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Delete an account
   * @description Permanently deletes an account, all its sessions, and its personal data in the audit log. To delete your own account, use `DELETE /api/me/`. Requires the permission `users:write`.
   */
  deleteUser: {
    parameters: {
      path: {
        id: components["parameters"]["UsersId"];
      };
    };
    responses: {
      /** @description The account is deleted. */
      204: {
        content: never;
      };
      404: components["responses"]["UserNotFound"];
      409: components["responses"]["LastAdmin"];
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Disable an account
   * @description Ends all sessions of an account and blocks its logins until it is enabled again. You cannot disable your own account. Requires the permission `users:write`.
   */
  disableUser: {
    parameters: {
      path: {
        id: components["parameters"]["UsersId"];
      };
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["DisableUserBody"];
      };
    };
    responses: {
      /** @description The disabled account. */
      200: {
        content: {
          "application/json": components["schemas"]["User"];
        };
      };
      404: components["responses"]["UserNotFound"];
      409: components["responses"]["LastAdmin"];
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Enable an account
   * @description Allows a disabled account to log in again. Its ended sessions stay ended. Requires the permission `users:write`.
   */
  enableUser: {
    parameters: {
      path: {
        id: components["parameters"]["UsersId"];
      };
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["EnableUserBody"];
      };
    };
    responses: {
      /** @description The enabled account. */
      200: {
        content: {
          "application/json": components["schemas"]["User"];
        };
      };
      404: components["responses"]["UserNotFound"];
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Reset a user's second factors
   * @description Removes all second factors of an account and ends its sessions. The owner gets an e-mail. First make sure that the request comes from the owner. To remove your own, use `DELETE /api/me/factors/{id}/`. Requires the permission `users:write`.
   */
  resetUserFactors: {
    parameters: {
      path: {
        id: components["parameters"]["UsersId"];
      };
    };
    responses: {
      /** @description The account has no second factor any more. */
      204: {
        content: never;
      };
      404: components["responses"]["UserNotFound"];
      409: components["responses"]["SecondFactorMissing"];
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Get the login delay of an account
   * @description Returns how long the account has to wait before it can log in, because wrong passwords or codes were entered for it. `unblockUser` ends the delay. Requires the permission `users:read`.
   */
  getLoginDelay: {
    parameters: {
      path: {
        id: components["parameters"]["UsersId"];
      };
    };
    responses: {
      /** @description The longest delay. */
      200: {
        content: {
          "application/json": components["schemas"]["LoginDelay"];
        };
      };
      404: components["responses"]["UserNotFound"];
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Reset a password
   * @description Replaces the password of an account with a random one and ends all its sessions. Only this response contains the new password. To change your own password, use `PUT /api/me/`. Requires the permission `users:write`.
   */
  resetPassword: {
    parameters: {
      path: {
        id: components["parameters"]["UsersId"];
      };
    };
    responses: {
      /** @description The new password. */
      200: {
        content: {
          "application/json": components["schemas"]["ResetPassword"];
        };
      };
      404: components["responses"]["UserNotFound"];
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Send a reset link
   * @description Sends the owner of an account an e-mail with a link that sets a new password. Until it is used, the account stays as it is. To lock out a person who knows the password, use `POST /api/admin/users/{id}/reset-password/`. Requires the permission `users:write`.
   */
  sendResetLink: {
    parameters: {
      path: {
        id: components["parameters"]["UsersId"];
      };
    };
    responses: {
      /** @description The e-mail is stored. */
      204: {
        content: never;
      };
      404: components["responses"]["UserNotFound"];
      /** @description Conflict: `account_disabled`. */
      409: {
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * List the sessions of an account
   * @description Lists the active sessions of an account, most recently refreshed first, at most 100. Requires the permission `users:read`.
   */
  listUserSessions: {
    parameters: {
      path: {
        id: components["parameters"]["UsersId"];
      };
    };
    responses: {
      /** @description The active sessions. */
      200: {
        content: {
          "application/json": components["schemas"]["UserSessionList"];
        };
      };
      404: components["responses"]["UserNotFound"];
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * End all sessions of an account
   * @description Permanently ends all sessions of an account. Requires the permission `users:write`.
   */
  endUserSessions: {
    parameters: {
      path: {
        id: components["parameters"]["UsersId"];
      };
    };
    responses: {
      /** @description All sessions of the account have ended. */
      204: {
        content: never;
      };
      404: components["responses"]["UserNotFound"];
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * End a session of an account
   * @description Permanently ends one session of an account. Requires the permission `users:write`.
   */
  endUserSession: {
    parameters: {
      path: {
        id: components["parameters"]["UsersId"];
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
        content: never;
      };
      /** @description Not Found: `user_not_found`, `session_not_found`. */
      404: {
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Unblock an account
   * @description Forgets the wrong passwords and codes that were entered for an account, so that its next login need not wait. Does not enable a disabled account. Requires the permission `users:write`.
   */
  unblockUser: {
    parameters: {
      path: {
        id: components["parameters"]["UsersId"];
      };
    };
    responses: {
      /** @description The account. */
      200: {
        content: {
          "application/json": components["schemas"]["User"];
        };
      };
      404: components["responses"]["UserNotFound"];
      default: components["responses"]["OperatorError"];
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
        content: {
          "application/json": components["schemas"]["RoleList"];
        };
      };
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Create a role
   * @description Creates a role. You cannot give it permissions that you do not have, unless you have every permission of Latchkey itself: then you can give it any. Requires the permission `roles:write`.
   */
  createRole: {
    requestBody: {
      content: {
        "application/json": components["schemas"]["CreateRoleBody"];
      };
    };
    responses: {
      /** @description The new role. */
      201: {
        content: {
          "application/json": components["schemas"]["Role"];
        };
      };
      /** @description Conflict: `role_exists`, `role_being_removed`. */
      409: {
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Update a role
   * @description Replaces the description and the permissions of a role. The administrative operations apply the change at once, your applications from the next access token. You cannot add or remove permissions that you do not have. Requires the permission `roles:write`.
   */
  updateRole: {
    parameters: {
      path: {
        name: components["parameters"]["RolesName"];
      };
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["UpdateRoleBody"];
      };
    };
    responses: {
      /** @description The updated role. */
      200: {
        content: {
          "application/json": components["schemas"]["Role"];
        };
      };
      404: components["responses"]["RoleNotFound"];
      409: components["responses"]["RoleBuiltIn"];
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Delete a role
   * @description Deletes a role and takes it away from all accounts. You cannot delete a role with permissions that you do not have. Requires the permission `roles:write`.
   */
  deleteRole: {
    parameters: {
      path: {
        name: components["parameters"]["RolesName"];
      };
    };
    responses: {
      /** @description The role is deleted. */
      204: {
        content: never;
      };
      404: components["responses"]["RoleNotFound"];
      409: components["responses"]["RoleBuiltIn"];
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * List the live settings
   * @description Returns every live setting, read from the database. If a stored value is not valid in this version, `ignored` says why, and the last valid value stays in effect. Requires the permission `settings:read`.
   */
  listSettings: {
    responses: {
      /** @description All live settings. */
      200: {
        content: {
          "application/json": components["schemas"]["SettingList"];
        };
      };
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Read a live setting
   * @description Returns one live setting, read from the database. Requires the permission `settings:read`.
   */
  getSetting: {
    parameters: {
      path: {
        name: components["parameters"]["SettingsName"];
      };
    };
    responses: {
      /** @description The setting. */
      200: {
        content: {
          "application/json": components["schemas"]["Setting"];
        };
      };
      404: components["responses"]["SettingNotFound"];
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Change a live setting
   * @description Changes a live setting. The change is in effect on this instance when the response is sent, and on every instance within 5 seconds. Of two changes to the same `version`, the second returns 409. Requires the permission `settings:write`.
   */
  changeSetting: {
    parameters: {
      path: {
        name: components["parameters"]["SettingsName"];
      };
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ChangeSettingBody"];
      };
    };
    responses: {
      /** @description The changed setting. */
      200: {
        content: {
          "application/json": components["schemas"]["Setting"];
        };
      };
      404: components["responses"]["SettingNotFound"];
      409: components["responses"]["SettingChanged"];
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Reset a live setting
   * @description Resets a live setting to its default: the value from the environment, or the default of this version. Takes effect like a change. Requires the permission `settings:write`.
   */
  resetSetting: {
    parameters: {
      query: {
        /**
         * @description The current `version` of the setting; 0 if it has never been changed or was reset.
         * @example 0
         */
        version: string;
      };
      path: {
        name: components["parameters"]["SettingsName"];
      };
    };
    responses: {
      /** @description The setting with its default value. */
      200: {
        content: {
          "application/json": components["schemas"]["Setting"];
        };
      };
      404: components["responses"]["SettingNotFound"];
      409: components["responses"]["SettingChanged"];
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * List the changes of a live setting
   * @description Returns every change of the setting, newest first. Changes are kept forever, and the setting can be rolled back to any of them. Requires the permission `settings:read`.
   */
  listSettingChanges: {
    parameters: {
      query?: {
        limit?: components["parameters"]["Limit"];
        cursor?: components["parameters"]["Cursor"];
      };
      path: {
        name: components["parameters"]["SettingsName"];
      };
    };
    responses: {
      /** @description A page of the history. */
      200: {
        content: {
          "application/json": components["schemas"]["SettingHistory"];
        };
      };
      404: components["responses"]["SettingNotFound"];
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Roll a live setting back
   * @description Restores the value that a live setting had after one of its changes. This is recorded and takes effect like any other change. Requires the permission `settings:write`.
   */
  rollBackSetting: {
    parameters: {
      path: {
        name: components["parameters"]["SettingsName"];
      };
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["RollBackSettingBody"];
      };
    };
    responses: {
      /** @description The setting with the restored value. */
      200: {
        content: {
          "application/json": components["schemas"]["Setting"];
        };
      };
      /** @description Not Found: `setting_not_found`, `setting_version_not_found`. */
      404: {
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      409: components["responses"]["SettingChanged"];
      default: components["responses"]["OperatorError"];
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
        content: {
          "application/json": components["schemas"]["SigningKeyList"];
        };
      };
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Rotate the signing keys
   * @description Makes the next key the active one, and creates and publishes a new next key. Tokens signed with the previous key stay valid until they expire. Requires the permission `keys:write`.
   */
  rotateKeys: {
    requestBody: {
      content: {
        "application/json": components["schemas"]["RotateKeysBody"];
      };
    };
    responses: {
      /** @description The signing keys after the rotation. */
      200: {
        content: {
          "application/json": components["schemas"]["SigningKeyList"];
        };
      };
      /** @description Conflict: `key_too_young`. */
      409: {
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Retire a signing key
   * @description Deletes a key, which invalidates every access token that it has signed. If it was the active key, the next key becomes active. Use this for a key that may be compromised. Other instances follow within seconds, other verifiers when they fetch the key set again. Requires the permission `keys:write`.
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
        content: {
          "application/json": components["schemas"]["SigningKeyList"];
        };
      };
      /** @description Not Found: `key_not_found`. */
      404: {
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Read the audit log
   * @description Returns audit events, newest first. An event must match all filters. Events contain no password, token or e-mail address. Requires the permission `audit:read`.
   */
  listEvents: {
    parameters: {
      query?: {
        /** @description Names of events, separated by commas. */
        event?: string;
        /** @description Only what operators changed. */
        changes?: "true";
        /** @description Only requests from this IP address. */
        ip?: string;
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
        limit?: components["parameters"]["Limit"];
        cursor?: components["parameters"]["Cursor"];
      };
    };
    responses: {
      /** @description A page of events. */
      200: {
        content: {
          "application/json": components["schemas"]["EventList"];
        };
      };
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * List e-mails
   * @description Lists the e-mails that wait, were sent in the last 7 days, or were given up in the last 30 days, newest first, without their content. An e-mail must match all filters. Requires the permission `mails:read`.
   */
  listMails: {
    parameters: {
      query?: {
        /** @description Only e-mails in this state. */
        state?: "waiting" | "sent" | "dead";
        /** @description Only e-mails of this kind. */
        kind?: "verify_email" | "reset_password" | "confirm_email_change" | "undo_email_change" | "sign_in" | "password_changed" | "email_changed" | "new_sign_in" | "refresh_token_reused" | "second_factor_added" | "second_factor_removed" | "recovery_codes_created" | "recovery_code_used" | "second_factors_reset" | "deletion_scheduled" | "account_deleted" | "unverified_account_deleted";
        limit?: components["parameters"]["Limit"];
        cursor?: components["parameters"]["Cursor"];
      };
    };
    responses: {
      /** @description A page of e-mails. */
      200: {
        content: {
          "application/json": components["schemas"]["MailList"];
        };
      };
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Send an e-mail again
   * @description Sends an e-mail that was given up or waits for its next attempt. It is tried as often as a new one. An e-mail that was sent, is being sent, or has expired is refused. Requires the permission `mails:write`.
   */
  resendMail: {
    parameters: {
      path: {
        /**
         * @description The id of an e-mail.
         * @example 1
         */
        id: string;
      };
    };
    responses: {
      /** @description The e-mail, which waits to be sent. */
      200: {
        content: {
          "application/json": components["schemas"]["Mail"];
        };
      };
      /** @description Not Found: `mail_not_found`. */
      404: {
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Conflict: `mail_not_sendable`. */
      409: {
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * List the running instances
   * @description Returns the instances that were seen within the last 30 seconds, oldest first. A change of a setting is in effect everywhere when all are `current`. Requires the permission `settings:read`.
   */
  listInstances: {
    responses: {
      /** @description The instances. */
      200: {
        content: {
          "application/json": components["schemas"]["InstanceList"];
        };
      };
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Get the state of the service
   * @description Counts of the last 48 hours, sizes and findings, at most five seconds old. Counts of other processes follow within half a minute. Requires the permission `settings:read`.
   */
  getOverview: {
    responses: {
      /** @description The overview. */
      200: {
        content: {
          "application/json": components["schemas"]["Overview"];
        };
      };
      default: components["responses"]["OperatorError"];
    };
  };
  /**
   * Create the first administrator
   * @description Creates an account with the role `admin`, if no account has that role yet. The token is in the link that the service prints when it starts on its embedded database without an administrator, and is valid until that process ends. In all other cases use `latchkey users create --role admin`.
   */
  createFirstAdmin: {
    requestBody: {
      content: {
        "application/json": components["schemas"]["CreateFirstAdminBody"];
      };
    };
    responses: {
      /** @description The first administrator, who can now log in. */
      201: {
        content: {
          "application/json": components["schemas"]["User"];
        };
      };
      /** @description Forbidden: `setup_closed`. */
      403: {
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      409: components["responses"]["EmailTaken"];
      default: components["responses"]["Error"];
    };
  };
}
