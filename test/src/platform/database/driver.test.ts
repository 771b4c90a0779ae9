// The internals of postgres.js that the pool relies on.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import t from 'tap';
import { assertSupportedDriver } from '#platform/database/driver.js';
import { packageRoot } from '#platform/process/package-info.js';

t.test('the installed driver has them, and package.json pins its version', async (t) => {
  const client = postgres('postgres://127.0.0.1:9/nowhere');
  assertSupportedDriver(client);
  const read = (...path: string[]) => JSON.parse(readFileSync(join(packageRoot, ...path), 'utf8'));
  t.equal(read('package.json').dependencies.postgres, read('node_modules', 'postgres', 'package.json').version);
});

t.test('a driver without one of them is refused in one line that names it', async (t) => {
  const query = () => ({
    state: null,
    strings: [],
    args: [],
    origin: '',
    handler: () => {},
    cancel: () => {},
    values: () => {},
    // biome-ignore lint/suspicious/noThenProperty: as a query has it
    then: () => {},
  });
  const driver = (made: object, close: unknown = () => {}) =>
    ({ unsafe: () => made, close }) as unknown as postgres.Sql;
  assertSupportedDriver(driver(query()));
  for (const name of Object.keys(query())) {
    const { [name]: _, ...rest } = query() as Record<string, unknown>;
    t.throws(() => assertSupportedDriver(driver(rest)), {
      name: 'UnsupportedDriver',
      message: `the installed version of the npm package "postgres" is not supported (query.${name} missing); run: npm ci`,
    });
  }
  t.throws(() => assertSupportedDriver(driver(query(), null)), { message: /client\.close/ });
  t.throws(() => assertSupportedDriver(driver({ ...query(), state: 'sent' })), { message: /query\.state/ });
});
