// Accounts, as operators see and change them.
import { type Static, Type } from '@sinclair/typebox';
import { ROLE_NAME_PATTERN } from '#roles/permissions.js';
import type { ListedSession } from '#sessions/repository.js';
import type { Account } from '#users/repository.js';
import { Email, NewPassword, Username } from '../fields.js';
import { body } from '../responses.js';
import { exampleSessionList, Session, session } from '../session.js';
import { exampleProfile, Profile } from '../user.js';
import { NextCursor } from './pagination.js';

const Instant = (description: string) => Type.String({ format: 'date-time', description: `${description} UTC.` });

export { userIdOf } from '#users/id.js';

const RoleNames = Type.Array(Type.String({ pattern: ROLE_NAME_PATTERN }), {
  maxItems: 50,
  description: 'Names of roles.',
});

/** The id of an account, in a path. */
export const UserId = Type.String({ description: 'The id of an account.', examples: ['1'] });

export const User = Type.Object(
  {
    ...Profile.properties,
    roles: RoleNames,
    disabled_at: Type.Union([Instant('Since when it can log in no more.'), Type.Null()]),
    disabled_reason: Type.Union([Type.String(), Type.Null()], {
      description: 'Why, in the words of who disabled it.',
    }),
    created_at: Instant('When it was made.'),
    updated_at: Instant('When it was changed last.'),
    has_password: Type.Boolean({ description: 'Whether it can log in with a password.' }),
  },
  { title: 'User', description: 'An account, as operators see it.', additionalProperties: false },
);
export type User = Static<typeof User>;

export const UserList = Type.Object(
  { users: Type.Array(User, { maxItems: 100 }), next_cursor: NextCursor },
  { title: 'UserList', description: 'Accounts, in the order of their ids.', additionalProperties: false },
);
export type UserList = Static<typeof UserList>;

const TemporaryPassword = Type.String({
  description: 'A random password, told here once and never again; its owner is to set another with `PUT /api/me/`.',
});

export const NewUser = Type.Object(
  { user: User, temporary_password: TemporaryPassword },
  { title: 'NewUser', description: 'An account that has just been made.', additionalProperties: false },
);
export type NewUser = Static<typeof NewUser>;

export const ResetPassword = Type.Object(
  { temporary_password: TemporaryPassword },
  { title: 'ResetPassword', description: 'The password of an account, from now on.', additionalProperties: false },
);
export type ResetPassword = Static<typeof ResetPassword>;

export const UserSessionList = Type.Object(
  {
    sessions: Type.Array(
      Type.Omit(Session, ['current'], {
        title: 'UserSession',
        description: 'A living session.',
        additionalProperties: false,
      }),
      { maxItems: 100 },
    ),
  },
  {
    title: 'UserSessionList',
    description: 'Living sessions of an account, the one refreshed last first; at most 100.',
    additionalProperties: false,
  },
);
export type UserSessionList = Static<typeof UserSessionList>;

const [exampleSession] = exampleSessionList.sessions;

/** The only account of a fresh service. */
export const exampleUser: User = {
  ...exampleProfile,
  roles: [],
  disabled_at: null,
  disabled_reason: null,
  created_at: '2026-11-24T02:34:50.123Z',
  updated_at: '2026-11-24T02:34:50.123Z',
  has_password: true,
};

/** A password as the service makes it. */
export const EXAMPLE_TEMPORARY_PASSWORD = 'q3Zt-W8xkP0vLr_uYb5nDe2M';

const { current: _, ...exampleUserSession } = exampleSession as NonNullable<typeof exampleSession>;

/** What the example of the list answers. */
export const exampleUserSessionList: UserSessionList = { sessions: [exampleUserSession] };

export const CreateUserBody = Type.Object(
  { email: Email, username: Type.Optional(Username), roles: Type.Optional(RoleNames) },
  body('CreateUserBody', 'The account to make. `roles` needs the permission `roles:write` too.', {
    address: { email: 'Jane.Smith@example.com' },
    admin: { email: 'jane.smith@example.com', username: 'Jane Smith', roles: ['admin'] },
  }),
);

/** A token as the start of the service prints it. */
export const EXAMPLE_SETUP_TOKEN = 'V7mBq0Yt3sKxJ9d2ZrUeLh5oWcNgPa8iRf1TyXuE4vA';

/** The account that the example of the setup makes. */
export const exampleFirstAdmin: User = { ...exampleUser, email: 'admin@example.com', roles: ['admin'] };

export const CreateFirstAdminBody = Type.Object(
  {
    token: Type.String({ maxLength: 256, description: 'What stands behind `#setup=` in the link.' }),
    email: Email,
    password: NewPassword,
  },
  body('CreateFirstAdminBody', 'The token, and the address and password of the new account.', {
    first: { token: EXAMPLE_SETUP_TOKEN, email: 'Admin@example.com', password: 'a password of my own' },
  }),
);

export const UpdateUserBody = Type.Partial(
  Type.Object({ email: Email, username: Username, roles: RoleNames }),
  body(
    'UpdateUserBody',
    'What is to change; what is left out stays as it is. `roles` replaces all roles, and needs the permission `roles:write` too.',
    { username: { username: 'John Smith' }, email: { email: 'John.Smith@example.com' }, roles: { roles: ['admin'] } },
  ),
);

const reason = Type.String({
  minLength: 1,
  maxLength: 500,
  pattern: Username.pattern as string,
  description: 'Why, for whoever reads the audit log; at most 500 characters.',
});

export const DisableUserBody = Type.Object(
  { reason },
  body('DisableUserBody', 'Why the account is disabled.', { disable: { reason: 'Reported as stolen.' } }),
);

export const EnableUserBody = Type.Object(
  { reason },
  body('EnableUserBody', 'Why the account is enabled.', { enable: { reason: 'Its owner has it back.' } }),
);

/** Puts an account into the words of the API. */
export function user(account: Account): User {
  const { id, email, username, roles, disabledAt, disabledReason, createdAt, updatedAt, hasPassword } = account;
  return {
    id,
    username,
    email,
    roles: [...roles],
    disabled_at: disabledAt?.toISOString() ?? null,
    disabled_reason: disabledReason,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
    has_password: hasPassword,
  };
}

/** Puts sessions of somebody else into the words of the API. */
export function userSessionList(sessions: readonly ListedSession[]): UserSessionList {
  return { sessions: sessions.map(session) };
}
