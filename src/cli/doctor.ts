// latchkey doctor: checks the configuration and the database, and says how to fix what is wrong.

import { Command } from 'commander';
import { drizzle } from 'drizzle-orm/postgres-js';
import {
  checkAdmins,
  checkClock,
  checkConnection,
  checkDurability,
  checkIssuer,
  checkMailSettings,
  checkOutbox,
  checkPasskeys,
  checkServer,
  checkSettings,
  type Finding,
  fail,
  OVERDUE_SECONDS,
  ok,
  type Result,
  warn,
} from '#diagnosis/checks.js';
import { canDecryptAny, decodeKeyRow } from '#keys/decode-key-row.js';
import { createKeyEncryption } from '#keys/key-encryption.js';
import { createSigningKeysRepository, type SigningKeyRow } from '#keys/repository.js';
import { UnreadableSigningKeys } from '#keys/service.js';
import { failureOf } from '#mail/failure.js';
import { createMailsRepository } from '#mail/repository.js';
import { readTemplates } from '#mail/templates/files.js';
import { createSmtpTransport } from '#mail/transport.js';
import { type Configuration, readConfiguration } from '#platform/config/config.js';
import { createClient, type Db } from '#platform/database/database.js';
import {
  clockDifference,
  countWithRole,
  type DatabaseIdentity,
  describeMissing,
  inspectServer,
  missingPrivileges,
  readIdentity,
} from '#platform/database/diagnostics.js';
import { faultOf, readDurability } from '#platform/database/durability.js';
import { isMigrated, whyNotMigrated } from '#platform/database/migrations.js';
import { checkDatabase } from '#platform/database/probe.js';
import { readSessionFacts } from '#platform/database/session-facts.js';
import { attributeTo } from '#platform/errors/database-errors.js';
import { ADMIN_ROLE } from '#roles/permissions.js';
import { commandContext } from './command-context.js';
import { secretsOf, withDatabase } from './database.js';
import { describeFailure } from './error-message.js';
import { printJson, printTable } from './output.js';
import { readSettings } from './services.js';

/** The command. It changes nothing, except that it creates the embedded database if there is none. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check the configuration and the database; exits with 1 if a check fails')
    .option('--json', 'print JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const findings = await runChecks();
      if (json) printJson(findings);
      else
        printTable(findings.map(({ check, status, message }) => [status === 'fail' ? 'FAIL' : status, check, message]));
      if (findings.some(({ status }) => status === 'fail')) commandContext().exitCode = 1;
    });
}

async function runChecks(): Promise<Finding[]> {
  const findings: Finding[] = [];
  /** Runs a check, which fails if it throws. Resolves to whether it passed. */
  const check = async (name: string, run: () => Result | Promise<Result>): Promise<boolean> => {
    const result = await Promise.resolve().then(run).catch(failed);
    findings.push({ check: name, ...result });
    return result.status !== 'fail';
  };

  let config: Configuration | undefined;
  await check('configuration', async () => {
    config = readConfiguration(commandContext().environment());
    await secretsOf(config);
    return ok('complete');
  });
  if (config === undefined) return findings;
  const { issuer, database, mail, passkeys, production } = config;
  await check('issuer', () => checkIssuer(issuer));
  await check('passkeys', () => checkPasskeys(passkeys, production));
  await check('mail', () => checkMail(mail, production));

  const warnings: string[] = [];
  const inDatabase = withDatabase(
    async (db, adapted) => {
      if (!(await check('database', async () => checkServer(await inspectServer(db), database.url)))) return;
      await check('connection', () => checkConnection(database.url, warnings));
      if (database.directUrl !== undefined && database.directUrl !== database.url)
        await check('direct connection', () => checkDirect(db, database.directUrl ?? ''));
      if (database.replica !== undefined) {
        const { url } = database.replica;
        await check('replica', () => checkReplica(db, url));
      }
      await check('durability', async () => checkDurability(faultOf(await readDurability(db))));
      await check('clock', async () => checkClock(await clockDifference(db)));
      const allowed = await check('rights', async () =>
        checkRights(await missingPrivileges(db, await readSessionFacts(db))),
      );
      // The remaining checks read the tables.
      if (!allowed || !(await check('migrations', () => checkMigrations(db)))) return;
      await check('settings', async () => checkSettings((await readSettings(db, adapted)).list()));
      await check('signing keys', () => checkKeys(db, adapted));
      await check('outbox', async () => checkOutbox(await createMailsRepository(db).countProblems(OVERDUE_SECONDS)));
      await check('admin', async () => checkAdmins(await countWithRole(db, ADMIN_ROLE)));
    },
    { onWarning: (warning) => warnings.push(warning), anyVersion: true },
  );
  await inDatabase.catch((error: unknown) => findings.push({ check: 'database', ...failed(error) }));
  return findings;
}

async function checkMail(mail: Configuration['mail'], isProduction: boolean): Promise<Result> {
  if (mail !== undefined) readTemplates(mail.templates);
  if (mail?.type === 'smtp') {
    const { server, from } = mail;
    const transport = createSmtpTransport({ server, from });
    try {
      await transport.verify();
    } catch (error) {
      return fail(`${server.host}:${server.port}: ${failureOf(error).reason}`);
    } finally {
      transport.close();
    }
  }
  return checkMailSettings(mail, isProduction);
}

async function checkDirect(db: Db, url: string): Promise<Result> {
  const options = { url, poolSize: 1, transactionPooler: false, variable: 'DATABASE_DIRECT_URL' } as const;
  const { warnings, facts } = await checkDatabase(options);
  // Migrations would change another database, and changed settings would be noticed by polling only.
  if ((await identityAt(url, 'DATABASE_DIRECT_URL')).id !== (await readIdentity(db)).id)
    return fail('DATABASE_DIRECT_URL leads to another database than DATABASE_URL');
  if (facts.tables === null && facts.elsewhere !== null)
    return fail(`DATABASE_DIRECT_URL does not lead to the tables in the schema ${facts.elsewhere}`);
  return warnings.length === 0 ? ok('bypasses any pooler') : warn(warnings.join('; '));
}

/** The service reads from the primary instead of a replica that it cannot use. */
async function checkReplica(db: Db, url: string): Promise<Result> {
  const replica = await identityAt(url, 'DATABASE_REPLICA_URL');
  if (replica.id !== (await readIdentity(db)).id)
    return fail('DATABASE_REPLICA_URL leads to another database than DATABASE_URL');
  return replica.isStandby ? ok('a standby of the database') : warn('DATABASE_REPLICA_URL does not lead to a standby');
}

async function identityAt(url: string, variable: string): Promise<DatabaseIdentity> {
  const client = createClient({ url, poolSize: 1, transactionPooler: true });
  try {
    return await readIdentity(drizzle(client));
  } catch (error) {
    throw attributeTo(error, variable);
  } finally {
    await client.end({ timeout: 1 });
  }
}

function checkRights(missing: readonly string[]): Result {
  if (missing.length === 0) return ok('select, insert, update and delete on every table');
  return fail(describeMissing(missing));
}

async function checkMigrations(db: Db): Promise<Result> {
  const facts = await readSessionFacts(db);
  if (await isMigrated(db, facts)) return ok('all applied');
  return fail(`${whyNotMigrated(facts)}; run: latchkey migrate`);
}

async function checkKeys(db: Db, config: Configuration): Promise<Result> {
  const rows = (await createSigningKeysRepository(db).findAll()).filter(({ expired }) => !expired);
  if (rows.length === 0) return warn('there are none yet; the service creates them when it starts');
  const encryption = createKeyEncryption(await secretsOf(config));
  const results = await Promise.all(rows.map((row) => decodeKeyRow(row, encryption)));
  const undecodable = results.filter((result) => 'wrong' in result);
  const required = undecodable.filter(({ row }) => row.state !== 'retired');
  if (required.length > 0) {
    const decoded = results.filter((result) => 'key' in result);
    return fail(new UnreadableSigningKeys(required, canDecryptAny(decoded, encryption)).message);
  }
  if (undecodable.length > 0)
    return warn(
      `cannot be read: ${undecodable.map(({ row, wrong }) => `${row.kid} (${row.state}: ${wrong})`).join(', ')}; the tokens that they have signed are rejected`,
    );
  const missing = (['active', 'next'] as const).filter((state) => !has(rows, state));
  if (missing.length > 0) return warn(`there is no ${missing.join(' and no ')} key; a running service creates it`);
  return ok(`${rows.length} readable, including the active and the next key`);
}

function has(rows: readonly SigningKeyRow[], state: SigningKeyRow['state']): boolean {
  return rows.some((row) => row.state === state);
}

function failed(error: unknown): Result {
  return fail(describeFailure(error) ?? `the check failed: ${error instanceof Error ? error.name : 'unknown error'}`);
}
