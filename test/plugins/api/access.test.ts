// Who may call what: the list, the guard and the OpenAPI document agree.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RouteOptions } from 'fastify';
import t from 'tap';
import { packageRoot } from '#platform/process/package-info.js';
import { ownPermissions } from '#roles/permissions.js';
import { needsToken, operationsOf } from '../../openapi/document.js';
import { type TestApp, testApp } from '../../support/app.js';
import { operatorsOf, type TestUser } from '../../support/operator.js';

const COMMITTED = join(packageRoot, 'docs', 'api-access.md');

const service = await testApp(t, { env: { SETTING_ACCESS_TOKEN_LIFETIME: '3600' } });

t.test('docs/api-access.md lists every route with who may call it', async (t) => {
  const list = accessList(service.routes);
  // npm run openapi:update
  if (process.env.TAP_SNAPSHOT === '1') writeFileSync(COMMITTED, list);
  const message = 'docs/api-access.md is out of date. If the change is intended: npm run openapi:update';
  t.equal(list, readFileSync(COMMITTED, 'utf8'), message);
});

t.test(
  'every route that is not public refuses a caller without a token, by any of its methods and spellings',
  async (t) => {
    const { routes, inject } = service;
    const guarded = routes.filter(({ config }) => config?.access !== 'public');
    t.ok(guarded.length > 30);
    for (const { url, method } of guarded) {
      for (const each of [method].flat() as ('GET' | 'PUT')[]) {
        for (const spelling of [withoutSlash(url), `${withoutSlash(url)}/`]) {
          const nobody = await inject({ method: each, url: spelling });
          t.equal(nobody.statusCode, 401, `${each} ${spelling} without a token`);
          t.equal(nobody.headers['www-authenticate'], 'Bearer realm="latchkey"');
          const liar = await inject({ method: each, url: spelling, headers: { authorization: 'Bearer a.b.c' } });
          t.equal(liar.statusCode, 401, `${each} ${spelling} with a bad token`);
          t.equal(liar.headers['www-authenticate'], 'Bearer realm="latchkey", error="invalid_token"');
        }
      }
    }
  },
);

t.test('a route with a permission accepts a caller who has only that one, and no caller without it', async (t) => {
  const { user, allowed } = operatorsOf(t, service);
  const all = Object.keys(ownPermissions);
  const plain = await user();
  const only = new Map<string, TestUser>();
  const allBut = new Map<string, TestUser>();
  for (const permission of all) {
    only.set(permission, await allowed(permission, 'invoices:read'));
    allBut.set(permission, await allowed(...all.filter((each) => each !== permission)));
  }
  const guarded = service.routes.filter(({ config }) => !['public', 'user'].includes(config?.access ?? ''));
  t.ok(guarded.length > 20);
  for (const { url, method, config } of guarded) {
    const permission = config?.access ?? '';
    t.ok(all.includes(permission), `${url}: ${permission} is one of ours`);
    for (const each of [method].flat() as ('GET' | 'HEAD' | 'PUT')[]) {
      // The ids do not exist: only the decision of the guard matters.
      const request = {
        method: each,
        url: `${withoutSlash(url.replaceAll(/:\w+/g, '0'))}/`,
        ...(!['GET', 'HEAD'].includes(each) && { payload: {} }),
      };
      const answerTo = async (bearer: TestUser | undefined) =>
        (await service.inject({ ...request, headers: { authorization: `Bearer ${bearer?.access_token}` } })).statusCode;
      t.equal(await answerTo(plain), 403, `${each} ${url}: without a role`);
      t.equal(await answerTo(allBut.get(permission)), 403, `${each} ${url}: with all others`);
      const status = await answerTo(only.get(permission));
      t.notOk([401, 403].includes(status) || status >= 500, `${each} ${url}: with ${permission} alone: ${status}`);
    }
  }
});

t.test('the permission that an operation requires is in its description, once', async (t) => {
  const { app, routes } = service;
  const named: Record<string, string[]> = {};
  const declared: Record<string, string[]> = {};
  for (const { operationId, method, path, description } of operationsOf(app.swagger())) {
    const route = routes.find(
      ({ url, method: of }) => documentedPath(withoutSlash(url)) === withoutSlash(path) && [of].flat().includes(method),
    );
    const access = route?.config?.access ?? 'no such route';
    declared[operationId] = ['public', 'user'].includes(access) ? [] : [access];
    named[operationId] = [...description.matchAll(/Requires the permission `([^`]*)`/g)].map(([, name = '']) => name);
  }
  t.ok(Object.values(declared).flat().length > 20);
  t.strictSame(named, declared);
});

t.test('an operation is documented with security exactly when its guard requires a token', async (t) => {
  const { app, inject } = service;
  const operations = operationsOf(app.swagger());
  t.ok(operations.length > 30);
  for (const operation of operations) {
    const { operationId, method, path: url, security } = operation;
    const response = await inject({ method, url });
    const guarded = response.body.includes('"missing_token"');
    t.equal(guarded, needsToken(operation), operationId);
    t.strictSame(security, guarded ? [{ bearerAuth: [] }] : []);
  }
});

t.test('the document has every route of the API', async (t) => {
  const { app, routes } = service;
  const documented = operationsOf(app.swagger()).map(({ method, path }) => `${method} ${withoutSlash(path)}`);
  const registered = routes
    .filter(({ schema }) => !(schema as { hide?: boolean } | undefined)?.hide)
    .flatMap(({ method, url }) => [method].flat().map((each) => `${each} ${documentedPath(withoutSlash(url))}`))
    .filter((route) => !route.startsWith('HEAD '));
  t.strictSame(documented.sort(), registered.sort());
});

function accessList(routes: TestApp['routes']): string {
  const rows = routes
    .flatMap((route) => [route.method].flat().map((method) => row(method, route)))
    // Each GET route also accepts HEAD, with the same guard.
    .filter((each) => !each.startsWith('| HEAD'));
  return [
    '# Who may call what',
    '',
    'Every route declares its callers in `config.access`. `plugins/api/access.ts` enforces the declaration,',
    '`plugins/api/route-documentation.ts` derives the `security` of the OpenAPI document from it, and the service does not start',
    'while a route declares nothing. A GET route also accepts HEAD, under the same guard.',
    '',
    'This list is generated (`npm run openapi:update`), and `test/plugins/api/access.test.ts` compares it with the running service.',
    'A change of the list is a change of who may do what: review it as one.',
    '',
    '- `public`: any caller.',
    '- `user`: the bearer of an access token, who can reach only their own account.',
    '- a permission such as `users:read`: a bearer whose session is live and whose roles grant the permission, according to the',
    '  database at the time of the request ([roles](roles.md)).',
    '',
    '| method | path | access | operation |',
    '|---|---|---|---|',
    ...[...new Set(rows)].sort(byPath),
    '',
  ].join('\n');
}

function row(method: string, { url, config, schema }: RouteOptions): string {
  const { operationId } = (schema ?? {}) as { operationId?: string };
  const path = url.startsWith('/api/') && !url.endsWith('*') ? `${withoutSlash(documentedPath(url))}/` : url;
  return `| ${method} | \`${path}\` | ${config?.access} | ${operationId ?? ''} |`.replace('|  |', '| |');
}

function byPath(a: string, b: string): number {
  const key = (line: string) => line.split('|').slice(1, 3).reverse().join();
  return key(a) < key(b) ? -1 : 1;
}

/** With its parameters as OpenAPI spells them. */
function documentedPath(url: string): string {
  return url.replaceAll(/:(\w+)/g, '{$1}');
}

function withoutSlash(path: string): string {
  return path.replace(/\/$/, '') || '/';
}
