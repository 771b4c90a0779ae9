// Writes the log for a person at a terminal: one readable line per event instead of JSON.
import type { DestinationStream } from 'pino';

interface TerminalOptions {
  readonly write: (text: string) => void;
  readonly colors: boolean;
  /** Whether the details of the start are left out: events below `warn` until the service listens. */
  readonly isQuiet: boolean;
}

/** The message of the event after which the service listens. */
const LISTENING = 'listening';

const LEVELS: Readonly<Record<string, string>> = {
  fatal: '\u001b[41mFATAL\u001b[49m',
  error: '\u001b[31mERROR\u001b[39m',
  warn: '\u001b[33mWARN\u001b[39m ',
  info: '\u001b[32mINFO\u001b[39m ',
  debug: '\u001b[34mDEBUG\u001b[39m',
  trace: '\u001b[90mTRACE\u001b[39m',
};
const IMPORTANT = new Set(['fatal', 'error', 'warn']);
/** Control characters, which could move the cursor or forge lines, and characters that reverse the direction of text. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are colors
const COLOR = /\u001b\[\d+m/g;

/** A destination for pino whose lines are JSON. What is not JSON is written as it is. */
export function createTerminal({ write, colors, isQuiet }: TerminalOptions): DestinationStream {
  let isStarting = isQuiet;
  return {
    write: (line) => {
      const event = parse(line);
      if (event === undefined) {
        write(line);
        return;
      }
      const { level, msg } = event;
      if (msg === LISTENING) isStarting = false;
      if (isStarting && !IMPORTANT.has(String(level))) return;
      const text = format(event);
      write(colors ? text : text.replace(COLOR, ''));
    },
  };
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function format({ level, time, msg, pid: _pid, hostname: _hostname, err, ...facts }: Record<string, unknown>): string {
  const clock = new Date(String(time)).toTimeString().slice(0, 8);
  const rest = Object.entries(facts).map(([name, value]) => ` \u001b[90m${safe(name)}=\u001b[39m${valueText(value)}`);
  return `${clock} ${LEVELS[String(level)] ?? safe(String(level))} ${safe(String(msg ?? ''))}${rest.join('')}\n${errorText(err)}`;
}

/** A word as it is, everything else as JSON. */
function valueText(value: unknown): string {
  return typeof value === 'string' && /^[\w.:/@+-]+$/.test(value) ? value : safe(JSON.stringify(value) ?? '');
}

/** An error with its stack and its causes, indented below the line. */
function errorText(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { type, code, message, stack, cause } = error as Readonly<Record<string, unknown>>;
  const title = `${type ?? 'Error'}${code === undefined ? '' : ` ${code}`}: ${message}`;
  const frames = String(stack ?? '')
    .split('\n')
    .filter((frame) => frame.startsWith('    at '));
  return `${[title, ...frames].map((each) => `         ${safe(each)}\n`).join('')}${errorText(cause)}`;
}

function safe(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
