// SQL conditions on tokens that are sent by mail, for the repositories that need them.
import { type SQL, sql } from 'drizzle-orm';

/** What a token is bound to by a password hash. An account without a password has a digest too, so that it must still have none. */
export function passwordDigestOf(passwordHash: SQL): SQL {
  return sql`sha256(convert_to(coalesce(${passwordHash}, ''), 'UTF8'))`;
}
