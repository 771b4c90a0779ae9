// How we log: one JSON line per event, objects before words, never personal data, tokens or statements' parameters.
import { DrizzleQueryError } from 'drizzle-orm';
import { type DestinationStream, type LoggerOptions, pino } from 'pino';
import { driverError } from '#platform/errors/database-errors.js';

/** What modules log with: pino's way, an object first. */
export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** What waits at most while the log cannot be written, in bytes; beyond it lines are dropped. */
const MAX_WAITING = 1024 * 1024;

/**
 * Where the log goes: standard output. When it cannot be written (its disk is full, its reader has gone) that is said once, on
 * standard error, and the process goes on; what waits is written as soon as it can be.
 */
export function logDestination(): DestinationStream {
  const destination = pino.destination({ fd: 1, sync: true, maxLength: MAX_WAITING });
  let isReported = false;
  destination.on('error', (error: NodeJS.ErrnoException) => {
    if (isReported) return;
    isReported = true;
    process.stderr.write(
      `latchkey: the log cannot be written to standard output (${error.code}); going on without it\n`,
    );
  });
  return destination;
}

/** pino options of the service's logger. */
export function logOptions(level: string): LoggerOptions {
  return {
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: serializeError },
    // The last net: nothing above should ever log these.
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

/** An error without what must not be logged: Drizzle's message and Postgres's `detail` hold the values of the row. */
function serializeError(error: unknown): object {
  if (!(error instanceof Error)) {
    return { message: typeof error === 'object' && error !== null ? 'an object that is no error' : String(error) };
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
