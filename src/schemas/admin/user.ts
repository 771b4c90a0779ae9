// Accounts, as operators see and change them.
import { type Static, Type } from '@sinclair/typebox';
import { ROLE_NAME_PATTERN } from '#roles/permissions.js';
import type { ListedSession } from '#sessions/repository.js';
import type { Account } from '#users/repository.js';
import { Email, NewPassword, NullableText, NullableTimestamp, Timestamp, Username } from '../fields.js';
import { body } from '../responses.js';
import { exampleSessionList, Session, session } from '../session.js';
import { exampleProfile, Profile } from '../user.js';
import { NextCursor } from './pagination.js';

export { parseUserId } from '#users/id.js';

const RoleNames = Type.Array(Type.String({ pattern: ROLE_NAME_PATTERN }), {
  title: 'RoleNames',
  maxItems: 50,
  description: 'Names of roles.',
});

/** The id of an account, in a path. */
export const UserId = Type.String({ description: 'The id of an account.', examples: ['1'] });

export const User = Type.Object(
  {
    ...Profile.properties,
    email_verified: Type.Boolean(),
    pending_email: NullableText('The address that the account gets when its owner confirms it.'),
    roles: RoleNames,
    disabled_at: NullableTimestamp(),
    disabled_reason: NullableText('Null while the account is disabled only because its owner is leaving.'),
    deletion_due_at: NullableTimestamp(
      'When the account will be deleted, because its owner asked for it. A login before restores it, unless an operator has disabled it.',
    ),
    created_at: Timestamp(),
    updated_at: Timestamp(),
    has_password: Type.Boolean(),
    has_second_factor: Type.Boolean({ description: 'Whether a login asks for a second factor.' }),
  },
  { title: 'User', description: 'An account, as operators see it.', additionalProperties: false },
);
export type User = Static<typeof User>;

export const UserList = Type.Object(
  { users: Type.Array(User, { maxItems: 100 }), next_cursor: NextCursor },
  { title: 'UserList', additionalProperties: false },
);
export type UserList = Static<typeof UserList>;

const TemporaryPassword = Type.String({
  description: 'Returned only in this response. The owner of the account should replace it with `PUT /api/me/`.',
});

export const NewUser = Type.Object(
  { user: User, temporary_password: TemporaryPassword },
  { title: 'NewUser', additionalProperties: false },
);
export type NewUser = Static<typeof NewUser>;

export const ResetPassword = Type.Object(
  { temporary_password: TemporaryPassword },
  { title: 'ResetPassword', additionalProperties: false },
);
export type ResetPassword = Static<typeof ResetPassword>;

export const UserSessionList = Type.Object(
  {
    sessions: Type.Array(
      Type.Omit(Session, ['current'], {
        title: 'UserSession',
        additionalProperties: false,
      }),
      { maxItems: 100 },
    ),
  },
  {
    title: 'UserSessionList',
    additionalProperties: false,
  },
);
export type UserSessionList = Static<typeof UserSessionList>;

export const LoginDelay = Type.Object(
  {
    seconds: Type.Integer({
      minimum: 0,
      description: 'How long the next login has to wait at most.',
    }),
  },
  {
    title: 'LoginDelay',
    additionalProperties: false,
  },
);
export type LoginDelay = Static<typeof LoginDelay>;

const [exampleSession] = exampleSessionList.sessions;

/** The account in the examples: the only one of a new service. */
export const exampleUser: User = {
  ...exampleProfile,
  email_verified: false,
  pending_email: null,
  roles: [],
  disabled_at: null,
  disabled_reason: null,
  deletion_due_at: null,
  created_at: '2026-11-24T02:34:50.123Z',
  updated_at: '2026-11-24T02:34:50.123Z',
  has_password: true,
  has_second_factor: false,
};

/** A temporary password, as the service generates it. */
export const EXAMPLE_TEMPORARY_PASSWORD = 'q3Zt-W8xkP0vLr_uYb5nDe2M';

const { current: _, ...exampleUserSession } = exampleSession as NonNullable<typeof exampleSession>;

/** The example of a list. */
export const exampleUserSessionList: UserSessionList = { sessions: [exampleUserSession] };

export const CreateUserBody = Type.Object(
  { email: Email, username: Type.Optional(Username), roles: Type.Optional(RoleNames) },
  body(
    'CreateUserBody',
    {
      address: { email: 'Jane.Smith@example.com' },
      admin: { email: 'jane.smith@example.com', username: 'Jane Smith', roles: ['admin'] },
    },
    '`roles` also requires the permission `roles:write`.',
  ),
);

/** A setup token, as the service prints it. */
export const EXAMPLE_SETUP_TOKEN = 'V7mBq0Yt3sKxJ9d2ZrUeLh5oWcNgPa8iRf1TyXuE4vA';

/** The account that the setup example creates. */
export const exampleFirstAdmin: User = { ...exampleUser, email: 'admin@example.com', roles: ['admin'] };

export const CreateFirstAdminBody = Type.Object(
  {
    token: Type.String({ maxLength: 256, description: 'The part of the setup link after `#setup=`.' }),
    email: Email,
    password: NewPassword,
  },
  body('CreateFirstAdminBody', {
    first: { token: EXAMPLE_SETUP_TOKEN, email: 'Admin@example.com', password: 'a password of my own' },
  }),
);

export const UpdateUserBody = Type.Partial(
  Type.Object({ email: Email, username: Username, roles: RoleNames }),
  body(
    'UpdateUserBody',
    { username: { username: 'John Smith' }, email: { email: 'John.Smith@example.com' }, roles: { roles: ['admin'] } },
    '`roles` replaces all roles, and also requires the permission `roles:write`.',
  ),
);

const reason = Type.String({
  minLength: 1,
  maxLength: 500,
  pattern: Username.pattern as string,
  title: 'Reason',
  description: 'The reason, for the audit log; at most 500 characters.',
});

export const DisableUserBody = Type.Object(
  { reason },
  body('DisableUserBody', { disable: { reason: 'Reported as stolen.' } }),
);

export const EnableUserBody = Type.Object(
  { reason },
  body('EnableUserBody', { enable: { reason: 'Its owner has it back.' } }),
);

/** The API form of an account. */
export function user(account: Account): User {
  const { id, email, username, roles, disabledAt, disabledReason, createdAt, updatedAt } = account;
  const { hasPassword, hasSecondFactor } = account;
  return {
    id,
    username,
    email,
    email_verified: account.emailVerified,
    pending_email: account.pendingEmail,
    roles: [...roles],
    disabled_at: disabledAt?.toISOString() ?? null,
    disabled_reason: disabledReason,
    deletion_due_at: account.deletionDueAt?.toISOString() ?? null,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
    has_password: hasPassword,
    has_second_factor: hasSecondFactor,
  };
}

/** The API form of the sessions of another account. */
export function userSessionList(sessions: readonly ListedSession[]): UserSessionList {
  return { sessions: sessions.map(session) };
}
