// Prints the measurements of the fault tests as a Markdown table: node dist/test/faults/harness/table.js <file of FAULTS_REPORT>
import { readFileSync } from 'node:fs';

interface Line {
  readonly fault: string;
  readonly measured: Readonly<Record<string, unknown>>;
}

const [, , file = ''] = process.argv;
const lines = readFileSync(file, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line): Line => JSON.parse(line))
  .sort((a, b) => a.fault.localeCompare(b.fault));

print('| fault | measured |\n|---|---|');
for (const { fault, measured } of lines) {
  const text = Object.entries(measured).map(([name, value]) => `${name}: ${format(value)}`);
  print(`| ${fault} | ${text.join(' · ')} |`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A value on one line, without JSON punctuation. */
function format(value: unknown): string {
  if (typeof value === 'number') return String(Math.round(value * 1000) / 1000);
  if (Array.isArray(value)) return value.map(format).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return `(${Object.entries(value)
    .map(([name, each]) => `${name}: ${format(each)}`)
    .join(', ')})`;
}
