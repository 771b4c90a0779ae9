// The SQL of docs/database.md works as described.
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { withDatabaseName } from '../../../support/database.js';
import { matchAll } from '../../../support/match.js';
import { codeBlocks } from '../../../support/page.js';
import { claimsOf, exerciseContract, runCommand, startService, tokensOf } from '../../../support/service.js';
import { until } from '../../../support/until.js';

const [makeRoles = '', grantRights = ''] = codeBlocks('database.md', 'sql');

/** Runs the statements one by one, since CREATE DATABASE must be alone. */
async function run(sql: postgres.Sql, script: string): Promise<void> {
  for (const statement of script.split(/;\n/)) if (statement.trim() !== '') await sql.unsafe(statement);
}

function connectTo(t: Pick<Test, 'teardown'>, url: string): postgres.Sql {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  t.teardown(() => sql.end());
  return sql;
}

t.test('the owner migrates, and the service works with a role that cannot change tables', async (t) => {
  const server = process.env.TEST_DATABASE_URL ?? '';
  // Other names than on the page, which may be in use on this server.
  const prefix = `latchkey_page_${process.pid}`;
  const renamed = (script: string) => script.replaceAll('latchkey', prefix);
  const admin = postgres(server, { max: 1, onnotice: () => {} });
  t.teardown(async () => {
    await admin.unsafe(`drop database if exists ${prefix} with (force)`);
    await admin.unsafe(`drop role if exists ${prefix}_owner, ${prefix}_app`);
    await admin.end();
  });
  const as = (role: string) =>
    Object.assign(new URL(withDatabaseName(server, prefix)), {
      username: `${prefix}_${role}`,
      password: `${role}-password`,
    }).href;

  await run(admin, renamed(makeRoles));
  const adminThere = postgres(withDatabaseName(server, prefix), { max: 1, onnotice: () => {} });
  await run(adminThere, renamed(grantRights));
  await adminThere.end();

  const asApp = await runCommand(['migrate'], { DATABASE_URL: as('app') });
  t.equal(asApp.code, 1);
  t.match(asApp.stderr, /^latchkey: the database user lacks a privilege; .+\n$/);
  const asOwner = await runCommand(['migrate'], { DATABASE_URL: as('owner') });
  t.equal(asOwner.code, 0, asOwner.stderr);

  const service = await startService(t, as('app'));
  await exerciseContract(t, service);
  const set = await runCommand(['settings', 'set', 'ACCESS_TOKEN_LIFETIME', '60'], { DATABASE_URL: as('app') });
  t.equal(set.code, 0, set.stderr);
  await service.register('listener@example.com');
  await until('the change reaches the service', async () => {
    const { iat, exp } = claimsOf(tokensOf(await service.login('listener@example.com')));
    return Number(exp) - Number(iat) === 60;
  });

  const app = connectTo(t, as('app'));
  for (const statement of ['create table t (id int)', 'drop table users', 'alter table users add column x int']) {
    await t.rejects(app.unsafe(statement), { code: '42501' }, statement);
  }
  matchAll(t, await app`show statement_timeout`, [{ statement_timeout: '2s' }]);
});
