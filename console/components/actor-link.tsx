// The actor of a settings change, which the API names `user:12` or `cli:root`; users link to their page.
import { useConsole } from '../session.js';

export function ActorLink({ name }: { readonly name: string | null }) {
  const { hasPermission } = useConsole();
  const [type, id] = name?.split(':', 2) ?? [];
  if (type === 'user' && id && hasPermission('users:read')) return <a href={`#/users/${id}`}>user {id}</a>;
  return <span>{name?.replace(':', ' ') ?? 'another operator'}</span>;
}
