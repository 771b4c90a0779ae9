// Keeps the benchmark working: how it aggregates rounds, its usage errors, and the statement of its refresh reference.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import t from 'tap';
import { packageRoot } from '#platform/process/package-info.js';
import { createSessionsRepository } from '#sessions/repository.js';
import type { Found } from '../../bench/cells.js';
import { UPDATE_STATEMENT } from '../../bench/references/update-statement.js';
import { rowOf } from '../../bench/results.js';
import { testDatabase } from '../support/database.js';

const PROGRAM = join(packageRoot, 'dist', 'bench', 'run.js');
const run = promisify(execFile);

t.test('several rounds are reported as medians, and a goal is compared with the median', async (t) => {
  const round = (rate: number, ratio: number): Found => ({
    measurements: [
      {
        program: 'hello',
        operations: 10,
        seconds: 1,
        wrong: rate === 3 ? 1 : 0,
        firstWrong: [],
        tokens: [],
        rate,
        p50: 1,
        p99: 2,
        cpu: 30,
        postgresCpu: 0,
        otherCores: 0,
      },
    ],
    goals: [
      { what: 'at most', values: [ratio], most: 1.3 },
      { what: 'at least', values: [ratio], least: 1.3 },
      { what: 'undetermined', values: [ratio], most: 1.3, undetermined: 'too few cores' },
    ],
  });
  const { programs, goals } = rowOf('verify', 'GET /api/verify/', [round(3, 1.25), round(1, 9), round(2, 1.2)]);
  t.strictSame(
    programs.map(({ rate, operations, wrong }) => ({ rate, operations, wrong })),
    [{ rate: { median: 2, least: 1, greatest: 3 }, operations: 30, wrong: 1 }],
  );
  t.strictSame(
    goals.map(({ what, value: { median }, reached }) => [what, median, reached]),
    [
      ['at most', 1.25, true],
      ['at least', 1.25, false],
      ['undetermined', 1.25, null],
    ],
  );
});

t.test('an unknown cell or option is reported together with the valid ones', async (t) => {
  for (const [args, said] of [
    [['--only', 'nothing'], 'there is no cell nothing'],
    [['--seconds', '60'], '--seconds must be from'],
    [['--unknown'], '--unknown'],
  ] as const) {
    const failed = await run(process.execPath, [PROGRAM, ...args]).catch((error) => error);
    t.equal(failed.code, 2, said);
    t.match(failed.stderr, said);
    t.match(failed.stderr, '--only <cells>');
  }
});

t.test('the reference program of refresh sends the same SQL statement as the service', async (t) => {
  const client = postgres(await testDatabase(t), { max: 1, onnotice: () => {} });
  t.teardown(() => client.end());
  const sent: string[] = [];
  const db = drizzle(client, { logger: { logQuery: (query) => sent.push(query) } });
  const nothing = Buffer.alloc(0);
  const rotation = {
    address: { userId: 1, sessionId: 1, generation: 0 },
    currentHash: nothing,
    nextHash: nothing,
    retryKey: nothing,
  };
  await createSessionsRepository(db as never).rotate(rotation, { lifetime: 1, maxLifetime: 0 });
  t.strictSame(sent, [UPDATE_STATEMENT]);
});
