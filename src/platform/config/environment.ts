// Loads environment variables: those of the process take precedence over a `.env` file in the working directory.
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** `.env` exists and cannot be read. The message is one line for the operator. */
export class UnreadableEnvironment extends Error {
  override readonly name = 'UnreadableEnvironment';
}

/** The process's environment, completed by the variables in `.env`. */
export function loadEnvironment(file = '.env'): NodeJS.ProcessEnv {
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return process.env;
    throw new UnreadableEnvironment(
      `the file ${file} in the working directory cannot be read (${code}); make it readable, remove it, or work in another folder`,
      { cause: error },
    );
  }
  return { ...parseEnv(decode(content)), ...process.env };
}

/** Removes the byte order mark that Windows editors write, which would become part of the first name. PowerShell writes UTF-16. */
function decode(content: Buffer): string {
  const [first, second] = content;
  const text = content.toString(first === 0xff && second === 0xfe ? 'utf16le' : 'utf8');
  return text.replace(/^\uFEFF/, '');
}
