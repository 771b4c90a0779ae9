// Code blocks and tables of the documentation, for tests to check.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '#platform/process/package-info.js';

/** The code blocks of one language on a page in `docs/`, in order. */
export function codeBlocks(page: string, language: string): string[] {
  const text = readFileSync(join(packageRoot, 'docs', page), 'utf8');
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    .filter((block) => block[1] === language)
    .map((block) => block[2] ?? '');
}

/** The tables on a page in `docs/`: rows of cells, including the head. */
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
