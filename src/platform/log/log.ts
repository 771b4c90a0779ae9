// Configures pino: one JSON line per event, without personal data, tokens or the parameters of SQL statements. In a terminal the same
// events are readable text (./terminal.ts).
import { isatty } from 'node:tty';
import { DrizzleQueryError } from 'drizzle-orm';
import { type DestinationStream, type LoggerOptions, pino } from 'pino';
import { driverError } from '#platform/errors/database-errors.js';
import { createTerminal } from './terminal.js';

/** The part of a pino logger that modules use. The object comes first, then the message. */
export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** The part of the configuration that says how to log. */
export interface LogConfiguration {
  /** Undefined: `text` in a terminal, `json` elsewhere. */
  readonly logFormat: 'json' | 'text' | undefined;
  readonly logLevel: string;
  /** Whether LOG_LEVEL is set: all of these events are wanted. */
  readonly isLogLevelSet: boolean;
}

/** How many bytes are buffered while the log cannot be written; further lines are dropped. */
const MAX_BUFFERED_BYTES = 1024 * 1024;

/** How long the text becomes that is written at once. */
const MAX_JOINED_LENGTH = 8192;

/**
 * Writes the log to standard output. If that fails (the disk is full, or the reader has exited), one line is written to standard
 * error and the process continues; buffered lines are written as soon as that is possible.
 */
export function logDestination({ logFormat, isLogLevelSet }: Omit<LogConfiguration, 'logLevel'>): DestinationStream {
  const destination = pino.destination({ fd: 1, sync: true, maxLength: MAX_BUFFERED_BYTES });
  let isReported = false;
  destination.on('error', (error: NodeJS.ErrnoException) => {
    if (isReported) return;
    isReported = true;
    process.stderr.write(
      `latchkey: the log cannot be written to standard output (${error.code}); continuing without it\n`,
    );
  });
  const stream = writtenOncePerTurn(destination);
  if ((logFormat ?? (isatty(1) ? 'text' : 'json')) === 'json') return stream;
  return createTerminal({
    write: (text) => stream.write(text),
    colors: isatty(1) && !process.env.NO_COLOR,
    isQuiet: !isLogLevelSet,
  });
}

/**
 * Joins the lines of one turn of the event loop to one write; a write for each line takes a seventh of the processor time of a logout. A
 * process that is killed loses the lines of its last turn, one that exits does not.
 */
function writtenOncePerTurn(destination: DestinationStream): DestinationStream {
  let lines = '';
  const flush = () => {
    if (lines === '') return;
    const text = lines;
    lines = '';
    destination.write(text);
  };
  process.on('exit', flush);
  return {
    write: (line) => {
      if (lines === '') setImmediate(flush);
      lines += line;
      if (lines.length >= MAX_JOINED_LENGTH) flush();
    },
  };
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
