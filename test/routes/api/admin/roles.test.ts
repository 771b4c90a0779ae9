// Operators list and change roles: /api/admin/roles/.
import t from 'tap';
import { ownPermissions } from '#roles/permissions.js';
import { makeAdmin } from '../../../support/admin.js';
import { testApp, testAppOn } from '../../../support/app.js';
import { matchAll } from '../../../support/match.js';
import { operatorsOf } from '../../../support/operator.js';
import { isProblem } from '../../../support/problem.js';
import { claimsOf } from '../../../support/service.js';
import { until } from '../../../support/until.js';

const env = { SETTING_ACCESS_TOKEN_LIFETIME: '3600' };
const service = await testApp(t, { env });
const { as, user, role, allowed, rows } = operatorsOf(t, service);
const admin = await makeAdmin(t, service);
const byAdmin = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object) =>
  as(admin.accessToken, method, path, payload);
const eventsOf = (name: string) =>
  rows`select event, actor_id, details from audit_events where target_type = 'role' and target_id = ${name} order by id`;

t.test('the list contains the built-in role, the created roles and the available permissions', async (t) => {
  const name = await role('users:read');
  const list = (await byAdmin('GET', '/roles/')).json();
  t.strictSame(list.own_permissions, ownPermissions);
  t.match(
    list.roles.find((each: { name: string }) => each.name === 'admin'),
    { built_in: true, permissions: Object.keys(ownPermissions) },
  );
  t.strictSame(
    list.roles.find((each: { name: string }) => each.name === name),
    { name, description: '', permissions: ['users:read'], built_in: false },
  );
});

t.test('the list is that of the table, although the instance that answers has not learned of a change', async (t) => {
  // No notification, as behind a pooler; the next poll is seconds away.
  await rows`insert into roles (name, permissions) values ('from-elsewhere', '{users:read}')`;
  const names = (await byAdmin('GET', '/roles/')).json().roles.map(({ name }: { name: string }) => name);
  t.ok(names.includes('from-elsewhere'));
  await rows`delete from roles where name = 'from-elsewhere'`;
});

t.test('a role can be created, changed and deleted, and each change is recorded with its actor', async (t) => {
  const made = await byAdmin('POST', '/roles/', {
    name: 'clerk',
    permissions: ['users:read', 'invoices:read', 'users:read'],
  });
  t.equal(made.statusCode, 201);
  t.strictSame(made.json(), {
    name: 'clerk',
    description: '',
    permissions: ['invoices:read', 'users:read'],
    built_in: false,
  });
  isProblem(t, await byAdmin('POST', '/roles/', { name: 'clerk', permissions: [] }), 'role_exists', 'again');
  isProblem(t, await byAdmin('POST', '/roles/', { name: 'admin', permissions: [] }), 'role_exists', 'built in');

  const clerk = await user('clerk');
  const changed = await byAdmin('PUT', '/roles/clerk/', { description: 'Counts.', permissions: ['audit:read'] });
  matchAll(t, changed.json(), { description: 'Counts.', permissions: ['audit:read'] });
  t.equal((await as(clerk.access_token, 'GET', '/audit/')).statusCode, 200, 'at once');
  isProblem(t, await as(clerk.access_token, 'GET', '/users/'), 'forbidden', 'at once');

  t.equal((await byAdmin('DELETE', '/roles/clerk/')).statusCode, 204);
  isProblem(t, await as(clerk.access_token, 'GET', '/audit/'), 'forbidden', 'at once');
  t.strictSame((await byAdmin('GET', `/users/${clerk.id}/`)).json().roles, [], 'every user loses the role');
  isProblem(t, await byAdmin('DELETE', '/roles/clerk/'), 'role_not_found', 'again');
  const by = { actor_id: admin.userId };
  t.strictSame(
    [...(await eventsOf('clerk'))],
    [
      { event: 'role.created', ...by, details: { permissions: ['invoices:read', 'users:read'] } },
      { event: 'role.changed', ...by, details: { from: ['invoices:read', 'users:read'], to: ['audit:read'] } },
      { event: 'role.deleted', ...by, details: { permissions: ['audit:read'], taken_from: 1 } },
    ],
  );
  await byAdmin('POST', '/roles/', { name: 'clerk', permissions: ['audit:read'] });
  isProblem(
    t,
    await as(clerk.access_token, 'GET', '/audit/'),
    'forbidden',
    'a new role of the same name is not given to former holders',
  );
});

t.test('a changed role takes effect on another instance and in its access tokens', async (t) => {
  const other = await testAppOn(t, service.databaseUrl, { env });
  const name = await role('users:read');
  const bearer = await user(name);
  await byAdmin('PUT', `/roles/${name}/`, { description: '', permissions: ['keys:read'] });
  t.equal((await operatorsOf(t, other).as(bearer.access_token, 'GET', '/keys/')).statusCode, 200, 'at once');
  await until(
    'the other instance has the change',
    async () => other.app.roles.find(name).permissions[0] === 'keys:read',
  );
  const pair = (await other.refresh(bearer.refresh_token)).json();
  matchAll(t, claimsOf(pair), { roles: [name], permissions: ['keys:read'] });
});

t.test('the built-in role cannot be changed or deleted', async (t) => {
  const changes = { description: '', permissions: [] };
  isProblem(t, await byAdmin('PUT', '/roles/admin/', changes), 'role_built_in', 'change');
  isProblem(t, await byAdmin('DELETE', '/roles/admin/'), 'role_built_in', 'delete');
});

t.test('an invalid role name is answered 404 in a path and refused in a body', async (t) => {
  const changes = { description: '', permissions: [] };
  for (const name of ['nobody', 'Admin', '%00', "x' or '1'='1", 'a'.repeat(65), '%25', '0']) {
    isProblem(t, await byAdmin('PUT', `/roles/${encodeURI(name)}/`, changes), 'role_not_found', name);
    isProblem(t, await byAdmin('DELETE', `/roles/${encodeURI(name)}/`), 'role_not_found', name);
  }
  const wrong = [
    { name: 'Admin', permissions: [] },
    { name: '', permissions: [] },
    { name: 'a b', permissions: [] },
    { name: 'good', permissions: ['Users:Read'] },
    { name: 'good', permissions: ['*'] },
    { name: 'good', permissions: [''] },
    { name: 'good', permissions: 'users:read' },
    { name: 'good', permissions: [], description: 'a\nb' },
    { name: 'good' },
  ];
  for (const body of wrong)
    isProblem(t, await byAdmin('POST', '/roles/', body), 'validation_failed', JSON.stringify(body));
});

t.test('an operator cannot create, change or delete a role beyond their own permissions', async (t) => {
  const own = await role('roles:read', 'roles:write', 'users:read');
  const operator = await user(own);
  const [more, less] = [await role('users:write'), await role('users:read')];
  const everything = Object.keys(ownPermissions);
  const call = (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object) =>
    as(operator.access_token, method, path, body);
  const body = (permissions: string[]) => ({ description: '', permissions });
  const made = { name: 'evil', permissions: everything };
  isProblem(t, await call('POST', '/roles/', made), 'forbidden', 'make');
  const applications = { name: 'evil', permissions: ['invoices:delete'] };
  isProblem(t, await call('POST', '/roles/', applications), 'forbidden', "an application's");
  isProblem(t, await call('PUT', `/roles/${own}/`, body(everything)), 'forbidden', 'a role of their own');
  isProblem(t, await call('PUT', `/roles/${less}/`, body(['users:read', 'users:write'])), 'forbidden', 'add');
  isProblem(t, await call('PUT', `/roles/${more}/`, body([])), 'forbidden', 'take away');
  isProblem(t, await call('DELETE', `/roles/${more}/`), 'forbidden', 'delete');
  isProblem(t, await call('PUT', '/roles/admin/', body([])), 'forbidden', 'the built-in one');
  t.equal((await call('PUT', `/roles/${less}/`, body(['roles:read']))).statusCode, 200);
  t.equal((await call('DELETE', `/roles/${less}/`)).statusCode, 204);
  const reader = await allowed('roles:read');
  isProblem(t, await as(reader.access_token, 'DELETE', `/roles/${more}/`), 'forbidden', 'with read permission only');
});
