// latchkey doctor: what is right and wrong with configuration and database, and what to do about it.
import { Command } from 'commander';
import { provesSecret, readRow } from '#keys/decode-key-row.js';
import { createSeal } from '#keys/key-encryption.js';
import { createSigningKeysRepository, type SigningKeyRow } from '#keys/repository.js';
import { UnreadableSigningKeys } from '#keys/service.js';
import { type Configuration, readConfiguration } from '#platform/config/config.js';
import { parseDatabaseUrl } from '#platform/config/database-url.js';
import { loadEnvironment } from '#platform/config/environment.js';
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
import { secretsOf, withDatabase } from './database.js';
import { describeFailure } from './error-message.js';
import { printJson, printTable } from './output.js';
import { readSettings } from './services.js';

const OLDEST = 15;
const NEWEST = 18;
/** Seconds. */
const CLOCK_TOLERANCE = 5;

type Status = 'ok' | 'warn' | 'FAIL';

interface Finding {
  readonly check: string;
  readonly status: Status;
  readonly message: string;
}

type Verdict = Omit<Finding, 'check'>;

/** The command. It changes nothing, but for an embedded database that it makes where none is; ends with 1 when a check fails. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check configuration and database; exit code 1 when something has to be done')
    .option('--json', 'as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const findings = await examine();
      if (json) printJson(findings.map((finding) => ({ ...finding, status: finding.status.toLowerCase() })));
      else printTable(findings.map(({ check, status, message }) => [status, check, message]));
      if (findings.some(({ status }) => status === 'FAIL')) process.exitCode = 1;
    });
}

async function examine(): Promise<Finding[]> {
  const findings: Finding[] = [];
  /** A check that cannot be made has failed; true: it has not. */
  const check = async (name: string, look: () => Verdict | Promise<Verdict>): Promise<boolean> => {
    const verdict = await Promise.resolve().then(look).catch(failed);
    findings.push({ check: name, ...verdict });
    return verdict.status !== 'FAIL';
  };

  let config: Configuration | undefined;
  await check('configuration', async () => {
    config = readConfiguration(loadEnvironment());
    await secretsOf(config);
    return ok('complete');
  });
  if (config === undefined) return findings;
  const { issuer, database } = config;
  await check('issuer', () => checkIssuer(issuer));

  const warnings: string[] = [];
  const inDatabase = withDatabase(
    async (db, known) => {
      if (!(await check('database', async () => checkServer(await inspectServer(db), database.url)))) return;
      await check('connection', () => checkConnection(database.url, warnings));
      if (database.directUrl !== undefined && database.directUrl !== database.url)
        await check('direct connection', () => checkDirect(database.directUrl ?? ''));
      await check('durability', async () => checkDurability(faultOf(await readDurability(db))));
      await check('clock', async () => checkClock(await clockDifference(db)));
      const allowed = await check('rights', async () => checkRights(await missingPrivileges(db)));
      // What follows reads the tables.
      if (!allowed || !(await check('migrations', () => checkMigrations(db)))) return;
      await check('settings', () => checkSettings(db, known));
      await check('signing keys', () => checkKeys(db, known));
      await check('admin', async () => checkAdmins(await countWithRole(db, ADMIN_ROLE)));
    },
    (warning) => warnings.push(warning),
  );
  await inDatabase.catch((error: unknown) => findings.push({ check: 'database', ...failed(error) }));
  return findings;
}

function checkIssuer(issuer: string): Verdict {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url?.protocol === 'https:') return ok(issuer);
  if (url?.protocol === 'http:') return warn(`${issuer} is not https; set ISSUER to the public https URL`);
  return warn(
    `${issuer} is not a URL: other services cannot find the keys by it; set ISSUER, for example ISSUER=https://auth.example.com`,
  );
}

function checkServer({ version, user }: ServerFacts, url: string | undefined): Verdict {
  const major = Math.floor(version / 10_000);
  const what = `Postgres ${major}.${version % 10_000} at ${placeOf(url)} as ${user}`;
  if (major < OLDEST) return fail(`${what} is too old; versions ${OLDEST} to ${NEWEST} are supported`);
  if (major > NEWEST) return warn(`${what} is newer than what this version was tested with (${OLDEST} to ${NEWEST})`);
  return ok(what);
}

/** Never with user, password or parameters. */
function placeOf(url: string | undefined): string {
  if (url === undefined) return 'DATA_DIR (embedded)';
  const { hosts, database } = parseDatabaseUrl(url);
  const places = hosts.map(({ host, port }) => {
    const name = host.includes(':') ? `[${host}]` : host;
    return port === 5432 ? name : `${name}:${port}`;
  });
  return `${places.join(',')}/${database}`;
}

/** What the service logs at its start. */
function checkConnection(url: string | undefined, warnings: readonly string[]): Verdict {
  const unsafe = url === undefined ? undefined : unsafeConnection(url);
  const all = [
    ...(unsafe === undefined ? [] : [`the connection ${unsafe}; end DATABASE_URL with ?sslmode=verify-full`]),
    ...warnings,
  ];
  return all.length === 0 ? ok('as the service needs it') : warn(all.join('; '));
}

async function checkDirect(url: string): Promise<Verdict> {
  const options = { url, poolSize: 1, transactionPooler: false, variable: 'DATABASE_DIRECT_URL' } as const;
  const { warnings, facts } = await checkDatabase(options);
  if (facts.tables === null && facts.elsewhere !== null)
    return fail(`DATABASE_DIRECT_URL does not lead to the tables in the schema ${facts.elsewhere}`);
  return warnings.length === 0 ? ok('past any pooler') : warn(warnings.join('; '));
}

function checkDurability(fault: DurabilityFault | undefined): Verdict {
  if (fault === undefined) return ok('a commit survives a crash');
  return fault.kind === 'local' ? warn(fault.message) : fail(fault.message);
}

function checkClock(difference: number): Verdict {
  const size = Math.abs(difference);
  if (size < CLOCK_TOLERANCE) return ok(`less than ${CLOCK_TOLERANCE} s from that of Postgres`);
  const direction = difference > 0 ? 'behind' : 'ahead of';
  return fail(
    `this machine is ${size.toFixed(0)} s ${direction} Postgres: tokens expire early or late; let NTP set both`,
  );
}

function checkRights(missing: readonly string[]): Verdict {
  if (missing.length === 0) return ok('select, insert, update and delete on every table');
  return fail(`the database user lacks ${missing.join(', ')}; docs/database.md lists the grants`);
}

async function checkMigrations(db: Db): Promise<Verdict> {
  if (await isMigrated(db)) return ok('all applied');
  return fail(`${await whyNotMigrated(db)}; run: latchkey migrate`);
}

async function checkSettings(db: Db, config: Configuration): Promise<Verdict> {
  const ignored = (await readSettings(db, config))
    .list()
    .flatMap(({ name, ignored: wrong }) => (wrong === undefined ? [] : [`${name} ${wrong}`]));
  if (ignored.length === 0) return ok('every value can be');
  return warn(`not acted on: ${ignored.join('; ')}; run: latchkey settings set <name> <value>`);
}

async function checkKeys(db: Db, config: Configuration): Promise<Verdict> {
  const rows = (await createSigningKeysRepository(db).findAll()).filter(({ expired }) => !expired);
  if (rows.length === 0) return warn('none yet; the first start of the service makes them');
  const seal = createSeal(await secretsOf(config));
  const readings = rows.map((row) => readRow(row, seal));
  const broken = readings.filter((reading) => 'wrong' in reading);
  const serious = broken.filter(({ row }) => row.state !== 'retired');
  if (serious.length > 0) {
    const good = readings.filter((reading) => 'key' in reading);
    return fail(new UnreadableSigningKeys(serious, provesSecret(good, seal)).message);
  }
  if (broken.length > 0)
    return warn(
      `cannot be read: ${broken.map(({ row, wrong }) => `${row.kid} (${row.state}: ${wrong})`).join(', ')}; the tokens that they have signed are refused`,
    );
  const missing = (['active', 'next'] as const).filter((state) => !has(rows, state));
  if (missing.length > 0) return warn(`there is no ${missing.join(' and no ')} key; a running service makes it`);
  return ok(`${rows.length} readable, one active, one next`);
}

function has(rows: readonly SigningKeyRow[], state: SigningKeyRow['state']): boolean {
  return rows.some((row) => row.state === state);
}

function checkAdmins(count: number): Verdict {
  if (count > 0) return ok(`${count} with the role ${ADMIN_ROLE} can log in`);
  return warn('nobody with the role admin can log in; run: latchkey users create <email> --role admin');
}

const ok = (message: string): Verdict => ({ status: 'ok', message });
const warn = (message: string): Verdict => ({ status: 'warn', message });
const fail = (message: string): Verdict => ({ status: 'FAIL', message });

function failed(error: unknown): Verdict {
  return fail(describeFailure(error) ?? `could not be checked: ${error instanceof Error ? error.name : 'unknown'}`);
}
