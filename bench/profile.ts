// npm run bench:profile -- <file> [seconds]: summarizes the last seconds of a CPU profile by component and by function.
import { readFileSync } from 'node:fs';

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly children?: readonly number[];
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds since the previous sample. */
  readonly timeDeltas: readonly number[];
}

type Frame = Profile['nodes'][number]['callFrame'];

const SHOWN = 25;
const [, , file = '', seconds = '5'] = process.argv;

const { nodes, samples, timeDeltas }: Profile = JSON.parse(readFileSync(file, 'utf8'));
const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
const byPart = new Map<string, number>();
const byFunction = new Map<string, number>();
/** The time of our own functions, including the functions that they call. */
const within = new Map<string, number>();
const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
let total = 0;
// Counted from the end, because the profile begins with the start and the warm-up of the service.
for (let i = samples.length - 1, left = Number(seconds) * 1e6; i >= 0 && left > 0; i -= 1) {
  const time = timeDeltas[i] ?? 0;
  left -= time;
  const frame = frames.get(samples[i] ?? 0);
  if (frame === undefined || frame.functionName === '(idle)') continue;
  total += time;
  add(byPart, partOf(frame), time);
  add(byFunction, nameOf(frame), time);
  for (const name of ownCallers(samples[i])) add(within, name, time);
}
print('| part | self time |', byPart);
print('| function | self time |', byFunction);
print('| function of ours | with all that it calls |', within);

function partOf({ functionName, url }: Frame): string {
  if (url === '')
    return functionName === '(garbage collector)' || functionName === '(program)' ? functionName : 'native';
  if (url.startsWith('node:')) return `node: ${url.slice(5).split('/').slice(0, 2).join('/')}`;
  const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(url)?.[1];
  return name ?? (/\/dist\//.test(url) ? 'ours' : 'generated');
}

function nameOf({ functionName, url, lineNumber }: Frame): string {
  const name = functionName || '(anonymous)';
  return url === '' ? name : `${name} ${url.replace(/^.*\/(?:node_modules|dist)\//, '')}:${lineNumber + 1}`;
}

/** Counts each function once, even if it is on the stack several times. */
function ownCallers(sample: number | undefined): Set<string> {
  const names = new Set<string>();
  for (let id = sample; id !== undefined; id = callers.get(id)) {
    const frame = frames.get(id);
    if (frame !== undefined && partOf(frame) === 'ours') names.add(nameOf(frame));
  }
  return names;
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
