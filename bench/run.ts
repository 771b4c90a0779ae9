// npm run bench: measures the service and its references in rounds, prints a table, and writes results.json.
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '#platform/process/package-info.js';
import { createBench, FEW, type Options } from './bench.js';
import { type Cell, cells, type Found } from './cells.js';
import { peerCells } from './peer-cells.js';
import { findPeers } from './peers.js';
import { describeMachine, loadOfMachine, type Results, rowOf, tableOf } from './results.js';

const USAGE = `npm run bench -- [options]
  --peers            the same operations of FastAPI, Express and Django beside those of Latchkey, as far as they are installed
  --only <cells>     some of them, comma-separated: ${Object.keys(cells).join(',')}
  --rounds <n>       how often each is measured, 3 by default
  --seconds <n>      how long each time, 5 by default
  --warm-up <n>      seconds before that, 4 by default; both together at most 15: access tokens live for 30
  --connections <n>  of the load, 64 by default
  --users <n>        how many users are many, 1,000,000 by default
  --requests <n>     mixed requests for the memory, 100,000 by default
  --env <name=value> a variable of the measured service; can be repeated
  --profile <folder> every service leaves a CPU profile there, and is slower for it
  --results <file>   where the results go, bench/results.json by default
`;

function readOptions() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      peers: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '5' },
      'warm-up': { type: 'string', default: '4' },
      connections: { type: 'string', default: '64' },
      users: { type: 'string', default: '1000000' },
      requests: { type: 'string', default: '100000' },
      env: { type: 'string', multiple: true, default: [] },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
      results: { type: 'string', default: join(packageRoot, 'bench', 'results.json') },
    },
  });
  const number = (
    name: 'rounds' | 'seconds' | 'warm-up' | 'connections' | 'users' | 'requests',
    least: number,
    most = Infinity,
  ) => {
    const value = Number(values[name]);
    if (!(value >= least && value <= most)) throw new Error(`--${name} must be from ${least} to ${most}`);
    return value;
  };
  const options: Options = {
    rounds: number('rounds', 1),
    seconds: number('seconds', 0.1, 15),
    warmUp: number('warm-up', 0, 15 - Number(values.seconds)),
    connections: number('connections', 1, FEW),
    users: number('users', 100 * FEW),
    requests: number('requests', 100),
    env: Object.fromEntries(values.env.map((pair) => [pair.split('=', 1)[0] ?? '', pair.slice(pair.indexOf('=') + 1)])),
    ...(values.profile !== undefined && { profile: resolve(values.profile) }),
  };
  const { only, peers, results: file, help } = values;
  const known = Object.keys(peers ? peerCells([]) : cells);
  const names = only?.split(',') ?? known;
  for (const name of names) if (!known.includes(name)) throw new Error(`there is no cell ${name}`);
  return { options, names, peers, file, help };
}

async function run({ options, names, peers, file }: ReturnType<typeof readOptions>): Promise<boolean> {
  if (process.platform !== 'linux')
    throw new Error('the benchmark requires Linux, because it reads processor times from /proc');
  const found = peers ? findPeers((line) => process.stderr.write(`${line}\n`)) : undefined;
  try {
    const available = found === undefined ? cells : peerCells(found.peers);
    const chosen = names.map((name) => ({ name, ...(available[name] as Cell) }));
    for (const { name, versions } of found?.peers ?? []) process.stdout.write(`${name}: ${versions}\n`);
    return await measureAll(chosen, options, file);
  } finally {
    found?.remove();
  }
}

async function measureAll(
  chosen: readonly (Cell & { readonly name: string })[],
  options: Options,
  file: string,
): Promise<boolean> {
  const loadBefore = loadOfMachine();
  const bench = await createBench(options);
  let failed = false;
  let interrupted = false;
  // The first signal stops all processes and removes the data; a second one ends the run immediately.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupted = true;
    });
  }
  try {
    const found = new Map<string, Found[]>(chosen.map(({ name }) => [name, []]));
    // Rounds are the outer loop, so that a temporary load of the machine affects one round of all cells.
    for (let round = 0; round < options.rounds; round += 1) {
      for (const { name, title, run } of chosen) {
        if (interrupted) return false;
        process.stderr.write(`round ${round + 1} of ${options.rounds}: ${title}\n`);
        try {
          const each = await run(bench, round);
          for (const { program, firstWrong } of each.measurements) {
            for (const wrong of firstWrong) process.stderr.write(`  wrong, ${program}: ${wrong}\n`);
          }
          found.get(name)?.push(each);
        } catch (error) {
          // The run continues with the other cells.
          failed = true;
          process.stderr.write(`  failed: ${(error as Error).stack}\n`);
        }
      }
    }
    const rows = chosen.map(({ name, title }) => rowOf(name, title, found.get(name) ?? []));
    const results: Results = { machine: describeMachine(bench.server.version, loadBefore), options, rows };
    writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
    process.stdout.write(`${tableOf(results)}\n`);
    return !failed && rows.every(({ programs }) => programs.every(({ wrong }) => wrong === 0));
  } finally {
    await bench.stop();
  }
}

let given: ReturnType<typeof readOptions> | undefined;
try {
  given = readOptions();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
  process.exitCode = 2;
}
if (given?.help) process.stdout.write(USAGE);
// A missed goal is shown in the table. Wrong responses fail the run, because their measurement means nothing.
else if (given !== undefined && !(await run(given))) process.exitCode = 1;
