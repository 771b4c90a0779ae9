// Reads a CPU profile of `npm run bench -- --profile <folder>`: where the time went, by part and by function.
// node dist/bench/profile.js <file.cpuprofile> [how many of its last seconds, 5 by default]
import { readFileSync } from 'node:fs';

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

const SHOWN = 25;
const [, , file = '', seconds = '5'] = process.argv;

const { nodes, samples, timeDeltas }: Profile = JSON.parse(readFileSync(file, 'utf8'));
const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
const byPart = new Map<string, number>();
const byFunction = new Map<string, number>();
let total = 0;
// From the end: before that the service started and warmed up.
for (let i = samples.length - 1, left = Number(seconds) * 1e6; i >= 0 && left > 0; i -= 1) {
  const time = timeDeltas[i] ?? 0;
  left -= time;
  const frame = frames.get(samples[i] ?? 0);
  if (frame === undefined || frame.functionName === '(idle)') continue;
  const { functionName, url, lineNumber } = frame;
  const part = partOf(functionName, url);
  total += time;
  add(byPart, part, time);
  add(byFunction, `${functionName || '(anonymous)'} ${shortened(url)}${url === '' ? '' : `:${lineNumber + 1}`}`, time);
}
print('| part | self time |', byPart);
print('| function | self time |', byFunction);

function partOf(functionName: string, url: string): string {
  if (url === '')
    return functionName === '(garbage collector)' || functionName === '(program)' ? functionName : 'native';
  if (url.startsWith('node:')) return `node: ${url.slice(5).split('/').slice(0, 2).join('/')}`;
  const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(url)?.[1];
  return name ?? (/\/dist\//.test(url) ? 'ours' : 'generated');
}

function shortened(url: string): string {
  return url.replace(/^.*\/(?:node_modules|dist)\//, '');
}

function add(sums: Map<string, number>, key: string, time: number): void {
  sums.set(key, (sums.get(key) ?? 0) + time);
}

function print(head: string, sums: ReadonlyMap<string, number>): void {
  const lines = [...sums]
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
    .map(([name, time]) => `| ${name} | ${((100 * time) / total).toFixed(1)} % |`);
  process.stdout.write(`${head}\n|---|---|\n${lines.join('\n')}\n\n`);
}
