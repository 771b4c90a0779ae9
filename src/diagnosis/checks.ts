// What `latchkey doctor` and the overview of the console say about the configuration and the database. Each function judges facts that
// its caller has collected.
import type { Configuration } from '#platform/config/config.js';
import { parseDatabaseUrl } from '#platform/config/database-url.js';
import { unsafeConnection } from '#platform/database/connection-security.js';
import type { ServerFacts } from '#platform/database/diagnostics.js';
import type { DurabilityFault } from '#platform/database/durability.js';
import { ADMIN_ROLE } from '#roles/permissions.js';

export type Status = 'ok' | 'warn' | 'fail';

/** The result of a check, with a message that says what to do if it is not `ok`. */
export interface Result {
  readonly status: Status;
  readonly message: string;
}

/** The result of a check that has a name. */
export interface Finding extends Result {
  readonly check: string;
}

const OLDEST_POSTGRES = 15;
const NEWEST_POSTGRES = 18;
const CLOCK_TOLERANCE_SECONDS = 5;
/** An e-mail that has waited for longer is reported. */
export const OVERDUE_SECONDS = 600;

export const ok = (message: string): Result => ({ status: 'ok', message });
export const warn = (message: string): Result => ({ status: 'warn', message });
export const fail = (message: string): Result => ({ status: 'fail', message });

/** Whether other services can discover the keys by ISSUER. */
export function checkIssuer(issuer: string): Result {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url?.protocol === 'https:') return ok(issuer);
  if (url?.protocol === 'http:') return warn(`${issuer} does not use https; set ISSUER to the public https URL`);
  return warn(
    `${issuer} is not a URL, so other services cannot discover the keys; set ISSUER, for example ISSUER=https://auth.example.com`,
  );
}

/** Does not contact the mail server. */
export function checkMailSettings(mail: Configuration['mail'], isProduction: boolean): Result {
  if (mail === undefined) {
    const message =
      'SMTP_URL is not set: operations that send mail, such as POST /api/password/forgot/, return 503 mail_unavailable';
    return isProduction ? warn(message) : ok(message);
  }
  if (mail.type === 'catch') return ok('e-mails are not sent, but shown at /dev/mail/');
  const { server } = mail;
  const login = server.user === undefined ? 'without login' : 'with login';
  const where = `${server.host}:${server.port} ${login}`;
  if (server.tls === 'implicit' || server.tls === 'required') return ok(`${where}, over TLS`);
  return warn(`${where}; ?tls=${server.tls} in SMTP_URL may send e-mails, which contain tokens, without TLS`);
}

/** Which pages can use passkeys. */
export function checkPasskeys(relyingParty: Configuration['passkeys'], isProduction: boolean): Result {
  if (relyingParty === undefined) {
    const message =
      'no domain is known, so operations on passkeys return 503 passkeys_unavailable; set an https PUBLIC_URL, or PASSKEY_RP_ID and PASSKEY_ORIGINS';
    return isProduction ? warn(message) : ok(message);
  }
  const { id, origins } = relyingParty;
  return ok(`${id}, for ${origins.length === 0 ? 'pages of this machine' : origins.join(', ')}`);
}

/** The numbers of e-mails in the outbox; `overdue`: of those that wait, for longer than OVERDUE_SECONDS. */
export interface OutboxFacts {
  readonly dead: number;
  readonly overdue: number;
  readonly waiting: number;
}

/** Whether e-mails leave. */
export function checkOutbox({ dead, overdue, waiting }: OutboxFacts): Result {
  const problems = [
    ...(dead > 0 ? [`${dead} ${dead === 1 ? 'e-mail was' : 'e-mails were'} given up`] : []),
    ...(overdue > 0 ? [`${overdue} of ${waiting} waiting e-mails are older than ${OVERDUE_SECONDS / 60} minutes`] : []),
  ];
  if (problems.length > 0) return warn(`${problems.join('; ')}; run: latchkey mail list`);
  return ok(`${waiting} ${waiting === 1 ? 'e-mail waits' : 'e-mails wait'}, none was given up`);
}

/** Whether the version of Postgres is supported. `url`: DATABASE_URL; undefined for the embedded database. */
export function checkServer({ version, user }: ServerFacts, url: string | undefined): Result {
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
export function checkConnection(url: string | undefined, warnings: readonly string[]): Result {
  const unsafe = url === undefined ? undefined : unsafeConnection(url);
  const all = [
    ...(unsafe === undefined ? [] : [`the connection ${unsafe}; add ?sslmode=verify-full to DATABASE_URL`]),
    ...warnings,
  ];
  return all.length === 0 ? ok('no problems found') : warn(all.join('; '));
}

/** `fault`: see `faultOf`. */
export function checkDurability(fault: DurabilityFault | undefined): Result {
  if (fault === undefined) return ok('a commit survives a crash');
  return fault.kind === 'local' ? warn(fault.message) : fail(fault.message);
}

/** `difference`: see `clockDifference`. */
export function checkClock(difference: number): Result {
  const size = Math.abs(difference);
  if (size < CLOCK_TOLERANCE_SECONDS) return ok(`within ${CLOCK_TOLERANCE_SECONDS} s of the clock of Postgres`);
  const direction = difference > 0 ? 'behind' : 'ahead of';
  return fail(
    `this machine is ${size.toFixed(0)} s ${direction} Postgres, so tokens expire early or late; synchronize both clocks with NTP`,
  );
}

/** `ignored`: why the value in the table is not used; undefined if it is. */
export function checkSettings(
  settings: readonly { readonly name: string; readonly ignored?: string | undefined }[],
): Result {
  const ignored = settings.flatMap(({ name, ignored: reason }) => (reason === undefined ? [] : [`${name} ${reason}`]));
  if (ignored.length === 0) return ok('every value is valid');
  return warn(`invalid values are ignored: ${ignored.join('; ')}; run: latchkey settings set <name> <value>`);
}

/** `count`: how many administrators can log in. */
export function checkAdmins(count: number): Result {
  if (count > 0) return ok(`${count} ${count === 1 ? 'account' : 'accounts'} with the role ${ADMIN_ROLE} can log in`);
  return warn('no account with the role admin can log in; run: latchkey users create <email> --role admin');
}
