// The groups of operations in the OpenAPI document. The path of an operation decides its group, so a new route needs no entry here.
import type { Operation, Paths } from './document.js';

interface Group {
  readonly name: string;
  readonly description: string;
  /** What the paths of the group begin with. If the paths of several groups fit, the longest counts. */
  readonly paths: readonly string[];
}

/** The operations that every client uses, in the order in which it uses them. They come first, whatever their paths. */
const FIRST = ['register', 'login', 'refresh', 'getMe', 'updateMe', 'logout'];
const FIRST_GROUP: Group = {
  name: 'Authentication',
  description: 'Register, log in, refresh the tokens, read and change the account, log out.',
  paths: [],
};

/** All paths of operators' operations begin with this. */
export const OPERATORS_PATH = '/api/admin/';

const GROUPS: readonly Group[] = [
  FIRST_GROUP,
  { name: 'Account', description: 'More about the account of the user.', paths: ['/api/', '/api/me/'] },
  {
    name: 'Sessions',
    description: 'List and end the sessions of the user.',
    paths: ['/api/me/sessions/', '/api/logout/'],
  },
  { name: 'Sign-in', description: 'Log in without a password.', paths: ['/api/login/'] },
  {
    name: 'Second factors',
    description: 'Authenticator apps, passkeys and recovery codes, which a login then asks for.',
    paths: ['/api/me/factors/', '/api/login/second-factor/'],
  },
  { name: 'Password', description: 'Replace a forgotten password.', paths: ['/api/password/'] },
  { name: 'E-mail', description: 'Prove and change the e-mail address of an account.', paths: ['/api/email/'] },
  {
    name: 'Tokens',
    description: 'Verify access tokens, here or in another service.',
    paths: ['/api/verify/', '/.well-known/'],
  },
  { name: 'Health', description: 'For platforms that start, stop and watch the service.', paths: ['/'] },
  { name: 'Admin: accounts', description: 'Manage accounts and their sessions.', paths: [`${OPERATORS_PATH}users/`] },
  { name: 'Admin: roles', description: 'Manage roles.', paths: [`${OPERATORS_PATH}roles/`] },
  { name: 'Admin: settings', description: 'Read and change live settings.', paths: [`${OPERATORS_PATH}settings/`] },
  { name: 'Admin: keys', description: 'Rotate and retire signing keys.', paths: [`${OPERATORS_PATH}keys/`] },
  { name: 'Admin: audit log', description: 'Read the audit log.', paths: [`${OPERATORS_PATH}audit/`] },
  { name: 'Admin: mails', description: 'Watch the delivery of e-mails.', paths: [`${OPERATORS_PATH}mails/`] },
  { name: 'Admin: service', description: 'Set up and watch the service.', paths: [OPERATORS_PATH] },
];

const METHODS = ['get', 'put', 'patch', 'post', 'delete'];

/** The name of an operation's group. */
export function groupOf(path: string, operationId: string): string {
  if (FIRST.includes(operationId)) return FIRST_GROUP.name;
  const fitting = GROUPS.flatMap(({ name, paths }) =>
    paths.filter((each) => path.startsWith(each)).map((each) => ({ name, length: each.length })),
  ).sort((a, b) => b.length - a.length);
  return fitting[0]?.name ?? FIRST_GROUP.name;
}

/** Whether every client uses an operation. */
export function isFirst({ operationId }: Operation): boolean {
  return FIRST.includes(operationId);
}

/** Whether a group is one of operators. */
export function isOperatorsGroup(name: string): boolean {
  return GROUPS.some((group) => group.name === name && group.paths.some((path) => path.startsWith(OPERATORS_PATH)));
}

/** The `tags` of a document with these operations: the groups that have any. */
export function tagsOf(paths: Paths): { name: string; description: string }[] {
  const used = new Set(
    Object.values(paths).flatMap((methods) => Object.values(methods).flatMap(({ tags = [] }) => tags)),
  );
  return GROUPS.filter(({ name }) => used.has(name)).map(({ name, description }) => ({ name, description }));
}

/** Paths and methods in the order of the groups, whatever the order in which the routes were loaded. */
export function inOrder(paths: Paths): Paths {
  return sortedBy(
    Object.entries(paths).map(([path, methods]) => [
      path,
      sortedBy(Object.entries(methods), ([method]) => [METHODS.indexOf(method)]),
    ]),
    ([path, methods]) => {
      const ranks = Object.values(methods).map(rankOf);
      return [...(ranks.sort(compare)[0] ?? []), path];
    },
  );
}

function rankOf({ operationId, tags = [] }: Operation): Rank {
  return [GROUPS.findIndex(({ name }) => tags.includes(name)), FIRST.indexOf(operationId)];
}

type Rank = (number | string)[];

function compare(a: Rank, b: Rank): number {
  for (const [i, each] of a.entries()) {
    const other = b[i] ?? each;
    if (each !== other) return each < other ? -1 : 1;
  }
  return 0;
}

function sortedBy<T>(entries: [string, T][], key: (entry: [string, T]) => Rank): Record<string, T> {
  return Object.fromEntries(entries.sort((a, b) => compare(key(a), key(b))));
}
