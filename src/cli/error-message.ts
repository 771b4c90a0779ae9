// Why a command could not do its work, in one line for the operator.
import { DamagedBackup } from '#backup/format.js';
import { BackupRefused } from '#backup/service.js';
import { UnreadableSigningKeys } from '#keys/service.js';
import { ConfigurationError } from '#platform/config/config.js';
import { UnsupportedDriver } from '#platform/database/driver.js';
import { UnsafeDatabase } from '#platform/database/durability.js';
import { EmbeddedPostgresError } from '#platform/database/embedded/embedded-postgres.js';
import { NotMigrated } from '#platform/database/resolve-database.js';
import { driverError } from '#platform/errors/database-errors.js';
import { Problem } from '#platform/errors/problem.js';
import { InvalidSetting } from '#settings/service.js';

/** What was typed cannot be done; the message is one line for who typed it. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
}

/** By code of the operating system, of the driver, or SQLSTATE: what it means, and what to do. */
const CAUSES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use; stop the other program or choose another port, for example PORT=3001',
  EACCES: 'the port may not be opened by this user; choose one above 1023, for example PORT=3000',
  EADDRNOTAVAIL: 'HOST is not an address of this machine, for example HOST=0.0.0.0',
  ECONNREFUSED: 'nothing listens where DATABASE_URL points; is Postgres running there?',
  ENOTFOUND: 'the host in DATABASE_URL has no address',
  EAI_AGAIN: 'the host in DATABASE_URL cannot be looked up',
  CONNECT_TIMEOUT: 'the host in DATABASE_URL does not answer',
  ETIMEDOUT: 'the host in DATABASE_URL does not answer',
  EHOSTUNREACH: 'the host in DATABASE_URL cannot be reached',
  CONNECTION_CLOSED: 'Postgres closed the connection',
  '28P01': 'Postgres refuses the user or password in DATABASE_URL',
  '28000': 'Postgres refuses the user in DATABASE_URL',
  '3D000': 'the database in DATABASE_URL does not exist; make it with: createdb <name>',
  '42501': 'the database user lacks a right; docs/database.md lists the grants',
  '53300': 'Postgres has no connection left; raise max_connections or lower DATABASE_POOL_SIZE',
  '55P03':
    'another migration, or a long transaction on a table that has to change, has held its lock for more than a minute; nothing was changed',
};

/** One line; undefined for what is nobody's mistake but ours, whose stack should be seen. */
export function describeFailure(error: unknown): string | undefined {
  if (
    error instanceof ConfigurationError ||
    error instanceof InvalidSetting ||
    error instanceof EmbeddedPostgresError ||
    error instanceof UnsafeDatabase ||
    error instanceof UnreadableSigningKeys ||
    error instanceof UnsupportedDriver ||
    error instanceof BackupRefused ||
    error instanceof DamagedBackup ||
    error instanceof CommandRefused
  ) {
    return error.message;
  }
  if (error instanceof Problem) return describeProblem(error);
  if (error instanceof NotMigrated) return `${error.message}; run: latchkey migrate`;
  const inner = driverError(error);
  const { code, message } = inner;
  const cause = code === undefined ? undefined : CAUSES[code];
  if (cause === undefined) return undefined;
  // Where a name has several addresses, node tells what went wrong at each of them, and nothing in the error itself.
  const said = message || (inner instanceof AggregateError && inner.errors[0]?.message) || 'no more is known';
  // Postgres's own message names the user or table; the driver's name host and port. None holds a password.
  return `${cause} (${code}: ${said.split('\n', 1)[0]})`;
}

/** What a caller of the API would read, in one line: which fields are wrong, or what is. */
function describeProblem({ errors, message }: Problem): string {
  if (errors === undefined) return message;
  return errors.map(({ path, message: wrong }) => `${path.slice(1).replaceAll('/', '.')} ${wrong}`).join('; ');
}
