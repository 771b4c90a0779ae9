// The pool relies on members of postgres.js that its types do not promise (connection.ts): package.json names one version of it, and what
// is installed is looked at before the first connection.
import type postgres from 'postgres';

/** The installed postgres.js is not one that the pool can work with. The message is one line for the operator. */
export class UnsupportedDriver extends Error {
  override readonly name = 'UnsupportedDriver';

  constructor(missing: readonly string[]) {
    super(
      `the installed npm package "postgres" is not the version that Latchkey works with (without ${missing.join(', ')}); run: npm ci`,
    );
  }
}

/** Throws UnsupportedDriver. `client` is not connected, and no query is sent. */
export function assertDriver(client: postgres.Sql): void {
  // A query does nothing before it is awaited.
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
