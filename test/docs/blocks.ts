// Finds the command blocks of the documentation, and the output that the pages show for them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '#platform/process/package-info.js';

/** A fenced block of commands. */
export interface CommandBlock {
  readonly page: string;
  /** Its index among the command blocks of its page. */
  readonly at: number;
  readonly language: 'sh' | 'console';
  readonly text: string;
  /** The output block directly after it; empty if there is none. */
  readonly shown: string;
}

/** A fenced block, which may be indented in a list. */
const FENCE = /^( *)```(\w*)\n(.*?)^\1```$/gms;
const OUTPUT = new Set(['text', 'json', 'http']);

/** Every command block of every page. */
export function commandBlocks(): CommandBlock[] {
  const docs = readdirSync(join(packageRoot, 'docs')).filter((name) => name.endsWith('.md'));
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'bench/README.md',
    'examples/react/README.md',
    'examples/second-factors/README.md',
    ...docs.map((name) => `docs/${name}`),
  ];
  return pages.flatMap(blocksOf);
}

function blocksOf(page: string): CommandBlock[] {
  const source = readFileSync(join(packageRoot, page), 'utf8');
  const fences = [...source.matchAll(FENCE)].map(
    ({ index, 0: whole, 1: indent = '', 2: language = '', 3: body = '' }) => ({
      begin: index,
      end: index + whole.length,
      language,
      text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
  const blocks: CommandBlock[] = [];
  for (const [i, { language, text, end }] of fences.entries()) {
    if (language !== 'sh' && language !== 'console') continue;
    const next = fences[i + 1];
    // Only white space may separate a command from its output.
    const follows = next !== undefined && OUTPUT.has(next.language) && source.slice(end, next.begin).trim() === '';
    blocks.push({ page, at: blocks.length, language, text, shown: follows ? next.text : '' });
  }
  return blocks;
}

/** Patterns for the parts that differ at each run, with their placeholders. */
const VARIABLE: readonly [RegExp, string][] = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<JWT>'],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<UUID>'],
  [/(?<![\w-])[\w-]{43}(?![\w-])/g, '<KEY>'],
  [/\b\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?/g, '<TIME>'],
  [/\blocalhost:\d+/g, 'localhost:<PORT>'],
  [/\b\d+ rows\b/g, '<N> rows'],
  [/\b\d+ bytes\b/g, '<N> bytes'],
  [/\bPostgres \d+\.\d+ /g, 'Postgres <VERSION> '],
  [/\bcli:\w+/g, 'cli:<WHO>'],
  [/(request[-_]id"?: ?"?)[\w-]+/gi, '$1<ID>'],
];

/** The lines in a form that can be compared: placeholders for the parts that differ at each run, and single spaces. */
export function comparable(text: string): string[] {
  const replaced = VARIABLE.reduce((changed, [pattern, by]) => changed.replace(pattern, by), text);
  return replaced
    .split(/\r?\n/)
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
}

/** The lines of `shown` that `output` does not contain in this order. */
export function missingLines(shown: string, output: string): string[] {
  const there = comparable(output);
  let from = 0;
  return comparable(shown).filter((line) => {
    const at = there.indexOf(line, from);
    if (at !== -1) from = at + 1;
    return at === -1;
  });
}
