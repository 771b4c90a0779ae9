// SQL conditions on throttles, for the repositories that need them.
import { type SQL, sql } from 'drizzle-orm';
import { throttles } from '#drizzle/schema.js';

/**
 * Whether an account has logged in from a network lately. `keys` are those of `Throttles.networkKeys`; undefined: the network is not known.
 */
export function isKnownNetwork(keys: readonly Buffer[] | undefined): SQL {
  if (keys === undefined) return sql`false`;
  const each = sql.join(
    keys.map((key) => sql`${key}::bytea`),
    sql`, `,
  );
  return sql`exists (select 1 from ${throttles} where key in (${each}) and known_until > now())`;
}
