// Where the environment comes from: the process's own, over a `.env` file in the working directory.
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** The process's environment, with what `.env` adds to it. */
export function loadEnvironment(file = '.env'): NodeJS.ProcessEnv {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return process.env;
    throw error;
  }
  return { ...parseEnv(text), ...process.env };
}
