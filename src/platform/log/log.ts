// Configures pino: one JSON line per event, without personal data, tokens or the parameters of SQL statements.
import { DrizzleQueryError } from 'drizzle-orm';
import { type DestinationStream, type LoggerOptions, pino } from 'pino';
import { driverError } from '#platform/errors/database-errors.js';

/** The part of a pino logger that modules use. The object comes first, then the message. */
export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** How many bytes are buffered while the log cannot be written; further lines are dropped. */
const MAX_BUFFERED_BYTES = 1024 * 1024;

/**
 * Writes the log to standard output. If that fails (the disk is full, or the reader has exited), one line is written to standard
 * error and the process continues; buffered lines are written as soon as that is possible.
 */
export function logDestination(): DestinationStream {
  const destination = pino.destination({ fd: 1, sync: true, maxLength: MAX_BUFFERED_BYTES });
  let isReported = false;
  destination.on('error', (error: NodeJS.ErrnoException) => {
    if (isReported) return;
    isReported = true;
    process.stderr.write(
      `latchkey: the log cannot be written to standard output (${error.code}); continuing without it\n`,
    );
  });
  return destination;
}

/** The pino options of the service's logger. */
export function logOptions(level: string): LoggerOptions {
  return {
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: serializeError },
    // A safety net: no code should log these in the first place.
    redact: {
      paths: [
        'password',
        'refresh_token',
        'access_token',
        'temporary_password',
        'temporaryPassword',
        'authorization',
        'cookie',
        '*.cookie',
        '*.password',
        '*.refresh_token',
        '*.access_token',
        '*.temporary_password',
        '*.temporaryPassword',
        '*.authorization',
      ],
      censor: '[redacted]',
    },
  };
}

/** Omits what must not be logged: Drizzle's message and Postgres's `detail` contain values of the row. */
function serializeError(error: unknown): object {
  if (!(error instanceof Error)) {
    return { message: typeof error === 'object' && error !== null ? 'an object that is not an Error' : String(error) };
  }
  if (error instanceof DrizzleQueryError || error.name === 'PostgresError') {
    const { code, message, constraint_name: constraint } = driverError(error);
    return { type: 'DatabaseError', code, message, constraint, stack: withoutMessage(error.stack) };
  }
  return {
    type: error.name,
    ...('code' in error && { code: error.code }),
    message: error.message,
    stack: error.stack,
    ...(error.cause !== undefined && { cause: serializeError(error.cause) }),
  };
}

function withoutMessage(stack = ''): string {
  return stack
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n');
}
