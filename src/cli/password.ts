// Reads a new password for a command: from a hidden prompt, twice, or from standard input. Never from an argument, which others could see.

import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { Writable as Sink } from 'node:stream';
import { commandContext } from './command-context.js';
import { CommandRefused } from './error-message.js';

/** More than the longest password takes in any encoding. */
const MAX_BYTES = 16_384;

/** Where the password is read from, and where the prompts are written. */
export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly prompts: Writable;
}

/** Prompts twice at a terminal; otherwise reads one line from standard input. Throws CommandRefused. */
export function readNewPassword({ input, prompts }: Terminal = commandTerminal()): Promise<string> {
  return input.isTTY ? promptTwice(input, prompts) : readLine(input);
}

function commandTerminal(): Terminal {
  const { stdin, stderr } = commandContext();
  return { input: stdin, prompts: stderr };
}

async function promptTwice(input: Readable, prompts: Writable): Promise<string> {
  // Readline echoes into a sink. The prompts go to stderr, because a program may read stdout.
  const sink = new Sink({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: sink, terminal: true, historySize: 0 });
  const cancelled = new AbortController();
  lines.once('SIGINT', () => cancelled.abort());
  // The end of the input: Ctrl-D, or a closed terminal.
  lines.once('close', () => cancelled.abort());
  try {
    const [first, second] = [await prompt('Password: '), await prompt('Repeat password: ')];
    if (first !== second) throw new CommandRefused('the two passwords differ; nothing was changed');
    return first;
  } finally {
    lines.close();
  }

  async function prompt(text: string): Promise<string> {
    prompts.write(text);
    try {
      return await lines.question('', { signal: cancelled.signal });
    } catch {
      throw new CommandRefused('no password was entered; nothing was changed');
    } finally {
      prompts.write('\n');
    }
  }
}

async function readLine(input: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_BYTES) throw new CommandRefused('standard input is too long for a password');
  }
  const text = decode(Buffer.concat(chunks)).replace(/\r?\n$/, '');
  if (text === '')
    throw new CommandRefused('standard input has no password; run the command in a terminal, or pipe one line into it');
  if (/[\r\n]/.test(text)) throw new CommandRefused('standard input has more than one line');
  return text;
}

/** Refuses invalid UTF-8, since decoding would make different passwords equal. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CommandRefused('standard input is not UTF-8');
  }
}
