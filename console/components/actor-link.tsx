// Who made a change, as the service names them: `user:12`, `cli:root`.
import { useConsole } from '../session.js';

export function Who({ name }: { readonly name: string | null }) {
  const { may } = useConsole();
  const [kind, id] = name?.split(':', 2) ?? [];
  if (kind === 'user' && id && may('users:read')) return <a href={`#/users/${id}`}>user {id}</a>;
  return <span>{name?.replace(':', ' ') ?? 'somebody'}</span>;
}
