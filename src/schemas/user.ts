// What an account shows of itself.
import { type Static, Type } from '@sinclair/typebox';

export const Profile = Type.Object(
  {
    id: Type.Integer({ minimum: 1, description: 'Never given to anybody else.' }),
    username: Type.String({ description: 'The name to show; empty until it is set.' }),
    email: Type.String({ description: 'The canonical e-mail address.' }),
  },
  { $id: 'Profile', title: 'Profile', description: 'An account, as its owner sees it.' },
);
export type Profile = Static<typeof Profile>;
