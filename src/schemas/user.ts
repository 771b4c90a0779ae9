// What an account shows of itself.
import { type Static, Type } from '@sinclair/typebox';

const Id = Type.Integer({ minimum: 1, description: 'Never given to anybody else.' });
const CanonicalEmail = Type.String({ description: 'The canonical e-mail address.' });

export const Profile = Type.Object(
  {
    id: Id,
    username: Type.String({ description: 'The name to show; empty until it is set.' }),
    email: CanonicalEmail,
  },
  { title: 'Profile', description: 'An account, as its owner sees it.', additionalProperties: false },
);
export type Profile = Static<typeof Profile>;

/** What registering answers with. */
export const RegisteredUser = Type.Object(
  { id: Id, email: CanonicalEmail },
  { title: 'RegisteredUser', description: 'The new account.', additionalProperties: false },
);
export type RegisteredUser = Static<typeof RegisteredUser>;

/** Whose account the examples are about: of the first to register. */
export const exampleProfile: Profile = { id: 1, username: '', email: 'user@example.com' };

/** What the examples register and log in with. */
export const exampleCredentials = { password: 'password', email: 'user@example.com' };
