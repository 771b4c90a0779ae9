// Why a command could not do its work, in one line for the operator.
import { DamagedBackup } from '#backup/format.js';
import { BackupRefused } from '#backup/service.js';
import { UnreadableSigningKeys } from '#keys/service.js';
import { CannotListen } from '#platform/config/cannot-listen.js';
import { ConfigurationError } from '#platform/config/config.js';
import { UnsupportedDriver } from '#platform/database/driver.js';
import { UnsafeDatabase } from '#platform/database/durability.js';
import { EmbeddedPostgresError } from '#platform/database/embedded/embedded-postgres.js';
import { NotMigrated } from '#platform/database/resolve-database.js';
import { UnusableAddress } from '#platform/database/socket.js';
import { driverError } from '#platform/errors/database-errors.js';
import { Problem } from '#platform/errors/problem.js';
import { InvalidSetting } from '#settings/service.js';

/** What was typed cannot be done; the message is one line for who typed it. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
}

/** Why the port could not be opened, by code of the operating system. */
const LISTEN_CAUSES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use; stop the other program or choose another port, for example PORT=3001',
  EACCES: 'the port may not be opened by this user; choose one above 1023, for example PORT=3000',
  EADDRNOTAVAIL: 'HOST is not an address of this machine, for example HOST=0.0.0.0',
  EAFNOSUPPORT: 'HOST is an address of a kind that this machine does not have, for example HOST=0.0.0.0',
  EINVAL: 'HOST is not an address of this machine, for example HOST=0.0.0.0',
  ENOTFOUND: 'HOST is a name without an address, for example HOST=0.0.0.0',
  EAI_AGAIN: 'HOST is a name that cannot be looked up, for example HOST=0.0.0.0',
};

/** By code of the operating system, of the driver, of TLS, or SQLSTATE: what it means, and what to do. */
const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens where DATABASE_URL points; is Postgres running there?',
  ENOENT: 'there is no socket where DATABASE_URL points; is Postgres running, and is this its folder?',
  EACCES: 'this user may not open the socket that DATABASE_URL points to',
  ENOTSOCK: 'DATABASE_URL points to a file that is no socket',
  ENOTFOUND: 'the host in DATABASE_URL has no address',
  EAI_AGAIN: 'the host in DATABASE_URL cannot be looked up',
  CONNECT_TIMEOUT: 'the host in DATABASE_URL does not answer',
  DATABASE_TIMEOUT: 'the host in DATABASE_URL does not answer',
  ETIMEDOUT: 'the host in DATABASE_URL does not answer',
  EHOSTUNREACH: 'the host in DATABASE_URL cannot be reached',
  ENETUNREACH: 'the host in DATABASE_URL cannot be reached; has this machine an address of that kind (IPv6)?',
  EADDRNOTAVAIL: 'the host in DATABASE_URL cannot be reached; has this machine an address of that kind (IPv6)?',
  EINVAL: 'the host in DATABASE_URL cannot be reached; a local IPv6 address needs its interface: [fe80::1%25eth0]',
  ECONNRESET:
    'the host in DATABASE_URL closes the connection; does it speak Postgres, and TLS where the URL demands it?',
  CONNECTION_CLOSED: 'the host in DATABASE_URL closes the connection; does it speak Postgres?',
  NO_WRITABLE_HOST: 'no host in DATABASE_URL takes writes',
  SASL_SIGNATURE_MISMATCH: 'the server does not know the password that it asks for: it may be another one than it says',
  CERT_HAS_EXPIRED: "the server's certificate has expired; renew it there",
  CERT_NOT_YET_VALID: "the server's certificate is not valid yet; are the clocks right?",
  CERT_REVOKED: "the server's certificate has been revoked",
  CRL_HAS_EXPIRED: 'the list in sslcrl has expired; renew it',
  UNABLE_TO_GET_CRL: 'sslcrl has no list of the authority that signed the certificate of the server',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    "the server's certificate is self-signed; copy it here and name it: sslrootcert=/path/to/server.crt",
  SELF_SIGNED_CERT_IN_CHAIN: `the server's certificate is from an authority that is not known here; name its certificate: sslrootcert=/path/to/ca.pem`,
  UNABLE_TO_GET_ISSUER_CERT:
    "the server's certificate is from an authority that is not known here; name its certificate: sslrootcert=/path/to/ca.pem",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "the server's certificate is from an authority that is not known here; name its certificate: sslrootcert=/path/to/ca.pem",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "the server's certificate is from an authority that is not known here; name its certificate: sslrootcert=/path/to/ca.pem",
  CERT_SIGNATURE_FAILURE: "the server's certificate was not signed by the authority in sslrootcert",
  INVALID_CA: 'what sslrootcert names is not the certificate of an authority',
  INVALID_PURPOSE: "the server's certificate is not one for servers",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "the server's certificate is for another name than the host in DATABASE_URL; write that name, or sslmode=verify-ca to check the authority alone",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    'the server demands a certificate of the client; add sslcert and sslkey to DATABASE_URL',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE:
    'the server breaks off TLS; it may demand a certificate of the client (sslcert and sslkey), or another version of TLS',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'the server refuses the certificate in sslcert: it does not know its authority',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'the server refuses the certificate in sslcert: it has expired',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED: 'the server refuses the certificate in sslcert: it has been revoked',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'the server refuses the certificate in sslcert',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'the server refuses the certificate in sslcert',
  ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    'the server refuses the certificate in sslcert: it is not one for clients',
  ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR: 'the server refuses the certificate in sslcert',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'the server speaks none of the versions of TLS that are allowed here',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the host in DATABASE_URL does not answer with TLS',
  '28P01': 'Postgres refuses the user or password in DATABASE_URL',
  '28000': 'Postgres refuses the user in DATABASE_URL',
  '3D000': 'the database in DATABASE_URL does not exist; make it with: createdb <name>',
  '25006': 'nothing can be written there: default_transaction_read_only is on, or it is a standby',
  '42501': 'the database user lacks a right; docs/database.md lists the grants',
  '53300': 'Postgres has no connection left; raise max_connections or lower DATABASE_POOL_SIZE',
  '57P03': 'Postgres starts or stops just now; try again',
  '55P03':
    'another migration, or a long transaction on a table that has to change, has held its lock for more than a minute; nothing was changed',
};

/** What Postgres says with the same SQLSTATE of different things. */
const FATAL_CAUSES: readonly (readonly [RegExp, string])[] = [
  [
    /no encryption|SSL off|connection is insecure|SSL.* required/i,
    'Postgres takes this user over TLS only; add sslmode=verify-full to DATABASE_URL',
  ],
  [
    /valid client certificate|certificate authentication failed/,
    'the server demands a certificate of the client that names this user; add sslcert and sslkey to DATABASE_URL',
  ],
  [
    /^unsupported startup parameter/,
    'DATABASE_URL leads to a pooler; set DATABASE_POOLER=transaction, and let DATABASE_DIRECT_URL lead to Postgres itself',
  ],
  [
    /configuration parameter|for parameter|parameter .* cannot be|to set parameter/,
    'Postgres refuses a setting in DATABASE_URL',
  ],
];

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
  if (error instanceof CannotListen) return describeListening(error.cause);
  const inner = driverError(error);
  const { variable = 'DATABASE_URL' } = inner;
  if (inner instanceof UnusableAddress) return `${variable}: ${inner.message}`;
  const { code, message } = inner;
  const cause = causeOf(inner)?.replace('DATABASE_URL', variable);
  if (cause === undefined) return undefined;
  // Where a name has several addresses, node tells what went wrong at each of them, and nothing in the error itself.
  const said = message || (inner instanceof AggregateError && inner.errors[0]?.message) || 'no more is known';
  // Postgres's own message names the user or table; the driver's name host and port. None holds a password.
  return `${cause} (${code}: ${said.split('\n', 1)[0]})`;
}

function causeOf({ code, message = '', severity }: ReturnType<typeof driverError>): string | undefined {
  const isFatal = severity === 'FATAL';
  const said = isFatal ? FATAL_CAUSES.find(([words]) => words.test(message))?.[1] : undefined;
  return (
    said ??
    (code === undefined ? undefined : CAUSES[code]) ??
    (isFatal ? REFUSED : /^ERR_(SSL|TLS|OSSL)_/.test(code ?? '') ? NO_TLS : undefined)
  );
}

const REFUSED = 'Postgres, or what stands before it, refuses the connection of DATABASE_URL';

const NO_TLS = 'TLS with the host in DATABASE_URL fails';

function describeListening(cause: unknown): string | undefined {
  const { code = '', message = '' } = cause as NodeJS.ErrnoException;
  const why = LISTEN_CAUSES[code];
  return why === undefined ? undefined : `${why} (${code}: ${message.split('\n', 1)[0]})`;
}

/** What a caller of the API would read, in one line: which fields are wrong, or what is. */
function describeProblem({ errors, message }: Problem): string {
  if (errors === undefined) return message;
  return errors.map(({ path, message: wrong }) => `${path.slice(1).replaceAll('/', '.')} ${wrong}`).join('; ');
}
