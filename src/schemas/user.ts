// An account, as its owner sees it.
import { type Static, Type } from '@sinclair/typebox';

const Id = Type.Integer({
  title: 'AccountId',
  minimum: 1,
  description: 'Unique; never reused, even after the account is deleted.',
});
const CanonicalEmail = Type.String({ description: 'The e-mail address in its canonical form.' });

export const Profile = Type.Object(
  {
    id: Id,
    username: Type.String({ description: 'The display name; empty until it is set.' }),
    email: CanonicalEmail,
  },
  { title: 'Profile', description: 'An account, as its owner sees it.', additionalProperties: false },
);
export type Profile = Static<typeof Profile>;

/** The response to a registration. */
export const RegisteredUser = Type.Object(
  { id: Id, email: CanonicalEmail },
  { title: 'RegisteredUser', additionalProperties: false },
);
export type RegisteredUser = Static<typeof RegisteredUser>;

/** The account in the examples: the first one of a new service. */
export const exampleProfile: Profile = { id: 1, username: '', email: 'user@example.com' };

/** The credentials in the examples. */
export const exampleCredentials = { password: 'password', email: 'user@example.com' };
