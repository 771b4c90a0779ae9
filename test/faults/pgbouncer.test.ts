// PgBouncer in transaction mode is killed, paused and reloaded under traffic. FAULTS=full: more rounds.
import t from 'tap';
import { testDatabase } from '../support/database.js';
import { CHAINS, countLost, startLoad, untilServed, untilTraffic } from '../support/load.js';
import { pgbouncerMissing, startPgbouncer } from '../support/pgbouncer.js';
import { rowsOf } from '../support/rows.js';
import { startService } from '../support/service.js';
import { until } from '../support/until.js';
import { figure } from './harness/figures.js';

const ROUNDS = figure(2, 20);

t.test(
  'nothing acknowledged is lost, and no session state is left on a shared connection',
  { skip: pgbouncerMissing },
  async (t) => {
    const directUrl = await testDatabase(t);
    const pooler = await startPgbouncer(t, directUrl);
    const service = await startService(t, pooler.url, { DATABASE_POOLER: 'transaction' });
    const load = startLoad(service);
    const unavailable = () => load.statuses.get('503 database_unavailable') ?? 0;
    await untilTraffic(load, 'at first');

    const faults = {
      kill: async () => {
        await pooler.kill();
        await until('a request is answered 503', () => unavailable() > 0);
        await pooler.restart();
      },
      pause: async () => {
        const before = unavailable();
        pooler.pause();
        await until('waiting requests are answered 503', () => unavailable() > before);
        pooler.resume();
      },
      reload: async () => void pooler.reload(),
    };
    for (let round = 1; round <= ROUNDS; round++) {
      for (const [what, fault] of Object.entries(faults)) {
        await fault();
        await untilServed(service, load);
        await untilTraffic(load, `after ${what} ${round}`, 20);
      }
    }
    const sessions = await load.stop();
    t.comment(load.statuses);
    t.equal(service.child.exitCode, null, 'the service is the same process');
    const unexpected = [...load.statuses.keys()].filter(
      (status) => !/^(200|201|503 database_unavailable)$/.test(status),
    );
    t.strictSame(unexpected, [], 'every request was either done or answered 503');
    t.ok(load.ended.length > 0 && sessions.length === CHAINS, 'there was traffic');
    t.strictSame(await countLost(service, load, sessions), { accounts: 0, refreshes: 0, logouts: 0 });

    // State on a server connection would be seen by the next client that uses it.
    const rows = rowsOf(t, directUrl);
    const pooled = await rows<{ query: string }[]>`
    select query from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
    t.ok(pooled.length > 0);
    t.strictSame(
      pooled.filter(({ query }) => /^(listen|set|prepare) /i.test(query)),
      [],
    );
  },
);
