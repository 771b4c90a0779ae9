// How we log: one JSON line per event, objects before words, never personal data, tokens or statements' parameters.
import { DrizzleQueryError } from 'drizzle-orm';
import { type LoggerOptions, pino } from 'pino';
import { driverError } from './database/errors.js';

/** What modules log with: pino's way, an object first. */
export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>;

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
