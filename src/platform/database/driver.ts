// The pool uses members of postgres.js that its types do not declare (connection.ts). package.json therefore pins its version, and the
// installed version is checked before the first connection.
import type postgres from 'postgres';

/** The pool does not support the installed version of postgres.js. The message is one line for the operator. */
export class UnsupportedDriver extends Error {
  override readonly name = 'UnsupportedDriver';

  constructor(missing: readonly string[]) {
    super(
      `the installed version of the npm package "postgres" is not supported (${missing.join(', ')} missing); run: npm ci`,
    );
  }
}

/** Throws UnsupportedDriver. `client` does not connect, and no query is sent. */
export function assertSupportedDriver(client: postgres.Sql): void {
  // A query is sent only when it is awaited.
  const query = client.unsafe('select 1') as unknown as Record<string, unknown>;
  const { close } = client as unknown as Record<string, unknown>;
  const isMissing: Readonly<Record<string, boolean>> = {
    'query.state': query.state !== null,
    'query.strings': !Array.isArray(query.strings),
    'query.args': !Array.isArray(query.args),
    'query.handler': typeof query.handler !== 'function',
    'query.cancel': typeof query.cancel !== 'function',
    'query.values': typeof query.values !== 'function',
    'query.then': typeof query.then !== 'function',
    'query.origin': !('origin' in query),
    'client.close': typeof close !== 'function',
  };
  const missing = Object.keys(isMissing).filter((name) => isMissing[name]);
  if (missing.length > 0) throw new UnsupportedDriver(missing);
}
