// How proxies are told whose request it is: the headers of an answer that lets it through.
import { Type } from '@sinclair/typebox';

export const identityHeaders = {
  'X-User-Id': Type.Integer({ minimum: 1, description: 'The account: `user_id` of the token.' }),
  'X-User-Roles': Type.String({
    description:
      'Its roles, comma-separated, each percent-encoded; empty when there are none, so that a proxy which copies the header overwrites one that a stranger has sent.',
  }),
};

/** The same, filled in. */
export function identify({ userId, roles }: { readonly userId: number; readonly roles: readonly string[] }) {
  return { 'x-user-id': userId, 'x-user-roles': roles.map(encodeURIComponent).join() };
}
