// F34: all faults for a long time, to find small leaks. FAULTS_SOAK_MINUTES sets the duration; without it the test runs only with
// FAULTS=full.
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import t from 'tap';
import { ownPostgres } from '../support/own-postgres.js';
import { residentMib } from '../support/resources.js';
import type { Service } from '../support/service.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { isFull, report } from './harness/figures.js';
import { startInstance } from './harness/service.js';
import { underLoad } from './harness/under-load.js';

const { FAULTS_SOAK_MINUTES = isFull ? '5' : '0' } = process.env;
const MINUTES = Number(FAULTS_SOAK_MINUTES);
/** Between two faults. */
const QUIET_MILLISECONDS = 15_000;
const skip = MINUTES > 0 ? false : 'runs with FAULTS=full or FAULTS_SOAK_MINUTES';

const openFiles = async ({ pid }: Service) => (await readdir(`/proc/${pid}/fd`)).length;

t.test(
  'F34: memory and open files stay flat under traffic and faults',
  { skip, timeout: (MINUTES + 5) * 60_000 },
  async (t) => {
    const database = await ownPostgres(t);
    const proxy = await startTcpProxy(t, database.url());
    const service = await startInstance(t, proxy.url);
    const memory: number[] = [];
    const files: number[] = [];
    const faults = [
      async () => proxy.cut(),
      async () => {
        await database.stopImmediately();
        proxy.redirect(await database.start());
      },
      async () => {
        proxy.freeze();
        await sleep(3000);
        proxy.thaw();
      },
      async () => {
        proxy.slow({ milliseconds: 200 });
        await sleep(5000);
        proxy.slow();
      },
    ];
    await underLoad(t, {
      fault: 'F34 soak',
      target: () => service,
      databaseUrl: () => database.url(),
      rounds: Math.ceil((MINUTES * 60_000) / QUIET_MILLISECONDS),
      clients: 32,
      perSecond: 100,
      inject: async (round) => {
        await sleep(QUIET_MILLISECONDS);
        memory.push(residentMib(service.pid));
        files.push(await openFiles(service));
        await faults[round % faults.length]?.();
      },
    });
    const admin = postgres(database.url(), { max: 1, onnotice: () => {} });
    const [{ busy = -1 } = {}] = await admin`
    select count(*)::int as busy from pg_stat_activity where application_name = 'latchkey' and state <> 'idle'`;
    await admin.end();
    t.equal(busy, 0, 'no connection is left in a transaction');
    const quarter = Math.max(1, Math.floor(memory.length / 4));
    const mean = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
    const grown = mean(memory.slice(-quarter)) - mean(memory.slice(quarter, 2 * quarter));
    report(t, 'F34 after the soak', {
      minutes: MINUTES,
      'memory, MiB': [memory[0], memory.at(-1)].map((each) => Math.round(each ?? 0)),
      'grown since the second quarter, MiB': Math.round(grown),
      'open files': [files[0], files.at(-1)],
    });
    t.ok(grown < 30 + MINUTES, 'memory is flat');
    t.ok((files.at(-1) ?? 0) < (files[0] ?? 0) + 20, 'the number of open files is flat');
  },
);
