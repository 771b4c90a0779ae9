// Keeps the benchmark working: one cell is measured briefly. (It is a fault test because it loads the machine.)
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import type { Results } from '../../bench/results.js';
import { hasProcfs } from '../support/resources.js';

const PROGRAM = join(import.meta.dirname, '..', '..', 'bench', 'run.js');
const run = promisify(execFile);

const skip = hasProcfs ? false : 'the cost of processes is read from /proc';

t.test('a cell and its references are measured, compared with the goals, printed and saved', { skip }, async (t) => {
  const file = join(t.testdir(), 'results.json');
  const short = ['--rounds', '1', '--seconds', '1', '--warm-up', '0', '--results', file];
  const { stdout } = await run(process.execPath, [PROGRAM, '--only', 'refresh', ...short]);
  const { machine, rows }: Results = JSON.parse(readFileSync(file, 'utf8'));

  for (const name of ['processor', 'node', 'postgres', 'fastify', 'commit', 'date'] as const) t.ok(machine[name], name);
  t.ok(machine.cores >= 1);
  t.strictSame(
    rows.map(({ cell, programs }) => [cell, programs.map(({ program }) => program)]),
    [['refresh', ['update', 'hello', 'refresh']]],
  );
  for (const { cell, programs, goals } of rows) {
    for (const { program, operations, wrong, rate, p50, p99, cpu } of programs) {
      const what = `${cell}, ${program}`;
      t.ok(operations > 0, what);
      t.equal(wrong, 0, `${what}: all answers are correct`);
      for (const { median } of [rate, p50, p99, cpu]) t.ok(median > 0, what);
      t.ok(p50.median <= p99.median, what);
      t.match(stdout, `| ${cell} | ${program} | `);
    }
    t.ok(goals.length > 0, cell);
    for (const { what, value, most, least, reached } of goals) {
      t.ok(value.median > 0, what);
      t.equal(reached, most === undefined ? value.median >= Number(least) : value.median <= most, what);
      t.match(stdout, `| ${what} | `);
    }
  }
  const postgresCpu = rows.flatMap(({ programs }) => programs).find(({ program }) => program === 'update')?.postgresCpu;
  t.ok((postgresCpu?.median ?? 0) > 0, 'the CPU time of Postgres is measured');
});
