// What the documentation tells its readers to run, for tests to run.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '#platform/process/package-info.js';

/** The code blocks of one language on a page below `docs/`, in their order. */
export function codeBlocks(page: string, language: string): string[] {
  const text = readFileSync(join(packageRoot, 'docs', page), 'utf8');
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    .filter((block) => block[1] === language)
    .map((block) => block[2] ?? '');
}

/** The tables on a page below `docs/`: rows of cells, the head among them. */
export function tables(page: string): string[][][] {
  const text = readFileSync(join(packageRoot, 'docs', page), 'utf8');
  return [...text.matchAll(/(?:^\|.*\n)+/gm)].map(([table]) =>
    table
      .split('\n')
      .filter((line) => line !== '' && !/^[|-]+$/.test(line))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ),
  );
}
