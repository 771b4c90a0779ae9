// latchkey doctor: checks the configuration and the database, and says how to fix what is wrong.

import { Command } from 'commander';
import { canDecryptAny, decodeKeyRow } from '#keys/decode-key-row.js';
import { createKeyEncryption } from '#keys/key-encryption.js';
import { createSigningKeysRepository, type SigningKeyRow } from '#keys/repository.js';
import { UnreadableSigningKeys } from '#keys/service.js';
import { failureOf } from '#mail/failure.js';
import { createMailsRepository } from '#mail/repository.js';
import { readTemplates } from '#mail/templates/files.js';
import { createSmtpTransport } from '#mail/transport.js';
import { type Configuration, readConfiguration } from '#platform/config/config.js';
import { parseDatabaseUrl } from '#platform/config/database-url.js';
import { unsafeConnection } from '#platform/database/connection-security.js';
import type { Db } from '#platform/database/database.js';
import {
  clockDifference,
  countWithRole,
  inspectServer,
  missingPrivileges,
  type ServerFacts,
} from '#platform/database/diagnostics.js';
import { type DurabilityFault, faultOf, readDurability } from '#platform/database/durability.js';
import { isMigrated, whyNotMigrated } from '#platform/database/migrations.js';
import { checkDatabase } from '#platform/database/probe.js';
import { ADMIN_ROLE } from '#roles/permissions.js';
import { commandContext } from './command-context.js';
import { secretsOf, withDatabase } from './database.js';
import { describeFailure } from './error-message.js';
import { printJson, printTable } from './output.js';
import { readSettings } from './services.js';

const OLDEST_POSTGRES = 15;
const NEWEST_POSTGRES = 18;
const CLOCK_TOLERANCE_SECONDS = 5;
/** A mail that has waited for longer is reported. */
const OVERDUE_SECONDS = 600;

type Status = 'ok' | 'warn' | 'FAIL';

interface Finding {
  readonly check: string;
  readonly status: Status;
  readonly message: string;
}

type Result = Omit<Finding, 'check'>;

/** The command. It changes nothing, except that it creates the embedded database if there is none. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check the configuration and the database; exits with 1 if a check fails')
    .option('--json', 'print JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const findings = await runChecks();
      if (json) printJson(findings.map((finding) => ({ ...finding, status: finding.status.toLowerCase() })));
      else printTable(findings.map(({ check, status, message }) => [status, check, message]));
      if (findings.some(({ status }) => status === 'FAIL')) commandContext().exitCode = 1;
    });
}

async function runChecks(): Promise<Finding[]> {
  const findings: Finding[] = [];
  /** Runs a check, which fails if it throws. Resolves to whether it passed. */
  const check = async (name: string, run: () => Result | Promise<Result>): Promise<boolean> => {
    const result = await Promise.resolve().then(run).catch(failed);
    findings.push({ check: name, ...result });
    return result.status !== 'FAIL';
  };

  let config: Configuration | undefined;
  await check('configuration', async () => {
    config = readConfiguration(commandContext().environment());
    await secretsOf(config);
    return ok('complete');
  });
  if (config === undefined) return findings;
  const { issuer, database } = config;
  await check('issuer', () => checkIssuer(issuer));
  const { mail } = config;
  await check('mail', () => checkMail(mail, commandContext().environment().NODE_ENV === 'production'));

  const warnings: string[] = [];
  const inDatabase = withDatabase(
    async (db, adapted) => {
      if (!(await check('database', async () => checkServer(await inspectServer(db), database.url)))) return;
      await check('connection', () => checkConnection(database.url, warnings));
      if (database.directUrl !== undefined && database.directUrl !== database.url)
        await check('direct connection', () => checkDirect(database.directUrl ?? ''));
      await check('durability', async () => checkDurability(faultOf(await readDurability(db))));
      await check('clock', async () => checkClock(await clockDifference(db)));
      const allowed = await check('rights', async () => checkRights(await missingPrivileges(db)));
      // The remaining checks read the tables.
      if (!allowed || !(await check('migrations', () => checkMigrations(db)))) return;
      await check('settings', () => checkSettings(db, adapted));
      await check('signing keys', () => checkKeys(db, adapted));
      await check('outbox', async () => checkOutbox(await createMailsRepository(db).countProblems(OVERDUE_SECONDS)));
      await check('admin', async () => checkAdmins(await countWithRole(db, ADMIN_ROLE)));
    },
    (warning) => warnings.push(warning),
  );
  await inDatabase.catch((error: unknown) => findings.push({ check: 'database', ...failed(error) }));
  return findings;
}

function checkIssuer(issuer: string): Result {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url?.protocol === 'https:') return ok(issuer);
  if (url?.protocol === 'http:') return warn(`${issuer} does not use https; set ISSUER to the public https URL`);
  return warn(
    `${issuer} is not a URL, so other services cannot discover the keys; set ISSUER, for example ISSUER=https://auth.example.com`,
  );
}

async function checkMail(mail: Configuration['mail'], isProduction: boolean): Promise<Result> {
  if (mail === undefined) {
    const message =
      'SMTP_URL is not set: operations that send mail, such as POST /api/password/forgot/, return 503 mail_unavailable';
    return isProduction ? warn(message) : ok(message);
  }
  readTemplates(mail.templates);
  if (mail.type === 'catch') return ok('e-mails are not sent, but shown at /dev/mail/');
  const { server, from } = mail;
  const transport = createSmtpTransport({ server, from });
  try {
    await transport.verify();
  } catch (error) {
    return fail(`${server.host}:${server.port}: ${failureOf(error).reason}`);
  } finally {
    transport.close();
  }
  const login = server.user === undefined ? 'without login' : 'with login';
  const where = `${server.host}:${server.port} ${login}`;
  if (server.tls === 'implicit' || server.tls === 'required') return ok(`${where}, over TLS`);
  return warn(`${where}; ?tls=${server.tls} in SMTP_URL may send e-mails, which contain tokens, without TLS`);
}

function checkOutbox({ dead, overdue, waiting }: { dead: number; overdue: number; waiting: number }): Result {
  const problems = [
    ...(dead > 0 ? [`${dead} ${dead === 1 ? 'e-mail was' : 'e-mails were'} given up`] : []),
    ...(overdue > 0 ? [`${overdue} of ${waiting} waiting e-mails are older than ${OVERDUE_SECONDS / 60} minutes`] : []),
  ];
  if (problems.length > 0) return warn(`${problems.join('; ')}; run: latchkey mail list`);
  return ok(`${waiting} ${waiting === 1 ? 'e-mail waits' : 'e-mails wait'}, none was given up`);
}

function checkServer({ version, user }: ServerFacts, url: string | undefined): Result {
  const major = Math.floor(version / 10_000);
  const what = `Postgres ${major}.${version % 10_000} at ${placeOf(url)} as ${user}`;
  if (major < OLDEST_POSTGRES)
    return fail(`${what} is too old; versions ${OLDEST_POSTGRES} to ${NEWEST_POSTGRES} are supported`);
  if (major > NEWEST_POSTGRES)
    return warn(`${what} is newer than the versions that were tested (${OLDEST_POSTGRES} to ${NEWEST_POSTGRES})`);
  return ok(what);
}

/** The hosts and the database, without user, password and parameters. */
function placeOf(url: string | undefined): string {
  if (url === undefined) return 'DATA_DIR (embedded)';
  const { hosts, database } = parseDatabaseUrl(url);
  const places = hosts.map(({ host, port }) => {
    const name = host.includes(':') ? `[${host}]` : host;
    return port === 5432 ? name : `${name}:${port}`;
  });
  return `${places.join(',')}/${database}`;
}

/** Reports the same warnings as the start of the service. */
function checkConnection(url: string | undefined, warnings: readonly string[]): Result {
  const unsafe = url === undefined ? undefined : unsafeConnection(url);
  const all = [
    ...(unsafe === undefined ? [] : [`the connection ${unsafe}; add ?sslmode=verify-full to DATABASE_URL`]),
    ...warnings,
  ];
  return all.length === 0 ? ok('no problems found') : warn(all.join('; '));
}

async function checkDirect(url: string): Promise<Result> {
  const options = { url, poolSize: 1, transactionPooler: false, variable: 'DATABASE_DIRECT_URL' } as const;
  const { warnings, facts } = await checkDatabase(options);
  if (facts.tables === null && facts.elsewhere !== null)
    return fail(`DATABASE_DIRECT_URL does not lead to the tables in the schema ${facts.elsewhere}`);
  return warnings.length === 0 ? ok('bypasses any pooler') : warn(warnings.join('; '));
}

function checkDurability(fault: DurabilityFault | undefined): Result {
  if (fault === undefined) return ok('a commit survives a crash');
  return fault.kind === 'local' ? warn(fault.message) : fail(fault.message);
}

function checkClock(difference: number): Result {
  const size = Math.abs(difference);
  if (size < CLOCK_TOLERANCE_SECONDS) return ok(`within ${CLOCK_TOLERANCE_SECONDS} s of the clock of Postgres`);
  const direction = difference > 0 ? 'behind' : 'ahead of';
  return fail(
    `this machine is ${size.toFixed(0)} s ${direction} Postgres, so tokens expire early or late; synchronize both clocks with NTP`,
  );
}

function checkRights(missing: readonly string[]): Result {
  if (missing.length === 0) return ok('select, insert, update and delete on every table');
  return fail(`the database user lacks ${missing.join(', ')}; docs/database.md lists the grants`);
}

async function checkMigrations(db: Db): Promise<Result> {
  if (await isMigrated(db)) return ok('all applied');
  return fail(`${await whyNotMigrated(db)}; run: latchkey migrate`);
}

async function checkSettings(db: Db, config: Configuration): Promise<Result> {
  const ignored = (await readSettings(db, config))
    .list()
    .flatMap(({ name, ignored: reason }) => (reason === undefined ? [] : [`${name} ${reason}`]));
  if (ignored.length === 0) return ok('every value is valid');
  return warn(`invalid values are ignored: ${ignored.join('; ')}; run: latchkey settings set <name> <value>`);
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

function checkAdmins(count: number): Result {
  if (count > 0) return ok(`${count} ${count === 1 ? 'account' : 'accounts'} with the role ${ADMIN_ROLE} can log in`);
  return warn('no account with the role admin can log in; run: latchkey users create <email> --role admin');
}

const ok = (message: string): Result => ({ status: 'ok', message });
const warn = (message: string): Result => ({ status: 'warn', message });
const fail = (message: string): Result => ({ status: 'FAIL', message });

function failed(error: unknown): Result {
  return fail(describeFailure(error) ?? `the check failed: ${error instanceof Error ? error.name : 'unknown error'}`);
}
