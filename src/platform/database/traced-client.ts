// Traces the statements and transactions of a client, by the names of the statements.
import type postgres from 'postgres';
import type { SpanOptions, Tracer } from '#platform/tracing/tracer.js';
import { override } from './override.js';

type Unsafe = (text: string, ...rest: readonly unknown[]) => PromiseLike<unknown> & { values(): PromiseLike<unknown> };
type Run = (transaction: postgres.TransactionSql) => unknown;

const options: SpanOptions = { kind: 'client', attributes: { 'db.system.name': 'postgresql' } };

/** Returns a client for Drizzle, which uses `unsafe` and `begin` only. */
export function tracedClient(client: postgres.Sql, { trace }: Tracer, nameOf: (text: string) => string): postgres.Sql {
  const traced = <T extends object>(target: T): T => {
    const unsafe: Unsafe = (text, ...rest) => {
      // Sent when it is awaited.
      const query = () => (target as unknown as { unsafe: Unsafe }).unsafe(text, ...rest);
      return {
        // biome-ignore lint/suspicious/noThenProperty: it stands in for a query, which is a thenable
        then: (...settle) => trace(nameOf(text), async () => query(), options).then(...settle),
        values: () => trace(nameOf(text), async () => query().values(), options),
      };
    };
    return override(target, { unsafe });
  };
  const begin = (run: Run) =>
    trace('transaction', () => client.begin(async (transaction) => run(traced(transaction))), options);
  return override(traced(client), { begin });
}
