// Where the environment comes from: the process's own, over a `.env` file in the working directory.
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** The process's environment, with what `.env` adds to it. */
export function loadEnvironment(file = '.env'): NodeJS.ProcessEnv {
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return process.env;
    throw error;
  }
  return { ...parseEnv(textOf(content)), ...process.env };
}

/** Editors on Windows begin a file with a byte order mark, which would be a part of the first name; PowerShell writes UTF-16. */
function textOf(content: Buffer): string {
  const [first, second] = content;
  const text = content.toString(first === 0xff && second === 0xfe ? 'utf16le' : 'utf8');
  return text.replace(/^\uFEFF/, '');
}
