// Translates errors into one line for the operator: what failed, and what to do.
import { DamagedBackup } from '#backup/format.js';
import { BackupRefused } from '#backup/service.js';
import { DistributionRefused } from '#distribution/service.js';
import { UnreadableSigningKeys } from '#keys/service.js';
import { CannotListen } from '#platform/config/cannot-listen.js';
import { ConfigurationError } from '#platform/config/config.js';
import { UnreadableEnvironment } from '#platform/config/environment.js';
import { UnsupportedDriver } from '#platform/database/driver.js';
import { UnsafeDatabase } from '#platform/database/durability.js';
import { EmbeddedPostgresError } from '#platform/database/embedded/embedded-postgres.js';
import { MigrationBlocked, MigrationFailed, NotMigrated } from '#platform/database/migrations.js';
import { UnusableAddress } from '#platform/database/socket.js';
import { driverError } from '#platform/errors/database-errors.js';
import { Problem } from '#platform/errors/problem.js';

/** The arguments of a command are invalid, or the command must not run now. The message is one line for the operator. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
}

/** Why the port could not be opened, by operating system error code. */
const LISTEN_CAUSES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use; stop the other program or choose another port, for example PORT=3001',
  EACCES: 'this user may not open the port; choose one above 1023, for example PORT=3000',
  EADDRNOTAVAIL: 'HOST is not an address of this machine, for example HOST=0.0.0.0',
  EAFNOSUPPORT: 'this machine does not support the address family of HOST, for example HOST=0.0.0.0',
  EINVAL: 'HOST is not an address of this machine, for example HOST=0.0.0.0',
  ENOTFOUND: 'HOST is a name that does not resolve to an address, for example HOST=0.0.0.0',
  EAI_AGAIN: 'the name in HOST could not be resolved, for example HOST=0.0.0.0',
};

/** What an error means and what to do, by code of the operating system, the driver or TLS, or by SQLSTATE. */
const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'no server is listening at the address in DATABASE_URL; is Postgres running there?',
  ENOENT: 'the socket in DATABASE_URL does not exist; is Postgres running, and is this its socket directory?',
  EACCES: 'this user may not open the socket in DATABASE_URL',
  ENOTSOCK: 'DATABASE_URL points to a file that is not a socket',
  ENOTFOUND: 'the host in DATABASE_URL does not resolve to an address',
  EAI_AGAIN: 'the host in DATABASE_URL could not be resolved',
  CONNECT_TIMEOUT: 'the host in DATABASE_URL does not respond',
  DATABASE_TIMEOUT:
    'the database did not answer in time; it may be out of reach or overloaded, or another transaction may have locked what the command needs',
  ETIMEDOUT: 'the host in DATABASE_URL does not respond',
  EHOSTUNREACH: 'the host in DATABASE_URL cannot be reached',
  ENETUNREACH: 'the host in DATABASE_URL cannot be reached; does this machine have an IPv6 address?',
  EADDRNOTAVAIL: 'the host in DATABASE_URL cannot be reached; does this machine have an IPv6 address?',
  EINVAL:
    'the host in DATABASE_URL cannot be reached; a link-local IPv6 address needs its interface, for example [fe80::1%25eth0]',
  ECONNRESET:
    'the host in DATABASE_URL closed the connection; is it a Postgres server, and does it support TLS if the URL requires it?',
  CONNECTION_CLOSED: 'the host in DATABASE_URL closed the connection; is it a Postgres server?',
  NO_WRITABLE_HOST: 'no host in DATABASE_URL accepts writes',
  SASL_SIGNATURE_MISMATCH: 'the server could not prove that it knows the password; it may be an impostor',
  CERT_HAS_EXPIRED: "the server's certificate has expired; renew it on the server",
  CERT_NOT_YET_VALID: "the server's certificate is not valid yet; check the clocks of both machines",
  CERT_REVOKED: "the server's certificate has been revoked",
  CRL_HAS_EXPIRED: 'the revocation list in sslcrl has expired; renew it',
  UNABLE_TO_GET_CRL: "sslcrl has no revocation list of the authority that issued the server's certificate",
  DEPTH_ZERO_SELF_SIGNED_CERT:
    "the server's certificate is self-signed; copy it to this machine and add sslrootcert=/path/to/server.crt",
  SELF_SIGNED_CERT_IN_CHAIN: `the server's certificate was issued by an unknown authority; add its certificate: sslrootcert=/path/to/ca.pem`,
  UNABLE_TO_GET_ISSUER_CERT:
    "the server's certificate was issued by an unknown authority; add its certificate: sslrootcert=/path/to/ca.pem",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "the server's certificate was issued by an unknown authority; add its certificate: sslrootcert=/path/to/ca.pem",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "the server's certificate was issued by an unknown authority; add its certificate: sslrootcert=/path/to/ca.pem",
  CERT_SIGNATURE_FAILURE: "the server's certificate was not issued by the authority in sslrootcert",
  INVALID_CA: 'the file in sslrootcert is not the certificate of an authority',
  INVALID_PURPOSE: "the server's certificate is not a server certificate",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "the server's certificate is for a different name than the host in DATABASE_URL; use that name, or sslmode=verify-ca to check only the authority",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    'the server requires a client certificate; add sslcert and sslkey to DATABASE_URL',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE:
    'the TLS handshake failed; the server may require a client certificate (sslcert and sslkey) or another version of TLS',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA:
    'the server rejects the certificate in sslcert: it does not know the authority that issued it',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'the server rejects the certificate in sslcert: it has expired',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED: 'the server rejects the certificate in sslcert: it has been revoked',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'the server rejects the certificate in sslcert',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'the server rejects the certificate in sslcert',
  ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    'the server rejects the certificate in sslcert: it is not a client certificate',
  ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR: 'the server rejects the certificate in sslcert',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'the server supports none of the TLS versions that are allowed here',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the host in DATABASE_URL does not speak TLS',
  '28P01': 'Postgres rejects the user or the password in DATABASE_URL',
  '28000': 'Postgres rejects the user in DATABASE_URL',
  '3D000': 'the database in DATABASE_URL does not exist; create it with: createdb <name>',
  '25006': 'the database is read-only: default_transaction_read_only is on, or the server is a standby',
  '42501': 'the database user lacks a privilege; docs/database.md lists the grants',
  '53100': 'the disk of Postgres is full; free some space there, and try again',
  '53200': 'Postgres has no memory left; try again',
  '53300': 'Postgres has no free connection; raise max_connections or lower DATABASE_POOL_SIZE',
  '55P03': 'another transaction has locked what the command needs; try again',
  '57014': 'Postgres has cancelled a statement, because it took too long or at the request of an operator; try again',
  '57P01': 'Postgres was shut down, or an operator has ended the connection; try again',
  '57P02': 'Postgres has crashed and is recovering; try again',
  '57P03': 'Postgres is starting up or shutting down; try again',
};

/** Messages of Postgres that tell apart errors with the same SQLSTATE. */
const FATAL_CAUSES: readonly (readonly [RegExp, string])[] = [
  [
    /no encryption|SSL off|connection is insecure|SSL.* required/i,
    'Postgres accepts this user only over TLS; add sslmode=verify-full to DATABASE_URL',
  ],
  [
    /valid client certificate|certificate authentication failed/,
    'the server requires a client certificate for this user; add sslcert and sslkey to DATABASE_URL',
  ],
  [
    /^unsupported startup parameter/,
    'DATABASE_URL points to a pooler; set DATABASE_POOLER=transaction, and set DATABASE_DIRECT_URL to the URL of Postgres itself',
  ],
  [
    /configuration parameter|for parameter|parameter .* cannot be|to set parameter/,
    'Postgres rejects a parameter in DATABASE_URL',
  ],
];

const ROLLED_BACK =
  'nothing was changed, and the version that is running can continue to serve; correct the cause, then run: latchkey migrate';

/** Returns one line; undefined for a bug in Latchkey, whose stack should be printed (`stackOf`). */
export function describeFailure(error: unknown): string | undefined {
  return describeKnown(error) ?? describeRejected(error);
}

/** The stack of an error without the statement and its parameters, which may be hashes, secrets or addresses. */
export function stackOf(error: unknown): string {
  const { stack } = driverError(error) as { readonly stack?: string };
  return stack ?? String(error instanceof Error ? error.name : error);
}

function describeKnown(error: unknown): string | undefined {
  if (
    error instanceof ConfigurationError ||
    error instanceof UnreadableEnvironment ||
    error instanceof EmbeddedPostgresError ||
    error instanceof UnsafeDatabase ||
    error instanceof UnreadableSigningKeys ||
    error instanceof UnsupportedDriver ||
    error instanceof BackupRefused ||
    error instanceof DistributionRefused ||
    error instanceof DamagedBackup ||
    error instanceof MigrationBlocked ||
    error instanceof CommandRefused
  ) {
    return error.message;
  }
  if (error instanceof Problem) return describeProblem(error);
  if (error instanceof MigrationFailed)
    return describeKnown(error.cause) ?? `${error.message.split('\n', 1)[0]}; ${ROLLED_BACK}`;
  if (error instanceof NotMigrated) return `${error.message}; run: latchkey migrate`;
  if (error instanceof CannotListen) return describeListenError(error.cause);
  const inner = driverError(error);
  const { variable = 'DATABASE_URL' } = inner;
  if (inner instanceof UnusableAddress) return `${variable}: ${inner.message}`;
  if (isFileError(inner)) return describeFileError(inner);
  const { code, message } = inner;
  const cause = causeOf(inner)?.replace('DATABASE_URL', variable);
  if (cause === undefined) return undefined;
  // For a name with several addresses, Node.js reports one error per address, and the error itself has no message.
  const said = message || (inner instanceof AggregateError && inner.errors[0]?.message) || 'no details';
  // The message of Postgres names the user or the table, that of the driver the host and the port. Neither contains a password.
  return `${cause} (${code}: ${said.split('\n', 1)[0]})`;
}

/** Whether a system error is about a file of this machine. That of a socket has an `address` instead. */
function isFileError(error: object): error is NodeJS.ErrnoException {
  const { path, syscall } = error as NodeJS.ErrnoException;
  return path !== undefined || syscall === 'uv_cwd';
}

/** Node's message names the file and what was tried: `EACCES: permission denied, open 'latchkey.env'`. */
function describeFileError({ syscall, message }: NodeJS.ErrnoException): string {
  return syscall === 'uv_cwd' ? `the working directory does not exist; change to another one (${message})` : message;
}

/** For an error of Postgres whose cause is not known here. Its message names tables and columns, but no parameter of the statement. */
function describeRejected(error: unknown): string | undefined {
  const { code, message = '', severity } = driverError(error);
  if (severity === undefined) return undefined;
  return `Postgres has rejected a statement (${code}: ${message.split('\n', 1)[0]}); run: latchkey doctor`;
}

function causeOf({ code, message = '', severity }: ReturnType<typeof driverError>): string | undefined {
  const isFatal = severity === 'FATAL';
  const said = isFatal ? FATAL_CAUSES.find(([words]) => words.test(message))?.[1] : undefined;
  return (
    said ??
    (code === undefined ? undefined : CAUSES[code]) ??
    (isFatal ? REJECTED : /^ERR_(SSL|TLS|OSSL)_/.test(code ?? '') ? TLS_FAILED : undefined)
  );
}

const REJECTED = 'Postgres, or a proxy in front of it, rejects the connection to DATABASE_URL';

const TLS_FAILED = 'the TLS connection to the host in DATABASE_URL failed';

function describeListenError(cause: unknown): string | undefined {
  const { code = '', message = '' } = cause as NodeJS.ErrnoException;
  const why = LISTEN_CAUSES[code];
  return why === undefined ? undefined : `${why} (${code}: ${message.split('\n', 1)[0]})`;
}

/** The text that the API would return, in one line: the invalid fields, or the detail. */
function describeProblem({ errors, message }: Problem): string {
  if (errors === undefined) return message;
  return errors.map(({ path, message: wrong }) => `${path.slice(1).replaceAll('/', '.')} ${wrong}`).join('; ');
}
