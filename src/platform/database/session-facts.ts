// Checks that a database session has the settings that the service needs.
import { sql } from 'drizzle-orm';
import type { Db } from './database.js';

/** What the server reports about itself and about one connection. */
export interface SessionFacts {
  readonly serverEncoding: string;
  readonly clientEncoding: string;
  readonly dateStyle: string;
  readonly isolation: string;
  readonly standardStrings: string;
  readonly replicationRole: string;
  /** Milliseconds; 0: no timeout, or a server without this setting. */
  readonly transactionTimeout: number;
  readonly searchPath: string;
  /** The schema in which new tables are created; null: none. */
  readonly schema: string | null;
  /** The schema that contains the service's tables; null: none on the search path. */
  readonly tables: string | null;
  /** A schema that contains such tables, whether or not it is on the search path. */
  readonly elsewhere: string | null;
  /** A table or view of another application in `schema`, with a name that the service needs; null: none, or the tables are there already. */
  readonly taken: string | null;
  /** A table whose rows row-level security hides from this role, all of them; null: none. */
  readonly hidden: string | null;
  readonly user: string;
  readonly database: string;
  readonly backend: number;
}

/** Names that other applications use too. */
const NAMES = "('schema_migrations', 'users', 'sessions', 'signing_keys', 'settings', 'audit_events')";

/**
 * A single statement without parameters, which any pooler passes on. Other tools have a table `schema_migrations` as well: only that of the service
 * has a column `hash`.
 */
export const sessionFactsQuery = `
  with own as (
    select n.oid, n.nspname::text as name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relname = 'schema_migrations' and c.relkind = 'r' and n.nspname = any (current_schemas(false))
      and exists (select from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attname = 'hash' and not a.attisdropped)
    order by array_position(current_schemas(false), n.nspname) limit 1)
  select current_setting('server_encoding') as "serverEncoding",
    current_setting('client_encoding') as "clientEncoding",
    current_setting('DateStyle') as "dateStyle",
    current_setting('default_transaction_isolation') as isolation,
    current_setting('standard_conforming_strings') as "standardStrings",
    current_setting('session_replication_role') as "replicationRole",
    coalesce((select setting::int from pg_catalog.pg_settings where name = 'transaction_timeout'), 0) as "transactionTimeout",
    current_setting('search_path') as "searchPath",
    current_schema()::text as schema,
    (select name from own) as tables,
    (select min(n.nspname::text) from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relname = 'schema_migrations' and c.relkind = 'r'
        and exists (select from pg_catalog.pg_class s where s.relnamespace = n.oid and s.relname = 'signing_keys')) as elsewhere,
    (select min(c.relname::text) from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = current_schema() and c.relname in ${NAMES} and not exists (select from own)) as taken,
    (select min(c.relname::text) from pg_catalog.pg_class c
      where c.relnamespace = (select oid from own)
        and c.relname in ${NAMES} and c.relkind = 'r'
        and row_security_active(c.oid) and not exists (select from pg_catalog.pg_policy p where p.polrelid = c.oid)) as hidden,
    session_user::text as "user",
    current_database()::text as database,
    pg_backend_pid() as backend`;

/** Reads the facts over a connection of the application. */
export async function readSessionFacts(db: Pick<Db, 'execute'>): Promise<SessionFacts> {
  const [facts] = await db.execute<{ [name in keyof SessionFacts]: SessionFacts[name] }>(sql.raw(sessionFactsQuery));
  return facts as SessionFacts;
}

/** What prevents the service from working, in one line for the operator; undefined: nothing. */
export function sessionFault(facts: SessionFacts): string | undefined {
  const { serverEncoding, clientEncoding, dateStyle, isolation, standardStrings, replicationRole, hidden } = facts;
  const { taken, elsewhere } = facts;
  if (serverEncoding !== 'UTF8')
    return `the database has the encoding ${serverEncoding}, which cannot store all names and addresses; create it again with: createdb --encoding=UTF8 --template=template0 <name>`;
  if (taken !== null)
    return `the schema ${facts.schema} has a table ${taken} of another application; name another schema in the URL: ?schema=${encodeURIComponent(elsewhere ?? 'latchkey')}`;
  // Some providers enable it on each new table. Without a policy the service would find no account, and could not store any.
  if (hidden !== null)
    return `row-level security hides the rows of the table ${hidden} from the role ${facts.user}; run as the owner of the tables, for each of them: alter table ${hidden} disable row level security`;
  const wrong = [
    clientEncoding === 'UTF8' ? undefined : ['client_encoding', clientEncoding, 'UTF8'],
    dateStyle.startsWith('ISO') ? undefined : ['DateStyle', dateStyle, 'ISO, MDY'],
    isolation === 'read committed' ? undefined : ['default_transaction_isolation', isolation, 'read committed'],
    standardStrings === 'on' ? undefined : ['standard_conforming_strings', standardStrings, 'on'],
    replicationRole === 'origin' ? undefined : ['session_replication_role', replicationRole, 'origin'],
  ].find((each) => each !== undefined);
  if (wrong === undefined) return undefined;
  const [name, value, needed] = wrong;
  return `${name} is ${value} on a connection of the service, which requires ${needed}; run: alter role "${facts.user}" in database "${facts.database}" set ${name} = '${needed}'`;
}

/** A warning if the server ends transactions earlier than the service does: some then fail unnecessarily. */
export function sessionWarning({ transactionTimeout }: SessionFacts): string | undefined {
  if (transactionTimeout === 0 || transactionTimeout >= 2000) return undefined;
  return `transaction_timeout is ${transactionTimeout} ms: transactions that take longer fail, and lose their connection; set it to 2s or more, or to 0`;
}
