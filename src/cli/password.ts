// A new password as it reaches a command: typed twice and not shown, or from standard input; never from an argument.
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { Writable as Sink } from 'node:stream';
import { CommandRefused } from './error-message.js';

/** More than the longest password in any encoding, and little enough to keep. */
const MAX_BYTES = 16_384;

/** Where it comes from, and where the question is put; `isTTY` as node has it. */
export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly questions: Writable;
}

/** Asks at a terminal, twice; else reads the one line that standard input has. Throws CommandRefused. */
export function readNewPassword(
  { input, questions }: Terminal = { input: process.stdin, questions: process.stderr },
): Promise<string> {
  return input.isTTY ? ask(input, questions) : readLine(input);
}

async function ask(input: Readable, questions: Writable): Promise<string> {
  // What is typed is echoed into nothing. Questions are on stderr: stdout may be read by a program.
  const silence = new Sink({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: silence, terminal: true, historySize: 0 });
  const given = new AbortController();
  lines.once('SIGINT', () => given.abort());
  // The end of input: Ctrl-D, or a terminal that has gone away.
  lines.once('close', () => given.abort());
  try {
    const [first, second] = [await one('Password: '), await one('The same again: ')];
    if (first !== second) throw new CommandRefused('the two passwords are not the same; nothing was changed');
    return first;
  } finally {
    lines.close();
  }

  async function one(question: string): Promise<string> {
    questions.write(question);
    try {
      return await lines.question('', { signal: given.signal });
    } catch {
      throw new CommandRefused('no password was given; nothing was changed');
    } finally {
      questions.write('\n');
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
  if (text === '') throw new CommandRefused('standard input has no password: type it at a terminal, or pipe one line');
  if (/[\r\n]/.test(text)) throw new CommandRefused('standard input has more than one line');
  return text;
}

/** Refuses what is no UTF-8: two passwords would become the same. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CommandRefused('standard input is not UTF-8');
  }
}
