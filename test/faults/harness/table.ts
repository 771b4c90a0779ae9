// Prints what the fault tests have measured as a table: node dist/test/faults/harness/table.js <file of FAULTS_REPORT>
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
  const text = Object.entries(measured).map(([name, value]) => `${name}: ${printed(value)}`);
  print(`| ${fault} | ${text.join(' · ')} |`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** On one line, without the signs of JSON. */
function printed(value: unknown): string {
  if (typeof value === 'number') return String(Math.round(value * 1000) / 1000);
  if (Array.isArray(value)) return value.map(printed).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return `(${Object.entries(value)
    .map(([name, each]) => `${name}: ${printed(each)}`)
    .join(', ')})`;
}
