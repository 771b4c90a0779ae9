// Classifies errors of the database driver.
import { DrizzleQueryError } from 'drizzle-orm';

/** Codes of the driver and of the operating system for a connection that was closed while a query was running. */
const LOST_CODES = [
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
];

/** Codes for a connection that could not be opened or was lost. */
const CONNECTION_CODES = new Set([
  ...LOST_CODES,
  'DATABASE_TIMEOUT',
  'DATABASE_QUEUE_FULL',
  'DATABASE_ADDRESS',
  'NO_WRITABLE_HOST',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * SQLSTATE classes and codes of temporary conditions: 08 connection, 53 resources, 57 operator intervention (shutdown,
 * cancelled), 40 serialization failure and deadlock, 55P03 lock timeout, 25006 a standby that is about to be promoted.
 */
const TEMPORARY_SQLSTATE = /^(08|53|57|40|55P03|25006)/;

/** What Citus reports as an internal error when it notices that a node has gone. */
const LOST_NODE = 'failure on connection marked as essential';

interface DriverError {
  readonly code?: string;
  readonly message?: string;
  readonly constraint_name?: string;
  /** `FATAL`: the server refused or ended the connection. */
  readonly severity?: string;
  /** The environment variable that the connection came from; see `attributeTo`. */
  readonly variable?: string;
}

/** The driver's error inside Drizzle's. Drizzle's own message contains the statement's parameters and must not be logged. */
export function driverError(error: unknown): DriverError & object {
  const inner = error instanceof DrizzleQueryError ? error.cause : error;
  return typeof inner === 'object' && inner !== null ? inner : {};
}

/** Returns the same error, with the environment variable that holds the URL of the connection. */
export function attributeTo(error: unknown, variable: string): unknown {
  Object.defineProperty(driverError(error), 'variable', { value: variable, configurable: true });
  return error;
}

/** Whether a later attempt may succeed, so that the API returns 503. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const inner = driverError(error);
  if (isLostWrite(inner)) return true;
  const { code, severity, message } = inner;
  if (code === 'XX000' && message?.startsWith(LOST_NODE)) return true;
  // A database that accepts no connections at the moment. One that does not exist, or refuses the password, remains an internal error.
  if (severity === 'FATAL' && code?.startsWith('55')) return true;
  return typeof code === 'string' && (CONNECTION_CODES.has(code) || TEMPORARY_SQLSTATE.test(code));
}

/** Whether the error of a query that was sent means that its connection has ended. */
export function endsConnection({ code, severity }: DriverError): boolean {
  return severity === 'FATAL' || (code !== undefined && LOST_CODES.includes(code));
}

/** Whether the write failed because the value already exists in the unique `constraint` (SQLSTATE 23505). */
export function violatesUnique(error: unknown, constraint: string): boolean {
  return driverError(error).code === '23505' && isAbout(error, constraint);
}

/** Whether the write failed because there is no row that it refers to by the foreign key `constraint` (SQLSTATE 23503). */
export function violatesForeignKey(error: unknown, constraint: string): boolean {
  return driverError(error).code === '23503' && isAbout(error, constraint);
}

/**
 * On a table that Citus has distributed or copied to its nodes, the name of a constraint ends with the number of the shard,
 * `users_email_key_102008`, and an error of another node contains it in the message only.
 */
function isAbout(error: unknown, constraint: string): boolean {
  const { constraint_name: name, message = '' } = driverError(error);
  return new RegExp(`(?<!\\w)${constraint}(_\\d+)?(?!\\w)`).test(name ?? message);
}

/**
 * Whether postgres.js has thrown because a connection was lost between scheduling a write and writing (3.4.9: its issues 1154
 * and 1208), usually as an uncaught exception. The query is rejected nevertheless, and the pool replaces an unusable connection
 * (see pool.ts).
 */
export function isLostWrite(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    error.message.includes("(reading 'write')") &&
    /[\\/]node_modules[\\/]postgres[\\/]/.test(error.stack ?? '')
  );
}

/** Whether Postgres has rejected a value of the statement, such as text with a NUL character (SQLSTATE class 22). */
export function isInvalidValue(error: unknown): boolean {
  return driverError(error).code?.startsWith('22') ?? false;
}
