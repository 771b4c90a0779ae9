// What an error of the database driver means to us.
import { DrizzleQueryError } from 'drizzle-orm';

/** Codes of the driver and of the operating system that say: no connection, or it was lost. */
const CONNECTION_CODES = new Set([
  'DATABASE_TIMEOUT',
  'DATABASE_QUEUE_FULL',
  'DATABASE_ADDRESS',
  'NO_WRITABLE_HOST',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

/**
 * SQLSTATE classes and codes that pass by themselves: 08 connection, 53 resources, 57 operator intervention (shutdown,
 * cancelled), 40 serialization and deadlock, 55P03 lock timeout, 25006 a standby that is about to be promoted.
 */
const PASSING_SQLSTATE = /^(08|53|57|40|55P03|25006)/;

interface DriverError {
  readonly code?: string;
  readonly message?: string;
  readonly constraint_name?: string;
  /** `FATAL`: the connection was refused, or ended. */
  readonly severity?: string;
  /** The environment variable that led there; see `blame`. */
  readonly variable?: string;
}

/** The driver's error under Drizzle's. Drizzle's own message holds the statement's parameters and must not be logged. */
export function driverError(error: unknown): DriverError & object {
  const inner = error instanceof DrizzleQueryError ? error.cause : error;
  return typeof inner === 'object' && inner !== null ? inner : {};
}

/** The same error, which knows the environment variable that led there. */
export function blame(error: unknown, variable: string): unknown {
  Object.defineProperty(driverError(error), 'variable', { value: variable, configurable: true });
  return error;
}

/** Whether trying again later can help: the caller gets a 503. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const inner = driverError(error);
  if (isLostWrite(inner)) return true;
  const { code } = inner;
  return typeof code === 'string' && (CONNECTION_CODES.has(code) || PASSING_SQLSTATE.test(code));
}

/** Whether `constraint` refused the write because the value exists already (SQLSTATE 23505). */
export function violatesUnique(error: unknown, constraint: string): boolean {
  const { code, constraint_name: name } = driverError(error);
  return code === '23505' && name === constraint;
}

/**
 * What postgres.js throws, most often into the event loop, when a connection is lost between the moment it has something to write
 * and the moment it writes (3.4.9: its issues 1154 and 1208). The query is rejected all the same; the connection, if it is of no
 * more use, is replaced with the pool (see pool.ts).
 */
export function isLostWrite(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    error.message.includes("(reading 'write')") &&
    /[\\/]node_modules[\\/]postgres[\\/]/.test(error.stack ?? '')
  );
}
