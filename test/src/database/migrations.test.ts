// latchkey migrate, as deployments run it: again and again, and at once. Killed half-way: test/faults/migrations-killed.test.ts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '../../../src/root.js';
import { emptyDatabase, testDatabase } from '../../support/database.js';
import { connectTo, schemaOf } from '../../support/schema.js';
import { runCommand } from '../../support/service.js';

const migrate = (url: string) => runCommand(['migrate'], { DATABASE_URL: url });

const journal: { entries: unknown[] } = JSON.parse(
  readFileSync(join(packageRoot, 'drizzle', 'migrations', 'meta', '_journal.json'), 'utf8'),
);

t.test('the first run makes the tables, the next one finds nothing to do', async (t) => {
  const url = await emptyDatabase(t);
  for (const run of ['first', 'second']) {
    const { code, stdout, stderr } = await migrate(url);
    t.equal(code, 0, run);
    t.equal(stdout, 'The database is up to date.\n');
    t.equal(stderr, '');
  }
  const whole = await schemaOf(connectTo(t, await testDatabase(t)));
  t.strictSame(await schemaOf(connectTo(t, url)), whole);
  t.equal(whole.applied, journal.entries.length);
});

t.test('two at once on an empty database all succeed, and each migration is applied once', async (t) => {
  const url = await emptyDatabase(t);
  const endings = await Promise.all(Array.from({ length: 2 }, () => migrate(url)));
  t.strictSame(
    endings.map(({ code, stderr }) => ({ code, stderr })),
    endings.map(() => ({ code: 0, stderr: '' })),
  );
  t.strictSame(await schemaOf(connectTo(t, url)), await schemaOf(connectTo(t, await testDatabase(t))));
});
