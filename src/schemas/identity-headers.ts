// The response headers in which a proxy finds the user of a request.
import { Type } from '@sinclair/typebox';

export const identityHeaders = {
  'X-User-Id': Type.Integer({ minimum: 1, description: 'The id of the user, from the `user_id` claim of the token.' }),
  'X-User-Roles': Type.String({
    description:
      'Comma-separated, each role percent-encoded. Empty if there are none, so that a proxy that copies the header overwrites one sent by the client.',
  }),
};

/** The headers for a user. */
export function identityHeadersOf({ userId, roles }: { readonly userId: number; readonly roles: readonly string[] }) {
  return { 'x-user-id': userId, 'x-user-roles': roles.map(encodeURIComponent).join() };
}
